/** Kills what a system is made of, at random and again and again, while devices are answered. */
import { vnodeOf } from '@n2o/shared';
import type { Load } from './load.ts';
import type { Member } from './member.ts';
import type { Random } from './random.ts';
import { VNODES } from './shares.ts';
import type { System } from './systems.ts';
import { Wire } from './wire.ts';

/** Answers between two strikes, at least and at most; */
const LEAST = 200;
const MOST = 800;
/** and how many of those to a surge are heard when it strikes in its midst, at most. */
const AMIDST = 400;
/** Devices whose connections break with each strike. */
const CUTS = 10;

export interface KillerOptions {
  readonly system: System;
  readonly load: Load;
  readonly random: Random;
  /** Milliseconds. */
  readonly duration: number;
  /** Is told of every strike. */
  readonly tell: (text: string) => void;
}

/** What may be struck. */
type Strike = readonly [what: string, how: () => Promise<void> | void];

export class Killer {
  readonly #options: KillerOptions;
  readonly #strikes: readonly Strike[];
  readonly #deck: Strike[] = [];
  /** Hosts that stay away until the next strike. */
  readonly #away = new Set<Member>();
  #crashes = 0;

  constructor(options: KillerOptions) {
    const { broker, hosts, redis } = options.system;
    this.#options = options;
    this.#strikes = [
      ['a worker thread', () => this.#crash()],
      ...(broker ? [['the broker', () => restart(broker)] as const] : []),
      ...hosts.map((host) => [`host ${host.name}`, () => this.#killHost(host)] as const),
      ...(redis && broker
        ? [['Redis', () => redis.kill().then(() => redis.start())] as const]
        : []),
    ];
  }

  /** Strikes until the time is over; then all is up again. Resolves with how often. */
  async run(): Promise<number> {
    const { load, random, duration, tell } = this.#options;
    const end = performance.now() + duration;
    let count = 0;
    while (performance.now() < end) {
      await load.answers(random.whole(LEAST, MOST));
      this.#returnAll();
      const [what, how] = this.#deal();
      load.surge();
      await load.answers(random.whole(1, AMIDST));
      tell(what);
      await how();
      for (let i = 0; i < CUTS; i++) random.pick(load.devices).cut();
      count++;
    }
    this.#returnAll();
    return count;
  }

  /** The next strike: in random order, but each once before one comes again. */
  #deal(): Strike {
    if (this.#deck.length === 0) this.#deck.push(...this.#strikes);
    const [strike] = this.#deck.splice(this.#options.random.whole(0, this.#deck.length - 1), 1);
    return strike as Strike;
  }

  /** An event that ends the thread it runs in; nobody waits for it. */
  #crash(): void {
    const { port, plain } = this.#options.system;
    const client = `crash-${this.#crashes++}`;
    const topic = `events/1/${plain ? vnodeOf(client, VNODES) : ''}/crash/${client}`;
    const wire = new Wire(port, {
      opened: () => wire.say({ cmd: 'connect', clientId: client, clean: true, keepalive: 0 }),
      heard({ cmd }) {
        if (cmd === 'puback') wire.cut();
        else if (cmd === 'connack') {
          wire.say({
            ...{ cmd: 'publish', topic, payload: '{}', qos: 1, messageId: 1 },
            ...{ dup: false, retain: false },
          });
        }
      },
      closed() {},
    });
  }

  /** Every other time it comes back only with the next strike, so that others have to take over. */
  async #killHost(host: Member): Promise<void> {
    await host.end('SIGKILL');
    if (this.#options.random.next() < 0.5) host.launch();
    else this.#away.add(host);
  }

  #returnAll(): void {
    for (const host of this.#away) host.launch();
    this.#away.clear();
  }
}

async function restart(member: Member): Promise<void> {
  await member.end('SIGKILL');
  member.launch();
}
