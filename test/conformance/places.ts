/** Where the brokers of this suite keep what they are told to keep. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@n2o/shared';
import { openStore } from '@n2o/store';
import { afterAll, onTestFinished } from 'vitest';
import { type Redis, startRedis } from './redis.ts';

/** A place of one test, with nothing in it at first. */
export interface Place {
  /** What `--store` and `--store-prefix` are told. */
  readonly url: string;
  readonly prefix: string;
}

export interface Places {
  readonly name: string;
  /** Whether what is kept outlives the broker. */
  readonly durable: boolean;
  /** Finds one that is gone with the test. */
  find(): Promise<Place>;
}

/** One for each store. To be called where a test file begins: what they need is ended with it. */
export function places(): readonly Places[] {
  return [
    {
      name: 'memory',
      durable: false,
      find: async () => ({ url: 'memory', prefix: 'n2o' }),
    },
    { name: 'folder', durable: true, find: findFolder },
    { name: 'Redis', durable: true, find: inRedis() },
  ];
}

export function openPlace({ url, prefix }: Place): Promise<Store> {
  return openStore(url, { prefix });
}

async function findFolder(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-store-'));
  // Told first, done last: the broker has closed it by then.
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { url: folder, prefix: 'n2o' };
}

/** One Redis for all tests of a file, where each has names of its own. */
function inRedis(): () => Promise<Place> {
  let redis: Promise<Redis> | undefined;
  let count = 0;
  afterAll(async () => (await redis)?.stop());
  return async () => {
    redis ??= startRedis();
    return { url: (await redis).url, prefix: `n2o-${count++}` };
  };
}
