/** Reads groups that are kept in order, and what their values stand for. */
import { type Entry, RANGE_BYTES, type Store } from '@n2o/shared';
import type { Values } from './value.ts';

/** So many entries of a table are read at a time. */
const PAGE = 100;

export interface Part {
  readonly entries: readonly Entry<unknown>[];
  /** Nothing is behind it. */
  readonly isLast: boolean;
}

export interface PartOptions {
  /** Behind which key it begins; without one at an end. */
  readonly from?: string | undefined;
  readonly count: number;
  readonly reverse: boolean;
}

/** Some of a group. @throws N2O_STORE_UNAVAILABLE, N2O_FORMAT_DECODE */
export async function readPart(
  store: Store,
  values: Values,
  group: string,
  { from, count, reverse }: PartOptions,
): Promise<Part> {
  // One more tells whether there are more.
  const found = await store.range(group, { from, count: count + 1, reverse });
  const bytes = found.reduce((sum, [, value]) => sum + value.length, 0);
  const some = found.slice(0, count);
  return {
    entries: some.map(([key, value]) => ({ key, value: values.read(value) })),
    isLast: found.length <= count && bytes < RANGE_BYTES,
  };
}

/** All of a group. @throws N2O_STORE_UNAVAILABLE, N2O_FORMAT_DECODE */
export async function* readAll(
  store: Store,
  values: Values,
  group: string,
): AsyncGenerator<Entry<unknown>> {
  let from: string | undefined;
  for (;;) {
    const part = await readPart(store, values, group, { from, count: PAGE, reverse: false });
    yield* part.entries;
    from = part.entries.at(-1)?.key;
    if (part.isLast || from === undefined) return;
  }
}
