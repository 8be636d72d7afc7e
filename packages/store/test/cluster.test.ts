import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Change } from '@n2o/shared';
import { afterAll, expect, it, vi } from 'vitest';
import { freePort, type RedisServer, startRedis } from '../../../test/support/redis.ts';
import { Journal } from '../src/journal.ts';
import { connectRedisStore } from '../src/redis/store.ts';
import { conforms } from './conformance.ts';

const nodes: RedisServer[] = [];
for (let i = 0; i < 3; i++) {
  const args = [
    ...['--cluster-enabled', 'yes', '--cluster-port', `${await freePort()}`],
    ...['--cluster-node-timeout', '1000', '--appendonly', 'yes', '--appendfsync', 'always'],
  ];
  nodes.push(await startRedis({ args }));
}
afterAll(async () => {
  for (const node of nodes) await node[Symbol.asyncDispose]();
});
await promisify(execFile)('redis-cli', [
  ...['--cluster', 'create', ...nodes.map(({ address }) => address), '--cluster-yes'],
]);
await clusterIsUp();

async function clusterIsUp(): Promise<void> {
  await vi.waitFor(
    async () => {
      for (const node of nodes) {
        const info = await node.ask('CLUSTER', 'INFO');
        expect(info).toContain('cluster_state:ok');
        expect(info).toContain('cluster_known_nodes:3');
      }
    },
    { timeout: 20_000, interval: 100 },
  );
}

const url = `redis+cluster://${nodes.map(({ address }) => address).join(',')}`;

conforms('a cluster of Redis', { open: () => connectRedisStore({ url }), shared: true });

it('a cluster of Redis spreads groups, and keeps those of one tag together under their fence', async () => {
  const store = await connectRedisStore({ url });
  const groups = Array.from({ length: 60 }, (_, i) => `spread/${i}`);
  const put = (group: string): Change => ({ group, field: 'a', value: Buffer.from('1') });
  await store.commit(groups.map(put));
  const sizes = await Promise.all(nodes.map(async (node) => Number(await node.ask('DBSIZE'))));
  expect(Math.min(...sizes)).toBeGreaterThan(0);
  for (const group of groups) expect((await store.extent(group))?.count).toBe(1);
  await store.commit([put('a/{v1}'), put('b/{v1}/x')], { name: '{v1}', epoch: 1 });
  await store.close();
});

it('a cluster of which one node is killed and comes back has everything that was confirmed', async () => {
  const store = await connectRedisStore({ url });
  const journal = new Journal({ store });
  const total = 3_000;
  const confirmed: number[] = [];
  for (let i = 0; i < total; i++) {
    journal.put(`kill/${i % 30}`, `${i}`, Buffer.from('1'));
    journal.kept(() => confirmed.push(i));
    if (i === 1_000) await nodes[0]?.kill();
    if (i === 2_000) await nodes[0]?.start();
    if (i % 50 === 0) await new Promise((turn) => setImmediate(turn));
  }
  await journal.settled();
  expect(confirmed).toEqual(Array.from({ length: total }, (_, i) => i));
  for (let group = 0; group < 30; group++)
    expect((await store.extent(`kill/${group}`))?.count).toBe(total / 30);
  await store.close();
});
