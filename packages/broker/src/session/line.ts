/** What waits for one client: in memory up to a page, and behind that in its offline queue. */
import type { OfflineQueue } from '../keeping/offline-queue.ts';
import { PAGE } from '../keeping/page.ts';
import type { Pledge } from '../keeping/pledge.ts';
import { type Delivery, holdFor, redeem } from './delivery.ts';
import type { Waiting } from './waiting.ts';

/** Milliseconds until a store that failed to answer is asked again. */
const RETRY = 250;

/** The line of a session that is kept; without an offline queue all waits in memory. */
export class Line {
  readonly #waiting: Waiting;
  readonly #offline: OfflineQueue | undefined;
  /** Who sends waits for the client's acknowledgement, whatever is stored; and there is always room. */
  readonly #confirms: boolean;
  /** Tells readers of a page that the client has left meanwhile. */
  #visit = 0;
  #reading = false;

  constructor(waiting: Waiting, offline: OfflineQueue | undefined, confirms: boolean) {
    this.#waiting = waiting;
    this.#offline = offline;
    this.#confirms = confirms;
  }

  get size(): number {
    return this.#waiting.size + (this.#offline?.count ?? 0);
  }

  /** Nothing waits; or where messages may have to be stored first, which takes a moment, not much. */
  get isShort(): boolean {
    return this.size <= (this.#offline?.durable ? PAGE / 2 : 0);
  }

  /** Those in memory. */
  get all(): Iterable<Delivery> {
    return this.#waiting.all;
  }

  /** The first one, if memory has it. */
  peek(): Delivery | undefined {
    return this.#waiting.peek();
  }

  shift(): void {
    this.#waiting.shift();
  }

  /** A message that need not wait: it is sent now. */
  pass(delivery: Delivery, pledge: Pledge | undefined): void {
    if (this.#confirms) holdFor(delivery, pledge);
    this.#offline?.enlist(delivery, pledge);
  }

  /**
   * Adds a message; false when there is no room.
   * @param isThere the client is connected
   * @param ready   called when a message may be sent that had to be stored first
   */
  add(
    delivery: Delivery,
    pledge: Pledge | undefined,
    isThere: boolean,
    ready: () => void,
  ): boolean {
    if (this.#offline) return this.#addKept(this.#offline, delivery, pledge, isThere, ready);
    if (this.#confirms) holdFor(delivery, pledge);
    else if (!this.#waiting.hasRoom(delivery, isThere)) return false;
    this.#waiting.push(delivery);
    return true;
  }

  /** Gets the next page of what waits in the store, before memory has run out of the last. */
  refill(then: () => void): void {
    const offline = this.#offline;
    if (!offline || offline.count === 0) return;
    if (this.#reading || this.#waiting.size > PAGE / 2) return;
    this.#reading = true;
    const visit = this.#visit;
    offline.read().then(
      (page) => {
        this.#reading = false;
        // Who has gone meanwhile, and may be back, gets it from the start.
        const next = visit === this.#visit ? offline.advance(page) : [];
        for (const delivery of next) this.#waiting.push(delivery);
        then();
      },
      () => {
        this.#reading = false;
        setTimeout(then, RETRY).unref();
      },
    );
  }

  /** The client is gone: what was sent to it, and what waits, is left to the store. False when memory has to keep it. */
  leave(sent: Iterable<Delivery>): boolean {
    this.#visit++;
    if (!this.#offline) return false;
    const left = [...sent, ...this.#waiting.all];
    this.#waiting.clear();
    this.#offline.take(left.filter(({ qos, stored }) => qos > 0 || stored));
    return true;
  }

  /** The session is over, and nobody waits for it any more. */
  end(sent: Iterable<Delivery>): void {
    this.#visit++;
    const left = [...sent, ...this.#waiting.all];
    this.#waiting.clear();
    for (const delivery of left) {
      delivery.over = true;
      redeem(delivery);
    }
    this.#offline?.drop();
  }

  #addKept(
    offline: OfflineQueue,
    delivery: Delivery,
    pledge: Pledge | undefined,
    isThere: boolean,
    ready: () => void,
  ): boolean {
    if (!isThere || offline.count > 0 || !this.#waiting.hasPlace(delivery)) {
      return offline.append(delivery, pledge);
    }
    offline.enlist(delivery, pledge);
    this.#waiting.push(delivery);
    if (delivery.qos === 2 && offline.durable) {
      delivery.secured = false;
      offline.secure(delivery, () => {
        delivery.secured = true;
        redeem(delivery);
        ready();
      });
    }
    return true;
  }
}
