/** An event on its way through the workers of a host, and what came of it. */
import type { Event, Outcome } from '@n2o/shared';
import type { Address } from './address.ts';
import type { Line } from './line.ts';
import type { QoS } from './wire.ts';

/** Who is told the outcome of an event. */
export interface Settling {
  settled(event: LinkEvent): void;
}

export class LinkEvent implements Event {
  readonly route: Address;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly dup: boolean;
  /** Packet identifier, under which the broker knows it; 0 where it will not send it again. */
  id: number;
  /** The line on which the broker waits for the PUBACK. */
  line: Line | undefined;
  outcome: Outcome | undefined;
  /** The action, if there is one. */
  action: Uint8Array | undefined;
  /** How many actions had left on the line when the PUBACK did, and how many PUBACKs with it. */
  actionsBefore = 0;
  ordinal = 0;
  readonly #settling: Settling;

  constructor(
    settling: Settling,
    line: Line,
    route: Address,
    payload: Uint8Array,
    qos: QoS,
    dup: boolean,
    id: number,
  ) {
    this.#settling = settling;
    this.line = line;
    this.route = route;
    this.payload = payload;
    this.qos = qos;
    this.dup = dup;
    this.id = id;
  }

  settle(outcome: Outcome, bytes?: Uint8Array): void {
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    if (outcome === 'reply' || outcome === 'dead') this.action = bytes;
    this.#settling.settled(this);
  }

  /** Whether a message that came again is this one. */
  isAgain(route: Address, payload: Uint8Array): boolean {
    return this.route.topic === route.topic && Buffer.compare(this.payload, payload) === 0;
  }
}
