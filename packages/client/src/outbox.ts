/** Messages of QoS 1 and 2 that may have to be sent again, in the order they were given. */
import { N2OError } from '@n2o/shared';
import type { PacketIds } from './packet-ids.ts';

/** A message to publish. */
export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** A message on its way. */
export interface Parcel extends Publication {
  /** Packet identifier; the same at each repetition, so that the broker can tell that it is one. */
  readonly id: number;
  /** It was written to a connection before: it goes out again with DUP [MQTT-3.3.1-1]. */
  sent: boolean;
  /** QoS 2: the broker has it (PUBREC), only the handshake is left. */
  received: boolean;
  acknowledged: boolean;
  /** Stays after its acknowledgement, until it is released: a repetition brings its reply. */
  held: boolean;
  /** Called once: when it is acknowledged, or with the reason why it never will be. */
  readonly settle: (error?: N2OError) => void;
}

/** Half of all packet identifiers, so that one that was freed rests a while. */
export const MAX_PARCELS = 32_768;

export class Outbox {
  readonly #ids: PacketIds;
  readonly #parcels = new Map<number, Parcel>();
  /** Answered, but their handshake of QoS 2 is not at its end. */
  readonly #ending = new Set<Parcel>();

  constructor(ids: PacketIds) {
    this.#ids = ids;
  }

  /** How many wait for their acknowledgement or reply; a handshake that only has to end does not. */
  get size(): number {
    return this.#parcels.size - this.#ending.size;
  }

  /** All that is here, in the order of sending. */
  get parcels(): readonly Parcel[] {
    return [...this.#parcels.values()];
  }

  /** Takes a message in, behind all others. @throws N2OError `N2O_BUSY_CLIENT` */
  add(publication: Publication, settle: Parcel['settle'], held = false): Parcel {
    if (this.#parcels.size >= MAX_PARCELS) {
      throw new N2OError('N2O_BUSY_CLIENT', `${MAX_PARCELS} messages are in flight already`);
    }
    const id = this.#ids.take();
    const state = { id, sent: false, received: false, acknowledged: false, held, settle };
    const parcel = { ...publication, ...state };
    this.#parcels.set(id, parcel);
    return parcel;
  }

  /** PUBREC arrived. */
  received(id: number): void {
    const parcel = this.#parcels.get(id);
    if (parcel) parcel.received = true;
  }

  /** PUBACK or PUBCOMP arrived. An identifier that is not in flight is ignored. */
  acknowledged(id: number): void {
    const parcel = this.#parcels.get(id);
    if (!parcel || parcel.acknowledged) return;
    parcel.acknowledged = true;
    if (!parcel.held) this.remove(parcel);
    parcel.settle();
  }

  /** Nothing more is expected of a repetition. */
  release(parcel: Parcel): void {
    parcel.held = false;
    if (parcel.acknowledged) this.remove(parcel);
  }

  /** The reply is here: the message need not come to its end, but for a handshake of a kept session. */
  answered(parcel: Parcel, isSessionKept: boolean): void {
    parcel.held = false;
    if (parcel.acknowledged || parcel.qos === 1 || !isSessionKept) this.remove(parcel);
    else this.#ending.add(parcel);
  }

  /** Takes a message out, as if it had never been. */
  remove(parcel: Parcel): void {
    if (this.#parcels.delete(parcel.id)) this.#ids.free(parcel.id);
    this.#ending.delete(parcel);
  }

  /** The session is gone, and the broker's receipts with it: all is to be published again. */
  forget(): void {
    for (const parcel of this.#parcels.values()) {
      parcel.received = false;
      parcel.acknowledged = false;
    }
  }

  /** Gives up on what was sent and is not held: whether it arrived, nobody can tell. */
  drop(error: N2OError): void {
    for (const parcel of this.parcels) {
      if (!parcel.sent || parcel.held) continue;
      this.remove(parcel);
      parcel.settle(error);
    }
  }

  /** Gives up on all of them. */
  abandon(error: N2OError): void {
    for (const parcel of this.parcels) {
      this.remove(parcel);
      parcel.settle(error);
    }
  }
}
