/** One deadline for all that wait: as all may wait equally long, one ordered set and one timer do. */

/** Calls `expire` for each member that is still there when its time is up, the oldest first. */
export class Deadline<Member> {
  /** Member → when its time is up, on the clock of `performance.now()`; in this order too. */
  readonly #due = new Map<Member, number>();
  readonly #milliseconds: number;
  readonly #expire: (member: Member) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, expire: (member: Member) => void) {
    this.#milliseconds = milliseconds;
    this.#expire = expire;
  }

  add(member: Member): void {
    this.#due.set(member, performance.now() + this.#milliseconds);
    if (this.#timer === undefined) this.#arm(this.#milliseconds);
  }

  /** Whether the member was still there: its time was not yet up. */
  delete(member: Member): boolean {
    return this.#due.delete(member);
  }

  /** The time of all is up now. */
  end(): void {
    for (const member of this.#due.keys()) {
      this.#due.delete(member);
      this.#expire(member);
    }
  }

  /** Forgets the timer; for when no more members come. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(milliseconds: number): void {
    // It is not worth staying alive for: whoever waits for an answer keeps a socket or a port open.
    this.#timer = setTimeout(() => this.#tick(), milliseconds).unref();
  }

  #tick(): void {
    // `#timer` stays set meanwhile: members that are added are the last of this very loop.
    const now = performance.now();
    for (const [member, due] of this.#due) {
      if (due > now) {
        this.#arm(due - now);
        return;
      }
      this.#due.delete(member);
      this.#expire(member);
    }
    this.#timer = undefined;
  }
}
