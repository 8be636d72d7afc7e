/** What ends when: in boxes of a second each, so that nothing has to be sorted, nor all of it looked at. */
import type { CacheEntry } from './entry.ts';

const BOX_MS = 1_000;

export class Deadlines {
  /** Number of the second → what ends in it. */
  readonly #boxes = new Map<number, Set<CacheEntry>>();
  readonly #now: () => number;
  readonly #over: (entry: CacheEntry) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param over told of each entry whose time is over; it is not here any more */
  constructor(now: () => number, over: (entry: CacheEntry) => void) {
    this.#now = now;
    this.#over = over;
  }

  add(entry: CacheEntry): void {
    if (entry.until === Number.POSITIVE_INFINITY) return;
    const number = boxOf(entry);
    const box = this.#boxes.get(number);
    if (box) box.add(entry);
    else this.#boxes.set(number, new Set([entry]));
    this.#timer ??= setInterval(() => this.end(), BOX_MS).unref();
  }

  /** To be called before its `until` changes. */
  remove(entry: CacheEntry): void {
    const number = boxOf(entry);
    const box = this.#boxes.get(number);
    if (!box?.delete(entry) || box.size > 0) return;
    this.#boxes.delete(number);
    if (this.#boxes.size === 0) this.close();
  }

  /** Ends what is over now. */
  end(): void {
    const now = this.#now();
    for (const [number, box] of this.#boxes) {
      if (number * BOX_MS > now) continue;
      for (const entry of box) {
        if (entry.until > now) continue;
        this.remove(entry);
        this.#over(entry);
      }
    }
  }

  /** Stops looking; what is added begins it anew. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function boxOf({ until }: CacheEntry): number {
  return Math.floor(until / BOX_MS);
}
