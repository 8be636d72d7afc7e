/** One clock and one timer for the deadlines of all connections: keep-alive and CONNECT. */

/** Something that is over when its time is up. */
export interface Timed {
  /** Milliseconds of the clock after which `expire` is due; Infinity for never. Asked when the time seems up. */
  readonly due: number;
  expire(): void;
}

/** How coarse the clock is, in milliseconds. */
export const TICK = 250;

/**
 * Keeps things in one bucket per tick. When a bucket's turn comes each thing is asked for its
 * present deadline, so that moving a deadline costs nothing but a number.
 */
export class Deadlines {
  /** Milliseconds, monotonic, as of the last tick. */
  now = performance.now();
  readonly #buckets = new Map<number, Set<Timed>>();
  readonly #bucketOf = new Map<Timed, number>();
  readonly #timer: NodeJS.Timeout;
  #tick = 0;

  constructor() {
    this.#tick = Math.floor(this.now / TICK);
    this.#timer = setInterval(() => this.advance(performance.now()), TICK);
    this.#timer.unref();
  }

  get size(): number {
    return this.#bucketOf.size;
  }

  add(timed: Timed): void {
    this.remove(timed);
    if (timed.due === Number.POSITIVE_INFINITY) return;
    const tick = Math.max(this.#tick + 1, Math.ceil(timed.due / TICK));
    const bucket = this.#buckets.get(tick) ?? new Set();
    if (bucket.size === 0) this.#buckets.set(tick, bucket);
    bucket.add(timed);
    this.#bucketOf.set(timed, tick);
  }

  remove(timed: Timed): void {
    const tick = this.#bucketOf.get(timed);
    if (tick === undefined) return;
    this.#bucketOf.delete(timed);
    const bucket = this.#buckets.get(tick);
    bucket?.delete(timed);
    if (bucket?.size === 0) this.#buckets.delete(tick);
  }

  /** Moves the clock; called by the timer. */
  advance(now: number): void {
    this.now = now;
    const until = Math.floor(now / TICK);
    while (this.#tick < until) {
      const bucket = this.#buckets.get(++this.#tick);
      if (!bucket) continue;
      this.#buckets.delete(this.#tick);
      for (const timed of bucket) {
        // Removed by one that came before it.
        if (!this.#bucketOf.delete(timed)) continue;
        if (timed.due <= now) timed.expire();
        else this.add(timed);
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#buckets.clear();
    this.#bucketOf.clear();
  }
}
