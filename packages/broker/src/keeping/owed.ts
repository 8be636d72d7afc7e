/** Messages that were sent to one client, and that neither it has acknowledged nor the store has. */
import type { Delivery } from '../session/delivery.ts';
import type { Debtor, Unsaved } from './unsaved.ts';

export class Owed implements Debtor {
  readonly #unsaved: Unsaved;
  readonly #save: (delivery: Delivery) => void;
  /** With the round in which they were sent, in that order; made when first needed. */
  #deliveries: Map<Delivery, number> | undefined;

  /** @param save puts a message into the store */
  constructor(unsaved: Unsaved, save: (delivery: Delivery) => void) {
    this.#unsaved = unsaved;
    this.#save = save;
  }

  add(delivery: Delivery): void {
    this.#deliveries ??= new Map();
    if (this.#deliveries.size === 0) this.#unsaved.add(this);
    this.#deliveries.set(delivery, this.#unsaved.round);
  }

  /** The client or the store has it. */
  remove(delivery: Delivery): void {
    this.#deliveries?.delete(delivery);
  }

  saveUntil(round: number, saved: Delivery[]): boolean {
    for (const [delivery, since] of this.#deliveries ?? []) {
      if (since > round) return true;
      this.#save(delivery);
      saved.push(delivery);
    }
    return false;
  }

  clear(): void {
    this.#deliveries = undefined;
  }
}
