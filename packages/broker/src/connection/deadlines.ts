/** One clock and one timer for the deadlines of all connections: keep-alive and CONNECT. */

/** Something that is over when its time is up. */
export interface Timed {
  /** Milliseconds of the clock after which `expire` is due; Infinity for never. Asked when the time seems up. */
  readonly due: number;
  /** Where it waits; the deadlines' own. */
  place: Place | undefined;
  expire(): void;
}

/** How coarse the clock is, in milliseconds. */
export const TICK = 250;

/** A place in a line. */
interface Place {
  readonly timed: Timed;
  readonly line: Line;
  before: Place | undefined;
  behind: Place | undefined;
}

/** Those that wait for the same tick. */
class Line {
  readonly tick: number;
  first: Place | undefined;
  #last: Place | undefined;

  constructor(tick: number) {
    this.tick = tick;
  }

  append(timed: Timed): Place {
    const place: Place = { timed, line: this, before: this.#last, behind: undefined };
    if (this.#last) this.#last.behind = place;
    else this.first = place;
    this.#last = place;
    return place;
  }

  remove(place: Place): void {
    const { before, behind } = place;
    if (before) before.behind = behind;
    else this.first = behind;
    if (behind) behind.before = before;
    else this.#last = before;
    // One that is dead, but old, would keep all that came after it from the collector of young garbage.
    place.before = place.behind = undefined;
  }
}

/**
 * Keeps things in one line per tick. When a line's turn comes each thing is asked for its present
 * deadline, so that moving a deadline costs nothing but a number.
 */
export class Deadlines {
  /** Milliseconds, monotonic, as of the last tick. */
  now = performance.now();
  readonly #lines = new Map<number, Line>();
  readonly #timer: NodeJS.Timeout;
  #tick = 0;
  #size = 0;

  constructor() {
    this.#tick = Math.floor(this.now / TICK);
    this.#timer = setInterval(() => this.advance(performance.now()), TICK);
    this.#timer.unref();
  }

  get size(): number {
    return this.#size;
  }

  add(timed: Timed): void {
    this.remove(timed);
    if (timed.due === Number.POSITIVE_INFINITY) return;
    const tick = Math.max(this.#tick + 1, Math.ceil(timed.due / TICK));
    let line = this.#lines.get(tick);
    if (line === undefined) {
      line = new Line(tick);
      this.#lines.set(tick, line);
    }
    timed.place = line.append(timed);
    this.#size++;
  }

  remove(timed: Timed): void {
    const { place } = timed;
    if (place === undefined) return;
    const { line } = place;
    timed.place = undefined;
    line.remove(place);
    this.#size--;
    if (line.first === undefined) this.#lines.delete(line.tick);
  }

  /** Moves the clock; called by the timer. */
  advance(now: number): void {
    this.now = now;
    const until = Math.floor(now / TICK);
    while (this.#tick < until) {
      const line = this.#lines.get(++this.#tick);
      for (let timed = line?.first?.timed; timed; timed = line?.first?.timed) {
        this.remove(timed);
        if (timed.due <= now) timed.expire();
        else this.add(timed);
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#lines.clear();
  }
}
