/** One deadline for all that wait: as all may wait equally long, one list and one timer do. */

/** A place in the list. */
export interface Place<Member> {
  readonly member: Member;
  /** When its time is up, on the clock of `performance.now()`; `undefined` once it has left the list. */
  due: number | undefined;
  before: Place<Member> | undefined;
  behind: Place<Member> | undefined;
}

/** Calls `expire` for each member that is still there when its time is up, the oldest first. */
export class Deadline<Member> {
  readonly #milliseconds: number;
  readonly #expire: (member: Member) => void;
  #first: Place<Member> | undefined;
  #last: Place<Member> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, expire: (member: Member) => void) {
    this.#milliseconds = milliseconds;
    this.#expire = expire;
  }

  add(member: Member): Place<Member> {
    const due = performance.now() + this.#milliseconds;
    const place: Place<Member> = { member, due, before: this.#last, behind: undefined };
    if (this.#last === undefined) this.#first = place;
    else this.#last.behind = place;
    this.#last = place;
    if (this.#timer === undefined) this.#arm(this.#milliseconds);
    return place;
  }

  /** Takes a member out; `false` if it has been: its time was up. */
  delete(place: Place<Member>): boolean {
    if (place.due === undefined) return false;
    place.due = undefined;
    const { before, behind } = place;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    // Lest one that is dead, but old, keeps all that came after it from the collector of young garbage.
    place.before = place.behind = undefined;
    return true;
  }

  /** The time is up for all that are due at `time`; by default for all that are there. */
  end(time: number = Number.POSITIVE_INFINITY): void {
    let place = this.#first;
    while (place?.due !== undefined && place.due <= time) {
      this.delete(place);
      this.#expire(place.member);
      place = this.#first;
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
    // `#timer` stays set meanwhile: a member that is added has more time than those before it.
    const now = performance.now();
    this.end(now);
    this.#timer = undefined;
    if (this.#first?.due !== undefined) this.#arm(this.#first.due - now);
  }
}
