/** When to store messages that were sent and that their clients have not acknowledged yet. */
import type { Journal } from '@n2o/store';
import { type Delivery, redeem } from '../session/delivery.ts';

/**
 * Milliseconds that a client has at least to acknowledge a message before it is stored. Most do in
 * less, and of those nothing is ever written; until then who caused the message gets no
 * acknowledgement.
 */
const PATIENCE = 20;

/** Who has such messages. */
export interface Debtor {
  /** Stores those that are as old as this round or older, adds them to the list, and says whether others are left. */
  saveUntil(round: number, saved: Delivery[]): boolean;
}

export class Unsaved {
  readonly #journal: Journal;
  #debtors = new Set<Debtor>();
  #timer: NodeJS.Timeout | undefined;
  #round = 0;
  // What has arrived is read first: if we were held up, the clients were not.
  readonly #wake = () => void setImmediate(() => this.#look());

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Clients that may have such messages. */
  get size(): number {
    return this.#debtors.size;
  }

  /** Grows by one with every look. */
  get round(): number {
    return this.#round;
  }

  add(debtor: Debtor): void {
    this.#debtors.add(debtor);
    this.#timer ??= setTimeout(this.#wake, PATIENCE);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Stores what has waited for one patience at least. */
  #look(): void {
    const saved: Delivery[] = [];
    // What came in the round that ends now has waited for less.
    const until = this.#round++ - 1;
    for (const debtor of this.#debtors) {
      if (!debtor.saveUntil(until, saved)) this.#debtors.delete(debtor);
    }
    const pledged = saved.filter(({ pledge }) => pledge);
    if (pledged.length > 0) this.#journal.kept(() => pledged.forEach(redeem));
    this.#timer = this.#debtors.size > 0 ? setTimeout(this.#wake, PATIENCE) : undefined;
  }
}
