import type { N2OError } from '@n2o/shared';
import { afterAll, expect, it, vi } from 'vitest';
import { freePort, startRedis } from '../../../test/support/redis.ts';
import { Journal } from '../src/journal.ts';
import { connectRedisStore } from '../src/redis/store.ts';
import { conforms } from './conformance.ts';

const master = await startRedis();
const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', `${master.port}`] });
const sentinelPort = await freePort();
const sentinel = await startRedis({
  port: sentinelPort,
  sentinel: [
    `port ${sentinelPort}`,
    `sentinel monitor n2o 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds n2o 1000',
    'sentinel failover-timeout n2o 2000',
    '',
  ].join('\n'),
});
afterAll(async () => {
  for (const server of [sentinel, replica, master]) await server[Symbol.asyncDispose]();
});

// Nobody listens where the first one should be.
const url = `redis+sentinel://127.0.0.1:${await freePort()},${sentinel.address}/n2o`;

conforms('Redis behind Sentinels', { open: () => connectRedisStore({ url }), shared: true });

it('Redis behind Sentinels is followed to the server that takes over, and nothing confirmed is lost', async () => {
  await vi.waitFor(
    async () =>
      expect(await sentinel.ask('SENTINEL', 'replicas', 'n2o')).toContain('master-link-status\nok'),
    { timeout: 18_000, interval: 100 },
  );
  const states: (N2OError | undefined)[] = [];
  const store = await connectRedisStore({ url, onState: (down) => states.push(down) });
  const journal = new Journal({ store });
  journal.put('failover', 'before', Buffer.from('1'));
  await journal.settled();
  // Replication is asynchronous.
  await vi.waitFor(async () =>
    expect(await replica.ask('HGET', 'n2o/failover', 'before')).toBe('1'),
  );
  await master.kill();
  journal.put('failover', 'meanwhile', Buffer.from('2'));
  await journal.settled();
  expect(states.some((down) => down?.code === 'N2O_STORE_UNAVAILABLE')).toBe(true);
  expect(states.at(-1)).toBeUndefined();
  expect((await store.extent('failover'))?.count).toBe(2);
  expect(await replica.ask('ROLE')).toContain('master');
  await store.close();
});

it('Sentinels that are not there are named', async () => {
  const port = await freePort();
  const giveUp = new AbortController();
  const told: (N2OError | undefined)[] = [];
  const opening = connectRedisStore({
    url: `redis+sentinel://127.0.0.1:${port}/n2o`,
    signal: giveUp.signal,
    onState(down) {
      told.push(down);
      giveUp.abort();
    },
  });
  await expect(opening).rejects.toMatchObject({ code: 'N2O_STORE_UNAVAILABLE' });
  expect(told[0]?.message).toMatch(
    `Redis at redis+sentinel://127.0.0.1:${port}/n2o: All sentinels are unreachable.`,
  );
});
