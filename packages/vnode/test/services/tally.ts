/** Counts where we knowingly differ from golden vectors, reason by reason, and shows it. */
import { expect } from 'vitest';

export class Tally {
  readonly #counts: Map<string, number>;

  constructor(reasons: Iterable<string>) {
    this.#counts = new Map([...reasons].map((reason) => [reason, 0]));
  }

  /** How many were counted, for whatever reason. */
  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  count(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /**
   * Shows the counts, and holds that there is no fault, and no reason without a case.
   * @param headline comes first
   * @param of what a case is: a line, a step
   */
  end(headline: string, of: string, faults: readonly string[] = []): void {
    console.info(headline);
    for (const [reason, count] of this.#counts) console.info(`  ${count} × ${reason}`);
    expect(faults.join('\n')).toBe('');
    for (const [reason, count] of this.#counts) {
      expect(count, `no ${of} for: ${reason}`).toBeGreaterThan(0);
    }
  }
}
