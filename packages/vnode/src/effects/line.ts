/** The settlements of one client, in their order: none overtakes one that is still to be kept. */
import { type Event, type Outcome, Queue } from '@n2o/shared';
import type { Effect } from './effect.ts';

/** A settlement that waits. */
export interface Held {
  readonly event: Event;
  outcome: Outcome;
  bytes: Uint8Array | undefined;
  /** `undefined` for one that rests on nothing that is kept. */
  readonly effect: Effect | undefined;
  /** Its effect is still to be kept. */
  isPending: boolean;
}

export class Line {
  readonly #held = new Queue<Held>();
  readonly #idle: (() => void)[] = [];

  get size(): number {
    return this.#held.size;
  }

  push(held: Held): void {
    this.#held.push(held);
  }

  /** Settles what need not wait any longer; false once nothing is left. */
  flush(): boolean {
    for (let held = this.#held.peek(); held?.isPending === false; held = this.#held.peek()) {
      this.#held.shift();
      held.event.settle(held.outcome, held.bytes);
    }
    if (this.#held.size > 0) return true;
    for (const wake of this.#idle) wake();
    return false;
  }

  /** What rests on effects that came to nothing ends otherwise. */
  replace(end: (held: Held) => void): void {
    for (const held of this.#held) {
      if (held.effect === undefined) continue;
      end(held);
      held.isPending = false;
    }
  }

  /** Resolves when nothing is left. */
  idle(): Promise<void> {
    return new Promise((resolve) => this.#idle.push(resolve));
  }
}
