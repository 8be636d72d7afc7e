/** Names in the order of their UTF-8 bytes: cheap to add at the end, and not dear elsewhere. */
import { precedes } from './byte-order.ts';

/** Of texts without these, JavaScript's own order is that of their bytes as well, and it is faster. */
const UNUSUAL = /[\ud800-\uffff]/;

/** So many names are in a run: moving half of them costs less than finding the run. */
const RUN = 512;

/** Runs of names, none of them empty, each of which precedes the next. */
export class SortedNames {
  readonly #runs: string[][] = [];
  #precedes = (a: string, b: string): boolean => a < b;

  get first(): string | undefined {
    return this.#runs[0]?.[0];
  }

  get last(): string | undefined {
    return this.#runs.at(-1)?.at(-1);
  }

  /** Adds a name that is not in it. */
  add(name: string): void {
    if (UNUSUAL.test(name)) this.#precedes = precedes;
    const at = Math.max(0, this.#runOf(name));
    const run = this.#runs[at];
    if (run === undefined) {
      this.#runs.push([name]);
      return;
    }
    const place = this.#placeOf(run, name);
    if (run.length < RUN) run.splice(place, 0, name);
    else if (place === RUN && at === this.#runs.length - 1) this.#runs.push([name]);
    else {
      const upper = run.splice(RUN / 2);
      this.#runs.splice(at + 1, 0, upper);
      if (place > RUN / 2) upper.splice(place - RUN / 2, 0, name);
      else run.splice(place, 0, name);
    }
  }

  /** Removes a name that is in it. */
  remove(name: string): void {
    const at = this.#runOf(name);
    const run = this.#runs[at];
    if (run === undefined) return;
    run.splice(this.#placeOf(run, name), 1);
    if (run.length === 0) this.#runs.splice(at, 1);
  }

  /** Those behind a name, or all. They MUST NOT be changed meanwhile. */
  *after(from: string | undefined): Generator<string> {
    const start = from === undefined ? 0 : Math.max(0, this.#runOf(from));
    for (let at = start; at < this.#runs.length; at++) {
      const run = this.#runs[at] as string[];
      let i = at === start && from !== undefined ? this.#placeOf(run, from) : 0;
      if (run[i] === from) i++;
      for (; i < run.length; i++) yield run[i] as string;
    }
  }

  /** Those before a name, or all, from the last to the first. They MUST NOT be changed meanwhile. */
  *before(from: string | undefined): Generator<string> {
    const start = from === undefined ? this.#runs.length - 1 : this.#runOf(from);
    for (let at = start; at >= 0; at--) {
      const run = this.#runs[at] as string[];
      let i = at === start && from !== undefined ? this.#placeOf(run, from) : run.length;
      while (--i >= 0) yield run[i] as string;
    }
  }

  /** The last run that does not begin behind a name; -1 when all do. */
  #runOf(name: string): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#precedes(name, this.#runs[middle]?.[0] as string)) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }

  /** Where a name is in a run, or would be. */
  #placeOf(run: readonly string[], name: string): number {
    if (this.#precedes(run.at(-1) as string, name)) return run.length;
    let low = 0;
    let high = run.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#precedes(run[middle] as string, name)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
