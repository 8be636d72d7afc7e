/** Many devices in this process, each with its numbered requests: light, steady, and in bursts. */
import { vnodeOf } from '@n2o/shared';
import { Device } from './device.ts';
import { Findings } from './findings.ts';
import { KINDS } from './kinds.ts';
import type { Random } from './random.ts';
import { VNODES } from './shares.ts';

export interface LoadOptions {
  readonly port: number;
  readonly random: Random;
  /** Clients subscribe by themselves and compute their vnodes, as a broker that knows nothing of N2O wants it. */
  readonly plain: boolean;
}

const CLIENTS = 200;
/** Requests per second, of all of them. */
const RATE = 300;
const WINDOW = 4;
/** Milliseconds. */
const TICK = 20;

export class Load {
  readonly findings = new Findings();
  readonly devices: readonly Device[];
  readonly #random: Random;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting = new Set<() => boolean>();
  #asking = false;
  #due = 0;

  constructor(options: LoadOptions) {
    this.#random = options.random;
    this.devices = Array.from({ length: CLIENTS }, (_, i) => this.#device(i, options));
    this.#timer = setInterval(() => this.#pass(), TICK);
  }

  /** From now on, until `pause`, requests are asked. */
  start(): void {
    this.#asking = true;
  }

  pause(): void {
    this.#asking = false;
  }

  /** Every device asks all that its window takes, now. */
  surge(): void {
    for (const device of this.devices) while (device.ask());
  }

  /** Resolves when so many more answers were heard. */
  async answers(count: number): Promise<void> {
    const target = this.findings.of('answers') + count;
    await this.#until(() => this.findings.of('answers') >= target);
  }

  /** Resolves when every device is connected. */
  async ready(): Promise<void> {
    await this.#until(() => this.devices.every((device) => device.isReady));
  }

  /** Resolves when every request is answered. */
  async idle(): Promise<void> {
    await this.#until(() => this.devices.every(({ requests }) => requests.open.size === 0));
  }

  /** Every device asks once more: the count in the answer tells how often its module was called. */
  async last(): Promise<void> {
    await this.ready();
    for (const device of this.devices) device.ask();
    await this.idle();
  }

  end(): void {
    clearInterval(this.#timer);
    for (const device of this.devices) device.leave();
  }

  #pass(): void {
    const now = performance.now();
    for (const device of this.devices) device.look(now);
    this.#due = this.#asking ? this.#due + (RATE * TICK) / 1000 : 0;
    while (this.#due >= 1) this.#due -= this.#burst();
    this.#look();
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }

  /** One device asks up to as much as its window takes. */
  #burst(): number {
    const device = this.#random.pick(this.devices);
    const most = this.#random.whole(1, WINDOW);
    for (let asked = 0; asked < most; asked++) if (!device.ask()) break;
    return most;
  }

  #until(reached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!reached()) return false;
        this.#waiting.delete(look);
        resolve();
        return true;
      };
      if (!look()) this.#waiting.add(look);
    });
  }

  /** Every kind of request with every quality of service and with both kinds of sessions. */
  #device(i: number, { port, plain }: LoadOptions): Device {
    const client = `device-${i}`;
    const kind = KINDS[i % KINDS.length] as (typeof KINDS)[number];
    const node = plain ? vnodeOf(client, VNODES) : '';
    return new Device({
      client,
      port,
      kind,
      qos: i % 2 === 0 ? 1 : 2,
      kept: i % 5 !== 0,
      topic: `events/1/${node}/${kind.module}/${client}`,
      filter: plain ? `actions/1/${kind.module}/${client}` : undefined,
      window: WINDOW,
      findings: this.findings,
      heard: () => this.#look(),
    });
  }
}
