/** Counts what is wrong with a series of numbered messages. */

import type { Delivery } from './peer.ts';

/** A message as it came: its number, and whether it said that it may have come before. */
export interface Numbered {
  readonly number: number;
  readonly dup: boolean;
}

export interface Audit {
  /** Numbers that came. */
  readonly distinct: number;
  /** Numbers that did not come. */
  readonly missing: number;
  /** Numbers that came after a higher one. */
  readonly inverted: number;
  /** Messages that came again and did not say so. */
  readonly repeated: number;
}

/** Compares what came with the numbers 0 to `expected` - 1 in their order. */
export function audit(series: readonly Numbered[], expected: number): Audit {
  const seen = new Set<number>();
  let highest = -1;
  let inverted = 0;
  let repeated = 0;
  for (const { number, dup } of series) {
    if (seen.has(number)) {
      if (!dup) repeated++;
      continue;
    }
    seen.add(number);
    if (number < highest) inverted++;
    else highest = number;
  }
  return { distinct: seen.size, missing: expected - seen.size, inverted, repeated };
}

/** Payloads that are numbers, from the first to before the last. */
export function* numbers(from: number, to: number): Generator<string> {
  for (let number = from; number < to; number++) yield String(number);
}

/** The numbers of what came. */
export function numbered(deliveries: readonly Delivery[]): Numbered[] {
  return deliveries.map(({ payload, dup }) => ({ number: Number(payload.toString()), dup }));
}
