/** What a run has found: counts of what may happen, and whatever must not. */

/** So many faults are kept; one is enough to look for the cause. */
const MOST = 5;

export class Findings {
  readonly faults: string[] = [];
  readonly counts = new Map<string, number>();
  /** Milliseconds from a request to its answer, the longest of all. */
  longest = 0;

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  fault(text: string): void {
    if (this.faults.length < MOST) this.faults.push(text);
  }

  /** Errors that clients were told. */
  get errors(): string[] {
    return [...this.counts.keys()].filter((what) => what.startsWith('N2O_'));
  }

  print(): string {
    const counts = [...this.counts].map(([what, count]) => `${count} × ${what}`);
    return [...counts, `longest wait ${(this.longest / 1000).toFixed(1)} s`].join(', ');
  }
}
