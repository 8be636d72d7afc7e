/** Messages that were sent and are in no store: put there if the client does not acknowledge them soon. */
import type { Journal } from '@n2o/store';
import { type Delivery, redeem } from '../session/delivery.ts';

/**
 * Milliseconds that a client has to acknowledge a message before it is stored. Most do in less, and
 * of those nothing is ever written; until then who caused the message gets no acknowledgement.
 */
const PATIENCE = 20;

/** Who can put a message into the store. */
export interface Saver {
  save(delivery: Delivery): void;
}

export class Unsaved {
  readonly #journal: Journal;
  #entries: (readonly [Saver, Delivery])[] = [];
  #older: (readonly [Saver, Delivery])[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get size(): number {
    return this.#entries.length + this.#older.length;
  }

  add(saver: Saver, delivery: Delivery): void {
    this.#entries.push([saver, delivery]);
    this.#timer ??= setTimeout(() => this.#tick(), PATIENCE);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Stores what has waited for one patience at least. */
  #tick(): void {
    const due = this.#older;
    this.#older = this.#entries;
    this.#entries = [];
    const pledged: Delivery[] = [];
    for (const [saver, delivery] of due) {
      if (delivery.over || delivery.stored) continue;
      saver.save(delivery);
      if (delivery.pledge) pledged.push(delivery);
    }
    if (pledged.length > 0) {
      this.#journal.kept(() => {
        for (const delivery of pledged) redeem(delivery);
      });
    }
    this.#timer = this.#older.length > 0 ? setTimeout(() => this.#tick(), PATIENCE) : undefined;
  }
}
