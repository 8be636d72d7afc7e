/** Timers of an application, which end with its code. */

export interface Timers {
  /** Runs a function once; what it throws is logged. Returns what ends it. @throws N2O_TIMER_LIMIT */
  after(milliseconds: number, run: () => unknown): () => void;
  /** Runs a function again and again, never twice at the same time. @throws N2O_TIMER_LIMIT */
  every(milliseconds: number, run: () => unknown): () => void;
  /** Timers that are set. */
  readonly size: number;
  /** Ends all. Idempotent. */
  close(): void;
}
