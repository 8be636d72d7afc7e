/** Where a server keeps things: a folder by default, Redis when told to, and what it says while that is away. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { freePort, startRedis } from '../../../test/support/redis.ts';
import { folder, logOf, run, start } from './command.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const PORTS = ['--mqtt-port', '0', '--http-port', '0'];

/** A folder with a module, to be the current one of servers. */
async function place() {
  const { path, close } = await folder({ 'echo.js': 'export const event = (message) => message;' });
  open.push(close);
  return path;
}

/** Starts a server whose store is not set by the environment. */
function serve(cwd: string, ...args: string[]) {
  const child = start(['start', ...args], { cwd, env: { N2O_STORE: '' } });
  open.push(() => child.kill('SIGKILL'));
  return { child, log: logOf(child), exit: once(child, 'exit') };
}

async function get(url: string): Promise<{ status: number; body: string }> {
  const response = await fetch(url);
  return { status: response.status, body: (await response.text()).trim() };
}

/** Asks until the answer is this one: nothing tells when a connection breaks but its end. */
async function becomes(url: string, status: number): Promise<string> {
  for (;;) {
    const answer = await get(url);
    if (answer.status === status) return answer.body;
    await new Promise(setImmediate);
  }
}

describe('by default a server keeps what it has in .n2o/store', () => {
  test('and has it again after a restart', async () => {
    const cwd = await place();
    const first = serve(cwd, ...PORTS);
    const before = await first.log.next('ready');
    expect(existsSync(join(cwd, '.n2o/store'))).toBe(true);
    await run(['pub', 'kept', 'yes', '--retain', '--url', String(before.mqtt)]);
    first.child.kill('SIGKILL');
    await first.exit;
    const { mqtt } = await serve(cwd, ...PORTS).log.next('ready');
    const { stdout } = await run(['sub', 'kept', '--count', '1', '--url', String(mqtt)]);
    expect(stdout).toBe('yes\n');
  });

  test('alone: a second one is told how to have another', async () => {
    const cwd = await place();
    await serve(cwd, ...PORTS).log.next('ready');
    const { code, stderr } = await run(['start', ...PORTS], { cwd, env: { N2O_STORE: '' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^n2o: N2O_STORE_UNAVAILABLE: the folder .*\.n2o\/store .*; --store names another, or memory\n$/,
    );
  });

  test('and a server in memory has none', async () => {
    const cwd = await place();
    await serve(cwd, ...PORTS, '--store', 'memory').log.next('ready');
    expect(existsSync(join(cwd, '.n2o'))).toBe(false);
  });
});

describe('a server whose Redis is not there', () => {
  test('tries again where it is lost while it is read at the start', async () => {
    await using redis = await startRedis();
    await redis.ask('acl', 'setuser', 'default', '-hscan');
    const { log } = serve(await place(), ...PORTS, '--store', `redis://${redis.address}`);
    const { reason } = await log.next('store was lost while it was read, trying again');
    expect(reason).toContain('NOPERM');
    await log.next('store was lost while it was read, trying again');
    await redis.ask('acl', 'setuser', 'default', '+hscan');
    const { http } = await log.next('ready');
    expect((await get(`${http}/readyz`)).status).toBe(200);
  });

  test('says so, waits for it, and is ready when it is there', async () => {
    await using redis = await startRedis({ idle: true });
    const httpPort = await freePort();
    const cwd = await place();
    const url = `redis://user:secret@${redis.address}`;
    const { log } = serve(cwd, '--mqtt-port', '0', '--http-port', `${httpPort}`, '--store', url);
    const line = await log.next('store cannot be reached');
    expect(line.reason).toContain(redis.address);
    expect(line.reason).toContain('ECONNREFUSED');
    expect(JSON.stringify(line)).not.toContain('secret');
    const http = `http://127.0.0.1:${httpPort}`;
    // The port is opened when the store was not found, and that takes its time too.
    await vi.waitFor(async () =>
      expect(await get(`${http}/healthz`)).toMatchObject({ status: 200 }),
    );
    expect(await get(`${http}/readyz`)).toEqual({ status: 503, body: 'the store does not answer' });
    await redis.start();
    await redis.ask('acl', 'setuser', 'user', 'on', '>secret', '~*', '+@all');
    await log.next('ready');
    expect(await get(`${http}/readyz`)).toEqual({ status: 200, body: 'ready' });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends at %s', async (signal) => {
    const cwd = await place();
    const url = `redis://127.0.0.1:${await freePort()}`;
    const { child, log, exit } = serve(cwd, ...PORTS, '--store', url);
    await log.next('store cannot be reached');
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
  });

  test('ends at SIGTERM also when it went away', async () => {
    await using redis = await startRedis();
    const cwd = await place();
    const { child, log, exit } = serve(cwd, ...PORTS, '--store', `redis://${redis.address}`);
    const { mqtt } = await log.next('ready');
    await redis.kill();
    const pub = start(['pub', 'kept', 'x', '--retain', '--url', String(mqtt)]);
    open.push(() => pub.kill('SIGKILL'));
    await log.next('the store does not answer');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  }, 60_000);

  test('is not ready while it is away, and is again by itself', async () => {
    await using redis = await startRedis({ args: ['--appendonly', 'yes'] });
    const cwd = await place();
    const { log } = serve(cwd, ...PORTS, '--store', `redis://${redis.address}`);
    const { http } = await log.next('ready');
    await redis.kill();
    expect(await becomes(`${http}/readyz`, 503)).toBe('the store does not answer');
    await log.next('store cannot be reached');
    await redis.start();
    await log.next('store can be reached');
    expect(await becomes(`${http}/readyz`, 200)).toBe('ready');
  });
});

describe('a vnode host that keeps things in the store of its broker', () => {
  test('waits for the broker, and is not ready while that has no store', async () => {
    await using redis = await startRedis({ args: ['--appendonly', 'yes'] });
    const cwd = await place();
    const [mqttPort, httpPort] = [await freePort(), await freePort()];
    const host = start(
      ['vnode', '--broker', `mqtt://127.0.0.1:${mqttPort}`, '--http-port', `${httpPort}`],
      { cwd, env: { N2O_STORE: 'broker' } },
    );
    open.push(() => host.kill('SIGKILL'));
    const log = logOf(host);
    await log.next('the broker cannot be reached');
    const http = `http://127.0.0.1:${httpPort}`;
    expect(await get(`${http}/healthz`)).toEqual({ status: 200, body: 'ok' });
    expect(await get(`${http}/readyz`)).toEqual({
      status: 503,
      body: 'not connected to the broker',
    });
    const ports = ['--mqtt-port', `${mqttPort}`, '--http-port', 'off'];
    const broker = start(['broker', ...ports, '--store', `redis://${redis.address}`], { cwd });
    open.push(() => broker.kill('SIGKILL'));
    await log.next('ready');
    expect(await get(`${http}/readyz`)).toEqual({ status: 200, body: 'ready' });
    await redis.kill();
    expect(await becomes(`${http}/readyz`, 503)).toBe('the store does not answer');
    await redis.start();
    expect(await becomes(`${http}/readyz`, 200)).toBe('ready');
  }, 60_000);
});
