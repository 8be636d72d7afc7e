/** How often a process may fail: more failures within a time than that, and it is not started again. */

export class Intensity {
  readonly #count: number;
  readonly #period: number;
  readonly #now: () => number;
  /** When it failed: no more than one too many. */
  #failures: number[] = [];

  /** @param period milliseconds */
  constructor(count: number, period: number, now: () => number) {
    this.#count = count;
    this.#period = period;
    this.#now = now;
  }

  /** Counts a failure. Returns whether there were too many. */
  isExceeded(): boolean {
    // One that may fail for ever is not to be remembered for all of its failures.
    if (this.#count === Number.POSITIVE_INFINITY) return false;
    const now = this.#now();
    this.#failures = this.#failures.filter((time) => now - time < this.#period);
    this.#failures.push(now);
    return this.#failures.length > this.#count;
  }
}
