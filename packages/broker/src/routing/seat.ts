/** Who serves one vnode: the workers of this process, a host elsewhere, or nobody at the moment. */
import { Queue } from '@n2o/shared';
import { Pledge } from '../keeping/pledge.ts';
import type { Session } from '../session/session.ts';
import type { PendingEvent } from './event.ts';

/** An event in the care of a host, and what the host has said to its client meanwhile. */
interface Handed {
  readonly event: PendingEvent;
  action: Uint8Array | undefined;
}

export class Seat {
  /** 1..vnodes */
  readonly vnode: number;
  /** The session of the vnode, once a host has come: its connection is the owner's. */
  session: Session | undefined;
  /** Milliseconds since when nobody has been there; 0 while somebody is. */
  vacant: number;
  /** Events that the workers of this process had when the host came: they end first. */
  before = 0;
  /** Those of them that came to nothing: they came before all that waits. */
  readonly returned = new Queue<PendingEvent>();
  /** What waits for whoever serves the vnode next. */
  readonly waiting = new Queue<PendingEvent>();
  readonly #handed = new Set<Handed>();
  /** The same by the topic of their actions. */
  readonly #byTopic = new Map<string, Set<Handed>>();

  /** @param now milliseconds of a monotonic clock */
  constructor(vnode: number, now: number) {
    this.vnode = vnode;
    this.vacant = now;
  }

  /** Events that a host has, or had. */
  get handed(): number {
    return this.#handed.size;
  }

  /** Gives an event to the host; it is settled when the host acknowledges it. */
  hand(event: PendingEvent): void {
    const { actions, forHosts } = event.route;
    const handed: Handed = { event, action: undefined };
    const sameTopic = this.#byTopic.get(actions) ?? new Set();
    if (sameTopic.size === 0) this.#byTopic.set(actions, sameTopic);
    sameTopic.add(handed);
    this.#handed.add(handed);
    const pledge = new Pledge();
    pledge.whenKept(() => {
      if (this.#remove(handed)) event.settle(handed.action ? 'reply' : 'silent', handed.action);
    });
    this.session?.outbox.send(forHosts, event.payload, 1, false, undefined, pledge);
    pledge.release();
  }

  /**
   * The host says something to a client. It is the answer to the client's first event if the host
   * acknowledges that next; returns what turns out not to be one, to be sent as it is.
   */
  say(topic: string, action: Uint8Array): Uint8Array | undefined {
    const [first] = this.#byTopic.get(topic) ?? [];
    if (!first) return action;
    const before = first.action;
    first.action = action;
    return before;
  }

  /** The host is gone: what it said without acknowledging the event is said again by the next one. */
  leave(): void {
    for (const handed of this.#handed) handed.action = undefined;
  }

  /** The host has come, and what was before it has ended: gives it what it has to do. */
  begin(): void {
    for (const queue of [this.returned, this.waiting]) {
      for (let next = queue.shift(); next; next = queue.shift()) this.hand(next);
    }
  }

  /** Takes all events back, in their order. */
  takeAll(): PendingEvent[] {
    const handed = [...this.#handed].map(({ event }) => event);
    const events = [...handed, ...this.returned, ...this.waiting];
    this.#handed.clear();
    this.#byTopic.clear();
    while (this.returned.shift());
    while (this.waiting.shift());
    return events;
  }

  #remove(handed: Handed): boolean {
    if (!this.#handed.delete(handed)) return false;
    const { actions } = handed.event.route;
    const sameTopic = this.#byTopic.get(actions);
    sameTopic?.delete(handed);
    if (sameTopic?.size === 0) this.#byTopic.delete(actions);
    return true;
  }
}
