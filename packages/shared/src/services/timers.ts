/** Timers of an application, which end with its code. */

/** They do not keep a process from ending. What a function throws, or rejects with, is logged. */
export interface Timers {
  /** Runs a function once. Returns what ends the timer. @throws N2O_TIMER_LIMIT */
  after(milliseconds: number, run: () => unknown): () => void;
  /**
   * Runs a function again and again, never twice at the same time: while it is under way, its turns
   * are left out. Returns what ends the timer. @throws N2O_TIMER_LIMIT
   */
  every(milliseconds: number, run: () => unknown): () => void;
  /** Timers that are set. */
  readonly size: number;
  /** Ends all; what is set afterwards never runs. Idempotent. */
  close(): void;
}
