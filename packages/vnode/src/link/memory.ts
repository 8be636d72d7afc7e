/** Events whose PUBACK the broker may not have: when they come again, they are answered again and not run again. */
import { Queue } from '@n2o/shared';
import type { Address } from './address.ts';
import type { LinkEvent } from './event.ts';

export interface MemoryLimits {
  readonly count: number;
  /** Bytes of actions and payloads. */
  readonly bytes: number;
  /** Milliseconds that they are kept after the line broke. */
  readonly age: number;
}

interface Known {
  readonly event: LinkEvent;
  readonly until: number;
}

/**
 * While a line lives, what was answered on it waits for a sign that the broker has read the PUBACK:
 * the PUBACK of an action that left later, or the answer to a later PINGREQ. When the line breaks,
 * what is left becomes known by its packet identifier, until the broker has told the next line all
 * that it sends again.
 */
export class Memory {
  readonly #limits: MemoryLimits;
  readonly #now: () => number;
  readonly #unconfirmed = new Queue<LinkEvent>();
  readonly #known = new Map<number, Known>();
  #bytes = 0;
  #ordinal = 0;

  /** @param now milliseconds of a monotonic clock */
  constructor(limits: MemoryLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get size(): number {
    return this.#unconfirmed.size + this.#known.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The PUBACK has left, behind so many actions. */
  answered(event: LinkEvent, actionsBefore: number): void {
    event.actionsBefore = actionsBefore;
    event.ordinal = ++this.#ordinal;
    this.#unconfirmed.push(event);
    this.#bytes += sizeOf(event);
    while (this.#overfull()) this.#confirm();
  }

  /** The event was settled while no line was there to say so. */
  missed(event: LinkEvent): void {
    this.#forget(event.id);
    this.#known.set(event.id, { event, until: this.#now() + this.#limits.age });
    this.#bytes += sizeOf(event);
    for (const id of this.#known.keys()) {
      if (!this.#overfull()) break;
      this.#forget(id);
    }
  }

  /** The broker has taken over so many actions: it has read what left before the last of them. */
  taken(actions: number): void {
    for (let next = this.#unconfirmed.peek(); next; next = this.#unconfirmed.peek()) {
      if (next.actionsBefore >= actions) return;
      this.#confirm();
    }
  }

  /** A PINGREQ leaves: returns what is to be called when it is answered. */
  ping(): () => void {
    const ordinal = this.#ordinal;
    return () => {
      for (let next = this.#unconfirmed.peek(); next; next = this.#unconfirmed.peek()) {
        if (next.ordinal > ordinal) return;
        this.#confirm();
      }
    };
  }

  /** The line is gone. */
  broken(): void {
    for (let event = this.#unconfirmed.shift(); event; event = this.#unconfirmed.shift()) {
      this.#bytes -= sizeOf(event);
      this.missed(event);
    }
  }

  /** What came of the event that came again; it is known no longer. */
  recall(id: number, route: Address, payload: Uint8Array): LinkEvent | undefined {
    const known = this.#known.get(id);
    if (!known) return undefined;
    this.#forget(id);
    const isAgain = known.until > this.#now() && known.event.isAgain(route, payload);
    return isAgain ? known.event : undefined;
  }

  /** The broker has begun to send what is new: all that it sends again was there before. */
  fresh(): void {
    if (this.#known.size === 0) return;
    for (const id of this.#known.keys()) this.#forget(id);
  }

  #overfull(): boolean {
    return this.#bytes > this.#limits.bytes || this.size > this.#limits.count;
  }

  #confirm(): void {
    const event = this.#unconfirmed.shift();
    if (event) this.#bytes -= sizeOf(event);
  }

  #forget(id: number): void {
    const known = this.#known.get(id);
    if (!known) return;
    this.#known.delete(id);
    this.#bytes -= sizeOf(known.event);
  }
}

function sizeOf({ payload, action }: LinkEvent): number {
  return payload.length + (action?.length ?? 0);
}
