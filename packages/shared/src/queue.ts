/** A first-in, first-out queue that does not shift its array for each item. */

const COMPACT_FROM = 64;

export class Queue<T> {
  /** Behind `#head`; what is before it is let go. */
  #items: (T | undefined)[] = [];
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
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.size === 0) this.#reset([]);
    else if (this.#head >= COMPACT_FROM && this.#head >= this.size) {
      this.#reset(this.#items.slice(this.#head));
    }
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

  #reset(items: (T | undefined)[]): void {
    this.#items = items;
    this.#head = 0;
  }
}
