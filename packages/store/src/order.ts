/** Which groups are kept in order, and how much of one is read at a time. */
import { N2OError, ORDERED, RANGE_BYTES } from '@n2o/shared';

export type Entry = readonly [field: string, value: Uint8Array];

export function isOrdered(group: string): boolean {
  return group.startsWith(ORDERED);
}

/** @throws N2O_STORE_ORDER */
export function needOrdered(group: string): void {
  if (isOrdered(group)) return;
  const detail = `the group ${group} is not kept in order: its name does not begin with ${ORDERED}`;
  throw new N2OError('N2O_STORE_ORDER', detail);
}

/** What a range takes of the entries that come: not more than so many, nor many more bytes than it may have. */
export class Portion {
  readonly entries: Entry[] = [];
  readonly #count: number;
  #bytes = 0;

  constructor(count: number) {
    this.#count = Math.trunc(count);
  }

  /** How many it still takes. */
  get room(): number {
    return this.#bytes < RANGE_BYTES ? Math.max(0, this.#count - this.entries.length) : 0;
  }

  take(entry: Entry): void {
    this.entries.push(entry);
    this.#bytes += entry[1].length;
  }
}
