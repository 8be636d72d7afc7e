/** How long to wait before the next attempt to connect. */

/** Milliseconds: after the first failure, at most, and after many while the broker is not there. */
const FIRST = 100;
export const LONGEST = 2_000;

/** Milliseconds after which a line did not end as soon as it began. */
const STABLE = 5_000;

/** Twice as long each time, and of that a random part, so that all do not come back at once. */
export class Backoff {
  #failures = 0;

  /** @param lived how long the line lasted that has ended, in milliseconds; 0 where none was opened */
  next(lived: number, longest: number = LONGEST): number {
    if (lived >= STABLE) this.#failures = 0;
    const delay = Math.min(longest, FIRST * 2 ** Math.min(this.#failures++, 20));
    return delay * (0.5 + Math.random() / 2);
  }
}
