/** What is under way of one vnode: how much it is, and when it is nothing any more. */

export class Load {
  #count = 0;
  #bytes = 0;
  #idle: (() => void) | undefined;

  /** Events under way. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of their payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  enter(payload: Uint8Array): void {
    this.#count++;
    this.#bytes += payload.length;
  }

  leave(payload: Uint8Array): void {
    this.#count--;
    this.#bytes -= payload.length;
    if (this.#count === 0) this.#idle?.();
  }

  /** Resolves when nothing is under way, or after so many milliseconds. */
  async end(patience: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, patience);
      this.#idle = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }
}
