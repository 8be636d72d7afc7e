/** One life of a process: from its first state, message by message, to its last. */
import {
  Answered,
  N2OError,
  type ProcessContext,
  type ProcessOptions,
  type Queue,
} from '@n2o/shared';
import { isThenable } from '../../protocols/thenable.ts';
import type { Letter } from './letter.ts';
import { OVERDUE, Patience } from './patience.ts';

/** Messages after which others of the same thread have their turn. */
const TURN = 100;

export interface LifeSettings {
  readonly options: ProcessOptions<unknown>;
  readonly about: Omit<ProcessContext, 'signal'>;
  readonly mailbox: Queue<Letter>;
  /** Milliseconds that what is under way has to come to its end. */
  readonly grace: number;
  /** Told when it has its first state, unless it is to end by then. */
  readonly onBegin: () => void;
}

/** What ended a life that nobody had asked to end. */
export interface Fault {
  readonly thrown: unknown;
}

export class Life {
  readonly #settings: LifeSettings;
  readonly #self: ProcessContext;
  readonly #patience: Patience;
  readonly #end = new AbortController();
  #wake = () => {};

  constructor(settings: LifeSettings) {
    this.#settings = settings;
    this.#self = { ...settings.about, signal: this.#end.signal };
    this.#patience = new Patience(settings.grace);
  }

  /** Has it come to its end, after what is under way. */
  end(): void {
    this.#end.abort();
    this.#patience.lose();
    this.#wake();
  }

  /** There is a message. */
  wake(): void {
    this.#wake();
  }

  /** Resolves when it is over; with what it failed over, if it did. */
  async live(): Promise<Fault | undefined> {
    const { init, terminate } = this.#settings.options;
    try {
      const first = await this.#underWay(init?.(this.#self));
      if (first === OVERDUE) return undefined;
      if (!this.#isEnding) this.#settings.onBegin();
      const { last, fault } = await this.#serve(first);
      if (last === OVERDUE) return undefined;
      await this.#terminate(last, terminate);
      return fault;
    } catch (thrown) {
      return this.#faultOf(thrown);
    } finally {
      this.#patience.close();
    }
  }

  get #isEnding(): boolean {
    return this.#end.signal.aborted;
  }

  /** Handles one message after the other. Returns the last state, and what made it the last. */
  async #serve(first: unknown): Promise<{ last: unknown; fault?: Fault | undefined }> {
    const { options, mailbox } = this.#settings;
    let state = first;
    for (let handled = 1; !this.#isEnding; handled++) {
      if (handled % TURN === 0) await new Promise((turn) => setImmediate(turn));
      const letter = mailbox.shift();
      if (letter === undefined) {
        await this.#something();
        continue;
      }
      try {
        const result = options.proc(letter.message, state, this.#self);
        const next = isThenable(result) ? await this.#underWay(result) : result;
        if (next === OVERDUE) return this.#abandon(letter);
        state = next instanceof Answered ? next.state : next;
        letter.sender?.answer(next instanceof Answered ? next.reply : undefined);
      } catch (thrown) {
        letter.sender?.refuse(new N2OError('N2O_PROCESS_FAILED', undefined, { cause: thrown }));
        return { last: state, fault: this.#faultOf(thrown) };
      }
    }
    return { last: state };
  }

  #abandon({ sender }: Letter): { last: typeof OVERDUE } {
    sender?.refuse(new N2OError('N2O_PROCESS_FAILED', 'the process was given up over the message'));
    return { last: OVERDUE };
  }

  /** Waits until there is a message, or an end. */
  async #something(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = () => {};
  }

  async #terminate(last: unknown, terminate: ProcessOptions<unknown>['terminate']): Promise<void> {
    this.#patience.lose();
    try {
      await this.#underWay(terminate?.(last));
    } catch (thrown) {
      this.#self.log.error({ err: thrown }, 'terminate of the process threw');
    }
  }

  async #underWay(work: unknown): Promise<unknown> {
    if (!isThenable(work)) return work;
    const result = await this.#patience.wait(work);
    if (result === OVERDUE) this.#self.log.warn({}, 'the process was given up over what it did');
    return result;
  }

  /** What fails because it is to end has not failed. */
  #faultOf(thrown: unknown): Fault | undefined {
    if (!this.#isEnding) return { thrown };
    this.#self.log.debug({ err: thrown }, 'the process failed as it was ended');
    return undefined;
  }
}
