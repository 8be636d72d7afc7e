/** Tells a repeated delivery from a new one. */

/** A message that the broker delivered. */
export interface Arrival {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** The broker says that it may have been delivered before. */
  readonly dup: boolean;
  /** Packet identifier; 0 with QoS 0. */
  readonly id: number;
}

/** Deliveries that are kept in mind, at most: more than a broker has in flight. */
const KEPT = 2_048;

/**
 * A session that is resumed repeats, with DUP, what the broker saw no acknowledgement for, though
 * it may have arrived. With QoS 1 a delivery is taken for such a repetition when one with its
 * identifier and its content arrived on an earlier connection; with QoS 2 until the broker has
 * released the identifier [MQTT-4.3.3-2].
 */
export class Arrivals {
  readonly #unreleased = new Set<number>();
  /** Packet identifier → print, of earlier connections. */
  #before = new Map<number, string>();
  #now = new Map<number, string>();
  readonly #isKept: boolean;

  /** @param isKept the session outlives its connections; else no connection repeats another's */
  constructor(isKept: boolean) {
    this.#isKept = isKept;
  }

  /** A connection begins. Without a resumed session nothing is repeated. */
  connected(resumed: boolean): void {
    const all = resumed ? [...this.#before, ...this.#now] : [];
    this.#before = new Map(all.slice(-KEPT));
    this.#now = new Map();
    if (!resumed) this.#unreleased.clear();
  }

  /** Takes a delivery in; false when it is a repetition. */
  accept(arrival: Arrival): boolean {
    if (arrival.qos === 0) return true;
    if (arrival.qos === 2) {
      const isNew = !this.#unreleased.has(arrival.id);
      this.#unreleased.add(arrival.id);
      return isNew;
    }
    if (!this.#isKept) return true;
    const print = printOf(arrival);
    if (arrival.dup && this.#before.get(arrival.id) === print) return false;
    this.#before.delete(arrival.id);
    this.#now.delete(arrival.id);
    this.#now.set(arrival.id, print);
    if (this.#now.size > KEPT) this.#now.delete(this.#now.keys().next().value as number);
    return true;
  }

  /** The broker knows that a delivery of QoS 2 is here. */
  released(id: number): void {
    this.#unreleased.delete(id);
  }
}

/** Topic, length and FNV-1a hash: enough beside the identifier, and small. */
function printOf({ topic, payload }: Arrival): string {
  let hash = 0x811c9dc5;
  for (const byte of payload) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${topic} ${payload.length} ${hash}`;
}
