/** Messages that wait in memory for one client. */
import { Queue } from '@n2o/shared';
import type { Backlog } from '../keeping/archive.ts';
import { PAGE, PAGE_BYTES } from '../keeping/page.ts';
import type { Limits } from '../limits.ts';
import { type Delivery, sizeOf } from './delivery.ts';

/**
 * Answers to a client that is there may take so many times what other messages may: at least what
 * its window of events can lead to, so that who reads what it asked for is not cut off.
 */
const ANSWERS_MAY = 8;

export class Waiting {
  readonly #limits: Limits;
  /** What waits for all clients. */
  readonly #backlog: Backlog;
  /** Made when first needed. */
  #queue: Queue<Delivery> | undefined;
  #bytes = 0;

  constructor(limits: Limits, backlog: Backlog) {
    this.#limits = limits;
    this.#backlog = backlog;
  }

  get size(): number {
    return this.#queue?.size ?? 0;
  }

  get all(): Iterable<Delivery> {
    return this.#queue ?? [];
  }

  peek(): Delivery | undefined {
    return this.#queue?.peek();
  }

  /** Is there a place, where nothing but memory is there to wait in? */
  hasRoom(delivery: Delivery, isThere: boolean): boolean {
    const { lineLength, lineBytes, allQueuesBytes } = this.#limits;
    const may = delivery.cause && isThere ? ANSWERS_MAY : 1;
    const bytes = sizeOf(delivery);
    if (this.size >= may * lineLength || this.#bytes + bytes > may * lineBytes) return false;
    return this.#backlog.bytes + bytes <= Math.min(may, 2) * allQueuesBytes;
  }

  /** Is there a place, where the rest can wait in the store? */
  hasPlace(delivery: Delivery): boolean {
    const bytes = sizeOf(delivery);
    if (this.size >= PAGE || this.#bytes + bytes > PAGE_BYTES) return false;
    return this.#backlog.bytes + bytes <= this.#limits.allQueuesBytes;
  }

  push(delivery: Delivery): void {
    this.#queue ??= new Queue();
    this.#queue.push(delivery);
    this.#count(sizeOf(delivery));
  }

  shift(): void {
    const delivery = this.#queue?.shift();
    if (delivery) this.#count(-sizeOf(delivery));
  }

  clear(): void {
    this.#queue = undefined;
    this.#count(-this.#bytes);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#backlog.bytes += bytes;
  }
}
