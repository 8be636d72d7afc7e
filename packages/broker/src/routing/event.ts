/** An event on its way through a vnode, and what has to happen when it is settled. */
import { discard, type Event, type Outcome } from '@n2o/shared';
import type { Connection } from '../connection/connection.ts';
import type { Over } from '../keeping/event-queue.ts';
import { MAX_HEADER } from '../wire/frame.ts';
import type { QoS } from '../wire/packet.ts';
import type { Address } from './address.ts';
import type { Events } from './events.ts';
import type { Follower } from './followers.ts';
import type { Asker } from './guest.ts';
import type { ClientLoad } from './load.ts';

/** Links the broker's side of an event to the vnode's. */
export class PendingEvent implements Event {
  readonly route: Address;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  dup: boolean;
  /** Packet identifier; 0 with QoS 0. */
  readonly id: number;
  readonly load: ClientLoad;
  /** The connection that it came on. */
  readonly origin: Connection | undefined;
  /** The connection that waits for the acknowledgement: that one, or where it came again. */
  connection: Connection | undefined;
  /** Called when all that it led to is kept: it was acknowledged when it was stored. */
  readonly over: Over | undefined;
  /** Who waits for the outcome, where that is not a connection of MQTT. */
  readonly asker: Asker | undefined;
  /** When it came to the host of its vnode, or began to wait for one; milliseconds of a monotonic clock. */
  since = 0;
  /** Said to the client when this one is settled. */
  followers: Follower[] | undefined;
  previous: PendingEvent | undefined;
  next: PendingEvent | undefined;
  readonly #events: Events;
  #settled = false;

  constructor(
    events: Events,
    load: ClientLoad,
    connection: Connection | undefined,
    route: Address,
    payload: Uint8Array,
    qos: QoS,
    dup: boolean,
    id: number,
    over?: Over,
    asker?: Asker,
  ) {
    this.#events = events;
    this.load = load;
    this.origin = connection;
    this.connection = connection;
    this.route = route;
    this.payload = payload;
    this.qos = qos;
    this.dup = dup;
    this.id = id;
    this.over = over;
    this.asker = asker;
  }

  settle(outcome: Outcome, bytes?: Uint8Array): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#events.settled(this, outcome, bytes);
  }

  /** It came to nothing, and is given to somebody else. */
  revive(since: number): void {
    this.#settled = false;
    this.dup = true;
    this.since = since;
  }

  /** Whether a message that came again is this one. */
  isAgain({ topic }: Address, payload: Uint8Array): boolean {
    return (
      Buffer.compare(this.route.topic, topic) === 0 && Buffer.compare(this.payload, payload) === 0
    );
  }

  release(): void {
    const { payload, route, qos, origin, over } = this;
    // What may come again is compared with it; what server code says may be said to many.
    if (qos > 0 || !origin || over || !this.#settled) return;
    const { buffer, byteOffset, byteLength } = payload;
    // Its packet has a length before the topic, and is all that lies there.
    const header = byteOffset - route.topic.length - 2;
    if (header <= MAX_HEADER && byteOffset + byteLength === buffer.byteLength) discard(payload);
  }
}
