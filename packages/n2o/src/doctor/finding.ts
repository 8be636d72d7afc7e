/** What a probe found out about one promise. */

/** `limited`: kept up to a bound that is configured in the broker. */
export type Verdict = 'kept' | 'limited' | 'broken' | 'not tested';

/** What a broker has to do. */
export interface Promised {
  /** In a few words. */
  readonly promise: string;
  /** What to configure where it is not kept. */
  readonly advice: string;
}

export interface Finding extends Promised {
  readonly verdict: Verdict;
  /** What was measured; may be empty. */
  readonly figure: string;
  /** What the figure means, or what is wrong. */
  readonly sentence: string;
}

/**
 * A promise is kept when nothing speaks against it.
 *
 * @param sentence what is so when there are no faults
 */
export function judge(
  promised: Promised,
  faults: readonly string[],
  figure: string,
  sentence: string,
): Finding {
  if (faults.length === 0) return { ...promised, verdict: 'kept', figure, sentence };
  return { ...promised, verdict: 'broken', figure, sentence: faults.join('; ') };
}

/** Digits in groups of three: `3,000`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
