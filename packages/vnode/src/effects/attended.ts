/** Events of handlers that run in the very thread of the store: settled in order with what is kept. */
import type { Event, Outcome, Route } from '@n2o/shared';
import type { Effect, Keeping } from './effect.ts';
import type { Keeper } from './keeper.ts';

export class AttendedEvent implements Event {
  readonly route: Route;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly dup: boolean;
  readonly #event: Event;
  readonly #keeper: Keeper;

  constructor(event: Event, keeper: Keeper) {
    this.route = event.route;
    this.payload = event.payload;
    this.qos = event.qos;
    this.dup = event.dup;
    this.#event = event;
    this.#keeper = keeper;
  }

  settle(outcome: Outcome, bytes?: Uint8Array, effect?: Effect): void {
    this.#keeper.settle(this.#event, outcome, bytes, effect);
  }
}

/** Keeping for a runtime whose events are attended. */
export function attend(keeper: Keeper): Keeping {
  return {
    load: (client, vnode) => keeper.load(client, vnode),
    settle: (event, outcome, bytes, effect) =>
      (event as AttendedEvent).settle(outcome, bytes, effect),
  };
}
