/** How fast messages are kept for clients that are away: our stores, and aedes-persistence-redis. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createMemoryStore, Journal, openFolderStore, openStore } from '@n2o/store';
import aedesPersistence from 'aedes-persistence-redis';
import { Redis } from 'ioredis';
import { freePort } from './servers.mjs';
import { figure, median, table } from './tables.mjs';

const CLIENTS = 1_000;
/** Messages that are asked for and not yet kept; and how many come in one turn of the event loop. */
const WINDOW = 5_000;
const BURST = 200;
const PAYLOAD = Buffer.alloc(200, 'x');
const THEIRS = 'aedes-persistence-redis';

/**
 * @typedef {(number: number, done: () => void) => void} Enqueue keeps a message and calls back
 * @typedef {{ name: string, enqueue: Enqueue, clear?: () => Promise<unknown>, close: () => Promise<unknown> }} Contender
 */

/** Messages per second, as a table; medians of rounds in which they take turns. */
export async function measureStores({ rounds, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'n2o-bench-'));
  const redis = await startRedis(folder);
  const contenders = await Promise.all([
    ours('memory', createMemoryStore()),
    ours('folder', openFolderStore({ folder: join(folder, 'plain') })),
    ours(
      'folder, each commit on disk',
      openFolderStore({ folder: join(folder, 'sync'), sync: true }),
    ),
    ours('redis', openStore(`redis://127.0.0.1:${redis.port}`), () => redis.client.flushall()),
    theirs(redis),
  ]);
  try {
    const results = contenders.map(() => ({
      rates: /** @type {number[]} */ ([]),
      costs: /** @type {number[]} */ ([]),
    }));
    for (let round = 0; round < rounds; round++) {
      for (const [i, { enqueue, clear }] of contenders.entries()) {
        const before = await cpuMicroseconds(redis);
        const { kept, took } = await run(enqueue, seconds);
        results[i].rates.push(kept / took);
        results[i].costs.push(((await cpuMicroseconds(redis)) - before) / kept);
        await clear?.();
      }
    }
    const { rates: theirs } = results[contenders.findIndex(({ name }) => name === THEIRS)];
    const rows = results.map(({ rates, costs }, i) => [
      contenders[i].name,
      figure(median(rates)),
      figure(median(rates.map((rate, round) => rate / theirs[round])), 1),
      figure(median(costs), 1),
    ]);
    const head = ['kept for clients that are away', 'messages/s', `of ${THEIRS}`, 'CPU µs'];
    return table(head, rows);
  } finally {
    for (const { close } of contenders) await close();
    await redis.stop();
    rmSync(folder, { recursive: true });
  }
}

/** @param {Enqueue} enqueue @returns {Promise<{ kept: number, took: number }>} messages, and seconds */
function run(enqueue, seconds) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let asked = 0;
  let kept = 0;
  return new Promise((resolve) => {
    let scheduled = false;
    const turn = () => {
      scheduled = false;
      if (performance.now() < end) {
        const most = Math.min(asked + BURST, kept + WINDOW);
        while (asked < most) enqueue(asked++, done);
        if (asked - kept < WINDOW) schedule();
      } else if (asked === kept) resolve({ kept, took: (performance.now() - start) / 1000 });
    };
    const schedule = () => {
      if (!scheduled) setImmediate(turn);
      scheduled = true;
    };
    const done = () => {
      kept++;
      schedule();
    };
    turn();
  });
}

/** What this process and Redis have taken. */
async function cpuMicroseconds({ client }) {
  const { user, system } = process.cpuUsage();
  const text = await client.info('cpu');
  const seconds = (name) => Number(new RegExp(`^used_cpu_${name}:([\\d.]+)`, 'm').exec(text)?.[1]);
  return user + system + (seconds('user') + seconds('sys')) * 1e6;
}

/** @returns {Promise<Contender>} */
async function ours(name, opening, clear) {
  const store = await opening;
  const journal = new Journal({ store });
  const clients = topics().map((topic, i) => ({ topic, group: `queue/${i}`, last: 0 }));
  return {
    name,
    clear,
    enqueue(number, done) {
      const client = clients[number % CLIENTS];
      journal.add(client.group, String(++client.last).padStart(10, '0'), encode(client.topic));
      journal.kept(done);
    },
    async close() {
      await journal.close();
      await store.close();
    },
  };
}

/** @returns {Promise<Contender>} */
async function theirs({ port, client }) {
  const persistence = aedesPersistence({ port, host: '127.0.0.1' });
  // What it asks of its broker before it is ready: to be told of subscriptions.
  const mq = { on: (_topic, _listener, done) => done(), emit: (_packet, done) => done() };
  const agree = (_topic, _deliver, done) => done();
  const broker = { id: 'bench', counter: 0, mq, subscribe: agree, unsubscribe: agree };
  persistence.broker = broker;
  await once(persistence, 'ready');
  const subscriptions = topics().map((topic, i) => [{ clientId: `client-${i}`, topic, qos: 1 }]);
  return {
    name: THEIRS,
    clear: () => client.flushall(),
    enqueue(number, done) {
      const subscription = subscriptions[number % CLIENTS];
      const packet = {
        ...message(subscription[0].topic),
        brokerId: 'bench',
        brokerCounter: number,
      };
      persistence.outgoingEnqueueCombi(subscription, packet, (error) => {
        if (error) throw error;
        done();
      });
    },
    close: () => new Promise((resolve) => persistence.destroy(resolve)),
  };
}

function topics() {
  return Array.from({ length: CLIENTS }, (_, i) => `actions/1/thermostat/client-${i}`);
}

/** Topic and payload, as they are kept. */
function encode(topic) {
  const bytes = Buffer.allocUnsafe(2 + topic.length + PAYLOAD.length);
  bytes.writeUInt16BE(topic.length, 0);
  bytes.write(topic, 2, 'latin1');
  PAYLOAD.copy(bytes, 2 + topic.length);
  return bytes;
}

function message(topic) {
  return { cmd: 'publish', topic, payload: PAYLOAD, qos: 1, retain: false, dup: false };
}

/** With an append-only file, written to disk each second, for all that use it. */
async function startRedis(folder) {
  const port = await freePort();
  const args = ['--port', `${port}`, '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const child = spawn('redis-server', [...args, '--bind', '127.0.0.1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  for await (const line of createInterface(child.stdout)) if (line.includes('Ready to')) break;
  child.stdout.resume();
  const client = new Redis({ port, host: '127.0.0.1' });
  return {
    port,
    client,
    async stop() {
      client.disconnect();
      const ended = once(child, 'exit');
      kill();
      await ended;
      process.off('exit', kill);
    },
  };
}
