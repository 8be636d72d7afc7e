/** What a client has come to over its connections, for those who wait until it is enough. */

interface Wait {
  readonly enough: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Progress {
  readonly #waits = new Set<Wait>();
  #connections = 0;

  /** Resolves when it is enough; rejects when the last connection is over before. */
  until(enough: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waits.add({ enough, resolve, reject });
      this.move();
    });
  }

  /** It may be enough now. */
  move(): void {
    for (const wait of this.#waits) {
      if (!wait.enough()) continue;
      this.#waits.delete(wait);
      wait.resolve();
    }
  }

  /** A connection begins; to be called again when it is over. */
  connection(): () => void {
    this.#connections++;
    return () => {
      if (--this.#connections > 0) return;
      for (const { reject } of this.#waits) reject(new Error('the connection is over'));
      this.#waits.clear();
    };
  }
}
