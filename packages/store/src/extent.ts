/** Finds the extent of a group from its fields, in whatever order they come. */
import type { Extent } from '@n2o/shared';
import { precedes } from './byte-order.ts';

/** What is known after so many fields more. */
export function widen(extent: Extent | undefined, fields: Iterable<string>): Extent | undefined {
  let { first, last, count } = extent ?? { first: undefined, last: undefined, count: 0 };
  for (const field of fields) {
    if (first === undefined || precedes(field, first)) first = field;
    if (last === undefined || precedes(last, field)) last = field;
    count++;
  }
  return first === undefined || last === undefined ? undefined : { first, last, count };
}
