/** Reads some of a group in the order of its fields: LevelDB has them so. */
import type { Range } from '@n2o/shared';
import { type Entry, Portion } from '../order.ts';
import { keyOf, rangeOf } from './keys.ts';
import type { Database } from './writer.ts';

/** So many entries are read at a time, and about so many bytes. */
export const PAGE = 1_000;
export const PAGE_BYTES = 256 * 1024;

export async function readRange(
  database: Database,
  group: string,
  { from, count, reverse = false }: Range,
): Promise<readonly Entry[]> {
  const portion = new Portion(count);
  const { gte, lt } = rangeOf(group);
  const edge = keyOf(group, from ?? '');
  const behind = from === undefined ? { gte, lt } : { gt: edge, lt };
  const before = from === undefined ? { gte, lt } : { gte, lt: edge };
  const entries = database.iterator({
    ...(reverse ? before : behind),
    ...{ reverse, highWaterMarkBytes: PAGE_BYTES },
  });
  try {
    while (portion.room > 0) {
      const page = await entries.nextv(Math.min(portion.room, PAGE));
      if (page.length === 0) break;
      for (const [key, value] of page) portion.take([key.slice(gte.length), value]);
    }
    return portion.entries;
  } finally {
    await entries.close();
  }
}
