/** An event as its worker has it: a part of what the main thread has packed. */
import { discard, type Event, type Outcome, type Route } from '@n2o/shared';
import { DUP } from './records.ts';

/** Where outcomes go. */
export interface Outbound {
  settled(event: WorkerEvent, outcome: Outcome, bytes: Uint8Array): void;
}

const EMPTY = new Uint8Array();

export class WorkerEvent implements Event {
  readonly route: Route;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly dup: boolean;
  readonly slot: number;
  readonly #isAlone: boolean;
  readonly #outbound: Outbound;

  /** @param isAlone whether nothing else lies in the memory of the payload */
  constructor(
    route: Route,
    payload: Uint8Array,
    flags: number,
    slot: number,
    isAlone: boolean,
    outbound: Outbound,
  ) {
    this.route = route;
    this.payload = payload;
    this.qos = (flags & 3) as 0 | 1 | 2;
    this.dup = (flags & DUP) !== 0;
    this.slot = slot;
    this.#isAlone = isAlone;
    this.#outbound = outbound;
  }

  settle(outcome: Outcome, bytes: Uint8Array = EMPTY): void {
    this.#outbound.settled(this, outcome, bytes);
  }

  release(): void {
    if (this.#isAlone) discard(this.payload);
  }
}
