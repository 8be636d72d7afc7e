/** The numbers of an offline queue's messages: they follow each other, but for gaps where its front was in memory before. */
import { Queue } from '@n2o/shared';

export class Numbers {
  #first = 1;
  #last = 0;
  /** Those at the front, in their order; what is before the first is not in the queue any more. */
  #scattered = new Queue<number>();
  /** From here on there are no gaps. */
  #whole = 1;

  get isEmpty(): boolean {
    return this.#first > this.#last;
  }

  get first(): number {
    return this.#first;
  }

  /** The number of the next message. */
  get next(): number {
    return this.#last + 1;
  }

  /** After a restart: gaps are not known then. */
  restore(first: number, last: number): void {
    this.#first = first;
    this.#last = last;
  }

  /** Numbers a message behind all others. */
  append(): number {
    return ++this.#last;
  }

  /** Numbers a message that passes the queue, in which nothing waits. */
  pass(): number {
    this.#first = ++this.#last + 1;
    return this.#last;
  }

  /** Messages that were in memory come before those that are in the queue. */
  prepend(messages: readonly { readonly number: number }[]): void {
    const [oldest] = messages;
    if (!oldest) return;
    const scattered = new Queue<number>();
    for (const { number } of messages) scattered.push(number);
    for (const number of this.#scattered) if (number >= this.#first) scattered.push(number);
    this.#scattered = scattered;
    this.#whole = Math.max(this.#whole, this.#first);
    this.#first = oldest.number;
  }

  /** Takes the first one out. */
  shift(): number {
    let oldest = this.#scattered.shift();
    while (oldest !== undefined && oldest < this.#first) oldest = this.#scattered.shift();
    oldest ??= Math.max(this.#first, this.#whole);
    this.#first = oldest + 1;
    return oldest;
  }

  /** Those before this one are in memory, or over. */
  advance(to: number): void {
    this.#first = Math.max(this.#first, to);
  }

  /** None of them is in the queue any more. */
  clear(): void {
    this.#first = this.next;
    this.#scattered = new Queue();
  }
}
