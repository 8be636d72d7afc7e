/** How much waits for one client in the store, and how large its messages are. */
import type { Archive } from './archive.ts';

/** Bytes that a message is taken for while none was read. */
const UNKNOWN_SIZE = 64 * 1024;

export class Stock {
  readonly #archive: Archive;
  #count = 0;
  /** Of those of an earlier run it is not known. */
  #bytes = 0;
  /** Bytes of the largest message that was read last. */
  #seen = UNKNOWN_SIZE;

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes that a message is likely to have at most. */
  get typical(): number {
    return Math.max(1, this.#seen, this.#bytes / Math.max(1, this.#count));
  }

  /** There were so many when the broker started. */
  restore(count: number): void {
    this.#count = count;
  }

  add(size: number): void {
    this.#count++;
    this.#weigh(size);
  }

  /** @param size bytes; of one that is not in memory it is not known */
  remove(size = this.#bytes / Math.max(1, this.#count)): void {
    this.#count = Math.max(0, this.#count - 1);
    this.#weigh(-size);
  }

  clear(): void {
    this.#count = 0;
    this.#weigh(-this.#bytes);
  }

  /** Messages of these sizes were read. */
  see(sizes: readonly number[]): void {
    if (sizes.length > 0) this.#seen = Math.max(...sizes);
  }

  /** Is there no room for another message? */
  isFull(size: number): boolean {
    const { queueLength, queueBytes } = this.#archive.limits;
    return this.#count >= queueLength || this.#bytes + size > queueBytes;
  }

  #weigh(bytes: number): void {
    const before = this.#bytes;
    this.#bytes = Math.max(0, before + bytes);
    this.#archive.count(this.#bytes - before);
  }
}
