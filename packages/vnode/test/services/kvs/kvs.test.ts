import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRedisStore, createMemoryStore, openFolderStore } from '@n2o/store';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../../../../../test/support/redis.ts';
import { createStoreKvs } from '../../../src/services/kvs/kvs.ts';
import { conforms } from './conformance.ts';

const redis = await startRedis();
const root = await mkdtemp(join(tmpdir(), 'n2o-kvs-'));
const folder = await openFolderStore({ folder: join(root, 'store') });
const inRedis = await connectRedisStore({ url: `redis://${redis.address}` });
afterAll(async () => {
  await folder.close();
  await inRedis.close();
  await redis[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

conforms('the one in memory', async () => createStoreKvs({ store: createMemoryStore() }));
conforms('the one in a folder', async () => createStoreKvs({ store: folder }));
conforms('the one in Redis', async () => createStoreKvs({ store: inRedis }));

describe('a feed', () => {
  it('has all that two processes append at once, the entries of each in their order', async () => {
    const processes = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const store = await connectRedisStore({ url: `redis://${redis.address}/1` });
        onTestFinished(() => store.close());
        return { name, feed: createStoreKvs({ store }).feed<string>('shared') };
      }),
    );
    const each = Array.from({ length: 500 }, (_, i) => i);
    const turn = () => new Promise((next) => setImmediate(next));
    await Promise.all(
      processes.map(async ({ name, feed }) => {
        const appended: Promise<string>[] = [];
        for (const i of each) {
          appended.push(feed.append(`${name}${i}`));
          if (i % 7 === 0) await turn();
        }
        expect(new Set(await Promise.all(appended)).size).toBe(500);
      }),
    );
    const [{ feed } = { feed: undefined }] = processes;
    expect(await feed?.count()).toBe(1_000);
    const page = await feed?.take({ count: 1_000, order: 'oldest' });
    const values = page?.entries.map(({ value }) => value) ?? [];
    for (const { name } of processes) {
      const own = values.filter((value) => value.startsWith(name));
      expect(own).toEqual(each.map((i) => `${name}${i}`));
    }
  });

  it('keeps the order of appending when the clock stands still, steps back or is exhausted', async () => {
    let time = 1_000_000;
    const now = () => time;
    const random = (count: number) => new Uint8Array(count).fill(0xab);
    const feed = createStoreKvs({ store: createMemoryStore(), now, random }).feed('ids');
    const ids = [await feed.append(0), await feed.append(1)];
    expect(ids[0]).toBe('0000000f42400000abababababababab');
    expect(ids[1]).toBe('0000000f42400001abababababababab');
    time -= 500_000;
    for (let i = 0; i < 70_000; i++) ids.push(await feed.append(i));
    time += 600_000;
    ids.push(await feed.append(2));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives away values that nobody else has', async () => {
    const kvs = createStoreKvs({ store: createMemoryStore() });
    const value = Uint8Array.of(1, 2, 3);
    await kvs.put('own', 'a', value);
    value[0] = 9;
    const first = await kvs.get<Uint8Array>('own', 'a');
    expect(first).toEqual(Uint8Array.of(1, 2, 3));
    first?.fill(0);
    expect(await kvs.get('own', 'a')).toEqual(Uint8Array.of(1, 2, 3));
  });
});

it('a key-value store takes no larger values than it is told', async () => {
  const kvs = createStoreKvs({ store: createMemoryStore(), limits: { value: 10 } });
  await kvs.put('t', 'a', '12345678');
  expect(await kvs.get('t', 'a')).toBe('12345678');
  await expect(kvs.put('t', 'a', '123456789')).rejects.toMatchObject({ code: 'N2O_KVS_LIMIT' });
});
