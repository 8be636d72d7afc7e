/** When groups end, and who has a look from time to time. */

const SWEEP_MS = 5_000;
/** So many are swept at a time. */
const SOME = 200;

export class Lifetimes {
  /** Group → milliseconds since 1970. */
  readonly #ends = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  /** Those that were not yet looked at. */
  #rest: Iterator<[group: string, end: number]> | undefined;

  /** @param sweep called now and then, to remove what is over */
  constructor(sweep: () => void) {
    this.#timer = setInterval(sweep, SWEEP_MS).unref();
  }

  /** @param end milliseconds since 1970; Infinity: never */
  set(group: string, end: number): void {
    if (end === Number.POSITIVE_INFINITY) this.#ends.delete(group);
    else this.#ends.set(group, end);
  }

  has(group: string): boolean {
    return this.#ends.has(group);
  }

  /** Some of the groups that are over, others each time; none once all were looked at. */
  over(): string[] {
    const now = Date.now();
    const groups: string[] = [];
    this.#rest ??= this.#ends.entries();
    while (groups.length < SOME) {
      const next = this.#rest.next();
      if (next.done) {
        this.#rest = undefined;
        break;
      }
      const [group, end] = next.value;
      if (end <= now) groups.push(group);
    }
    return groups;
  }

  isOver(group: string): boolean {
    if (this.#ends.size === 0) return false;
    const end = this.#ends.get(group);
    return end !== undefined && end <= Date.now();
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
