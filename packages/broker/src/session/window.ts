/** What was sent to a client and is not acknowledged yet. */
import type { Limits } from '../limits.ts';
import { type Delivery, sizeOf } from './delivery.ts';

/** Packet identifiers are 1..65,535. */
const IDENTIFIERS = 0xffff;

export class Window {
  readonly #limits: Limits;
  /** By packet identifier, in the order of sending; made when first needed. */
  #messages: Map<number, Delivery> | undefined;
  #bytes = 0;
  #last = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#messages?.size ?? 0;
  }

  get all(): Iterable<readonly [id: number, delivery: Delivery]> {
    return this.#messages ?? [];
  }

  get deliveries(): Iterable<Delivery> {
    return this.#messages?.values() ?? [];
  }

  /** May a message be sent? One that is numbered needs the identifier that belongs to its number. */
  hasRoom(number: number): boolean {
    const messages = this.#messages;
    if (messages === undefined) return true;
    const { outgoingWindow, outgoingBytes } = this.#limits;
    if (messages.size >= outgoingWindow || this.#bytes >= outgoingBytes) return false;
    return number === 0 || !messages.has(identifierOf(number));
  }

  /** Is the identifier that belongs to a number in flight, for a message that is long in coming? */
  isTaken(number: number): boolean {
    return this.#messages?.has(identifierOf(number)) ?? false;
  }

  /** Takes a message in; returns its identifier, which no other in flight has [MQTT-2.3.1-4]. */
  enter(delivery: Delivery): number {
    this.#messages ??= new Map();
    const id = delivery.number > 0 ? identifierOf(delivery.number) : this.#next();
    this.#messages.set(id, delivery);
    this.#bytes += sizeOf(delivery);
    return id;
  }

  get(id: number): Delivery | undefined {
    return this.#messages?.get(id);
  }

  /** The message is acknowledged; `undefined` when there is none under this identifier. */
  take(id: number): Delivery | undefined {
    const delivery = this.#messages?.get(id);
    if (!delivery) return undefined;
    this.#messages?.delete(id);
    this.#bytes -= sizeOf(delivery);
    return delivery;
  }

  clear(): void {
    this.#messages = undefined;
    this.#bytes = 0;
  }

  #next(): number {
    do this.#last = this.#last === IDENTIFIERS ? 1 : this.#last + 1;
    while (this.#messages?.has(this.#last));
    return this.#last;
  }
}

/** A numbered message has the same identifier in every connection, and after a restart. */
function identifierOf(number: number): number {
  return ((number - 1) % IDENTIFIERS) + 1;
}
