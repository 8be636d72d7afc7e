/** One supervised process: its mailbox, and its lives, one after the other. */
import {
  N2OError,
  type Process,
  type ProcessContext,
  type ProcessOptions,
  Queue,
} from '@n2o/shared';
import { Intensity } from './intensity.ts';
import type { Letter } from './letter.ts';
import { type Fault, Life } from './life.ts';

const MAILBOX = 1_000;
const INTENSITY = { count: 5, period: 10_000 } as const;

export interface ProcessSettings {
  readonly options: ProcessOptions<unknown>;
  readonly about: Omit<ProcessContext, 'signal'>;
  readonly now: () => number;
  /** Milliseconds that what is under way has to come to its end. */
  readonly grace: number;
  readonly onEnd: () => void;
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

export class SupervisedProcess implements Process {
  readonly name: string;
  readonly owner: string | undefined;
  /** Resolves when it has ended, and nothing of it is under way any more. */
  readonly ended: Promise<void>;
  readonly #settings: ProcessSettings;
  readonly #mailbox = new Queue<Letter>();
  readonly #intensity: Intensity;
  #status: Process['status'] = 'starting';
  #restarts = 0;
  #life: Life;
  /** Those who wait until it runs. */
  #waiters: Waiter[] = [];

  constructor(settings: ProcessSettings) {
    const { options, now } = settings;
    const { count, period } = options.intensity ?? INTENSITY;
    this.name = options.name;
    this.owner = options.owner;
    this.#settings = settings;
    this.#intensity = new Intensity(count, period, now);
    this.#life = this.#newLife();
    this.ended = this.#exist();
  }

  get status(): Process['status'] {
    return this.#status;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get waiting(): number {
    return this.#mailbox.size;
  }

  /** Resolves when it runs. @throws N2O_PROCESS_UNKNOWN when it has ended, and what its first `init` throws */
  running(): Promise<void> {
    if (this.#status === 'running') return Promise.resolve();
    return new Promise((resolve, reject) => {
      if (this.#status === 'ended') reject(this.#unknown());
      else this.#waiters.push({ resolve, reject });
    });
  }

  /** @throws N2O_PROCESS_UNKNOWN, N2O_PROCESS_FULL */
  post(letter: Letter): void {
    const { mailbox = MAILBOX } = this.#settings.options;
    if (this.#status === 'ended') throw this.#unknown();
    if (this.#mailbox.size >= mailbox) throw new N2OError('N2O_PROCESS_FULL');
    this.#mailbox.push(letter);
    this.#life.wake();
  }

  /** Resolves when it runs anew. @throws N2O_PROCESS_UNKNOWN */
  restart(): Promise<void> {
    this.#leave('restarting');
    return this.running();
  }

  /** Resolves when it has ended. */
  stop(): Promise<void> {
    this.#leave('ended');
    return this.ended;
  }

  #leave(status: 'restarting' | 'ended'): void {
    if (this.#status === 'ended') return;
    this.#status = status;
    this.#life.end();
  }

  /** Lives, and lives again, until it is stopped or has failed too often. */
  async #exist(): Promise<void> {
    // Who makes it has it before anything of it runs.
    await Promise.resolve();
    for (;;) {
      const fault = await this.#life.live();
      if (fault) this.#fail(fault);
      if (this.#status === 'ended') break;
      this.#status = 'restarting';
      this.#restarts++;
      this.#life = this.#newLife();
      // One that fails again and again, as it may, leaves others their turn.
      if (fault) await new Promise((turn) => setImmediate(turn));
    }
    for (const { reject } of this.#waiters.splice(0)) reject(this.#unknown());
    for (const { sender } of this.#mailbox) sender?.refuse(this.#unknown());
    this.#settings.onEnd();
  }

  #newLife(): Life {
    const { options, about, grace } = this.#settings;
    const onBegin = () => {
      this.#status = 'running';
      for (const { resolve } of this.#waiters.splice(0)) resolve();
    };
    return new Life({ options, about, grace, mailbox: this.#mailbox, onBegin });
  }

  /** Decides whether it lives again. Who starts it is told of the first `init`. */
  #fail({ thrown }: Fault): void {
    const { options, about } = this.#settings;
    if (this.#status === 'starting') {
      this.#status = 'ended';
      for (const { reject } of this.#waiters.splice(0)) reject(thrown);
      return;
    }
    about.log.error({ err: thrown }, 'the process failed');
    if (options.restart !== 'temporary' && !this.#intensity.isExceeded()) return;
    this.#status = 'ended';
    about.log.error({}, 'the process has ended, and is not started again');
  }

  #unknown(): N2OError {
    return new N2OError('N2O_PROCESS_UNKNOWN', `there is no process ${this.name} any more`);
  }
}
