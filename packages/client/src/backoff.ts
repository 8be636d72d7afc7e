/** How long to wait before the next attempt to connect. */

/** Bounds of the wait between two attempts. */
export interface Backoff {
  /** Milliseconds after the first failure, at most. */
  readonly min: number;
  /** Milliseconds after many failures, at most. */
  readonly max: number;
}

/**
 * Milliseconds before attempt `attempt` (0, 1, …): twice as long each time up to `max`, and of that
 * a random part between one half and all, so that clients that fell together do not come back together.
 *
 * @param random 0 ≤ random < 1
 */
export function delayOf(attempt: number, { min, max }: Backoff, random: number): number {
  const longest = Math.min(max, min * 2 ** Math.min(attempt, 30));
  return longest * (0.5 + random / 2);
}
