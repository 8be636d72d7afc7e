/** Feeds: groups whose fields are named in the order of appending. */
import type { Feed, Store } from '@n2o/shared';
import { needName } from './name.ts';
import { readPart } from './reader.ts';
import type { Values } from './value.ts';

const DEFAULT_COUNT = 20;
const MOST = 1_000;

export interface FeedOptions {
  readonly store: Store;
  readonly values: Values;
  readonly group: string;
  readonly nextId: () => string;
}

export function createFeed({ store, values, group, nextId }: FeedOptions): Feed<unknown> {
  return {
    async append(value) {
      const bytes = values.write(value);
      // Named as it is committed: commits keep the order of asking.
      const field = nextId();
      await store.commit([{ group, field, value: bytes }]);
      return field;
    },
    async take({ count = DEFAULT_COUNT, from, order = 'newest' } = {}) {
      const part = await readPart(store, values, group, {
        from: from === undefined ? undefined : needName(from),
        count: Math.min(Math.max(1, Math.floor(count) || 1), MOST),
        reverse: order === 'newest',
      });
      return { entries: part.entries, next: part.isLast ? undefined : part.entries.at(-1)?.key };
    },
    async get(id) {
      const [kept] = await store.get(group, [needName(id)]);
      return kept && values.read(kept);
    },
    async remove(id) {
      await store.commit([{ group, field: needName(id), value: undefined }]);
    },
    async count() {
      return (await store.extent(group))?.count ?? 0;
    },
  };
}
