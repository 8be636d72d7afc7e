/** One value in a cache, and its place among those that were used before and after it. */

export interface CacheEntry {
  readonly table: string;
  readonly key: string;
  value: unknown;
  /** When its time is over, in milliseconds; `Infinity` for never. */
  until: number;
  older: CacheEntry | undefined;
  newer: CacheEntry | undefined;
}

/** Entries in the order in which they were last used. */
export class Recency {
  #oldest: CacheEntry | undefined;
  #newest: CacheEntry | undefined;

  get oldest(): CacheEntry | undefined {
    return this.#oldest;
  }

  /** Puts an entry that is not in it behind all others. */
  add(entry: CacheEntry): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest) this.#newest.newer = entry;
    else this.#oldest = entry;
    this.#newest = entry;
  }

  remove(entry: CacheEntry): void {
    const { older, newer } = entry;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
  }

  /** It was used just now. */
  use(entry: CacheEntry): void {
    if (entry === this.#newest) return;
    this.remove(entry);
    this.add(entry);
  }
}
