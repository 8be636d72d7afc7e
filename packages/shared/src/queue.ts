/** A first-in, first-out queue that does not shift its array for each item. */

const COMPACT_FROM = 1_024;

export class Queue<T> {
  #items: T[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (this.size > 0) this.#head++;
    if (this.size === 0) this.#reset([]);
    else if (this.#head >= COMPACT_FROM) this.#reset(this.#items.slice(this.#head));
    return item;
  }

  /** The items, first in first. */
  *[Symbol.iterator](): Generator<T> {
    for (let i = this.#head; i < this.#items.length; i++) yield this.#items[i] as T;
  }

  /** Puts items before all others. */
  unshift(items: readonly T[]): void {
    this.#reset([...items, ...this.#items.slice(this.#head)]);
  }

  #reset(items: T[]): void {
    this.#items = items;
    this.#head = 0;
  }
}
