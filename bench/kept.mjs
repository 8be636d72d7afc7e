/** Requests and replies of clients with kept sessions, on each store in turn. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { measureCell } from './rpc.mjs';
import { freePort, n2o } from './servers.mjs';

/** Connections × requests in flight on each, payload in bytes, quality of service. */
export const KEPT_CELLS = [
  { connections: 100, window: 1, size: 64, qos: 1, kept: true },
  { connections: 100, window: 8, size: 64, qos: 1, kept: true },
  { connections: 100, window: 8, size: 64, qos: 2, kept: true },
];

const N2O = 'packages/n2o/dist/bin.js start bench/app --mqtt-port 0 --http-port 0 --store';

/**
 * The stores in this order: folder, Redis, memory; each ratio is against memory in the same round.
 * @param {{ command: string[] }} generator
 * @param {{ rounds: number, seconds: number }} effort
 */
export async function measureKept(generator, effort) {
  const folder = mkdtempSync(join(tmpdir(), 'n2o-kept-'));
  const redis = await startRedis(folder);
  const servers = [];
  try {
    for (const [name, store] of [
      ['folder', join(folder, 'store')],
      ['redis', redis.url],
      ['memory', 'memory'],
    ]) {
      const server = await n2o(`${process.execPath} ${N2O} ${store}`).start();
      servers.push({ ...server, name });
    }
    const cells = [];
    for (const cell of KEPT_CELLS) {
      cells.push({ cell, results: await measureCell(generator, servers, cell, effort) });
    }
    return cells;
  } finally {
    for (const server of servers) await server.stop();
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startRedis(folder) {
  const port = await freePort();
  const options = ['--port', `${port}`, '--dir', folder, '--appendonly', 'yes', '--save', ''];
  const child = spawn('redis-server', [...options, '--bind', '127.0.0.1']);
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('Ready to accept connections')) break;
  }
  child.stdout.resume();
  const stop = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}
