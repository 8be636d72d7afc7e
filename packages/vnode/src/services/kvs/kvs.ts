/** The key-value store that applications have in the store of the cluster. */
import { randomBytes } from 'node:crypto';
import { type Entry, type Feed, type Kvs, ORDERED, type Store } from '@n2o/shared';
import { createFeed } from './feed.ts';
import { createIds, type Random } from './ids.ts';
import { needName } from './name.ts';
import { readAll } from './reader.ts';
import { createValues } from './value.ts';

/** Bytes that a value may take, as it is written. */
const VALUE_BYTES = 1024 * 1024;

export interface KvsOptions {
  readonly store: Store;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
  /** Default: `randomBytes` of Node.js. */
  readonly random?: Random;
  readonly limits?: KvsLimits;
}

export interface KvsLimits {
  /** Bytes that a value may take, as it is written. Default: 1 MiB. */
  readonly value?: number;
}

/** The store stays open, and is for its owner to close. */
export function createStoreKvs(options: KvsOptions): Kvs {
  const { store, now = Date.now, random = randomBytes, limits = {} } = options;
  const values = createValues(limits.value ?? VALUE_BYTES);
  const nextId = createIds(now, random);

  return {
    async get<Value>(table: string, key: string) {
      const [kept] = await store.get(tableOf(table), [needName(key)]);
      return kept && (values.read(kept) as Value);
    },
    async put(table, key, value) {
      const change = { group: tableOf(table), field: needName(key), value: values.write(value) };
      await store.commit([change]);
    },
    async delete(table, key) {
      await store.commit([{ group: tableOf(table), field: needName(key), value: undefined }]);
    },
    all<Value>(table: string) {
      return readAll(store, values, tableOf(table)) as AsyncIterable<Entry<Value>>;
    },
    feed<Value>(name: string) {
      const group = `${ORDERED}feed/${needName(name)}`;
      return createFeed({ store, values, group, nextId }) as Feed<Value>;
    },
  };
}

function tableOf(table: string): string {
  return `${ORDERED}kvs/${needName(table)}`;
}
