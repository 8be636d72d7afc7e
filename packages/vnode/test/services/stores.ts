/** The stores that services are held to: memory, a folder, and a Redis of the test's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@n2o/shared';
import { connectRedisStore, createMemoryStore, openFolderStore } from '@n2o/store';
import { startRedis } from '../../../../test/support/redis.ts';

export interface StoreSubject {
  readonly name: string;
  open(): Promise<{ readonly store: Store; close(): Promise<void> }>;
}

export const STORES: readonly StoreSubject[] = [
  {
    name: 'the memory',
    async open() {
      const store = createMemoryStore();
      return { store, close: () => store.close() };
    },
  },
  {
    name: 'a folder',
    async open() {
      const folder = await mkdtemp(join(tmpdir(), 'n2o-services-'));
      const store = await openFolderStore({ folder: join(folder, 'store') });
      return {
        store,
        async close() {
          await store.close();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  },
  {
    name: 'Redis',
    async open() {
      const redis = await startRedis();
      const store = await connectRedisStore({ url: `redis://${redis.address}` });
      return {
        store,
        async close() {
          await store.close();
          await redis[Symbol.asyncDispose]();
        },
      };
    },
  },
];
