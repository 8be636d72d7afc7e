/** Waits for what is under way, but not for ever once it was asked to end. */

/** What was waited for did not come in time. */
export const OVERDUE = Symbol('overdue');

export class Patience {
  readonly #grace: number;
  #giveUp = () => {};
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** @param grace milliseconds that it waits after `lose` */
  constructor(grace: number) {
    this.#grace = grace;
  }

  /** Rejects with what the work rejects with. */
  wait<T>(work: PromiseLike<T>): Promise<T | typeof OVERDUE> {
    // Not Promise.race: what outlives a race keeps what each of them has left behind.
    return new Promise((resolve, reject) => {
      work.then(resolve, reject);
      this.#giveUp = () => resolve(OVERDUE);
      if (this.#isOver) this.#giveUp();
    });
  }

  /** From now on it waits for some time only. */
  lose(): void {
    this.#timer ??= setTimeout(() => {
      this.#isOver = true;
      this.#giveUp();
    }, this.#grace).unref();
  }

  /** There is nothing more to wait for. */
  close(): void {
    clearTimeout(this.#timer);
  }
}
