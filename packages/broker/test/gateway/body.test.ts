import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { pass } from '../../../../test/support/pass.ts';
import { Bodies } from '../../src/gateway/body.ts';
import { start } from '../start.ts';
import { requestOf, respondTo } from './answer.ts';
import { ask } from './ask.ts';

const MiB = 1024 * 1024;

/** Bytes that tell where they stand. */
const pattern = (size: number) =>
  Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) % 251);

/** A body in chunks of one byte, without its end. */
function crumbs(body: Uint8Array): Buffer {
  const text = Buffer.alloc(body.length * 6, '1\r\n?\r\n');
  for (const [i, byte] of body.entries()) text[i * 6 + 3] = byte;
  return text;
}

const CHUNKED = 'Transfer-Encoding: chunked\r\nConnection: close';

async function post(address: string, headers: string, body: Uint8Array): Promise<Socket> {
  const at = address.lastIndexOf(':');
  const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(`POST /rest/a HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`);
  socket.write(body);
  return socket;
}

/** A server that answers with the length of a body or what is wrong, and counts what has arrived. */
async function reader(limit: number) {
  const bodies = new Bodies(limit);
  const seen = { bytes: 0, gone: 0 };
  const server = createServer((request, response) => {
    bodies.read(request, (body, refused) => {
      response.setHeader('connection', 'close');
      response.end(refused ?? `${body.length}`);
    });
    request.on('data', (chunk: Buffer) => {
      seen.bytes += chunk.length;
    });
    request.on('close', () => seen.gone++);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = async (size: number, headers = {}) =>
    (await ask(address, '/rest/a', { method: 'POST', headers, body: Buffer.alloc(size) })).text;
  return { address, seen, send };
}

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 10_000, interval: 10 });

/** Bytes in use when all garbage is gone. */
function inUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('a body', () => {
  it.each([1, 4096, 4097, 300_000])('of %d bytes in chunks of one byte arrives', async (size) => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, 'here');
    const body = pattern(size);
    const socket = await post(http, CHUNKED, crumbs(body));
    socket.end('0\r\n\r\n');
    const asked = requestOf(await link.next());
    expect(Buffer.from(asked.body).equals(body)).toBe(true);
  });

  it.each([3, 5000, 200_000])('of %d bytes that says its length arrives', async (size) => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, 'here');
    const body = pattern(size);
    for (const first of [size, 1, size - 1]) {
      const socket = await post(http, `Content-Length: ${size}`, body.subarray(0, first));
      // Later, so that it is another chunk.
      await pass(20);
      socket.write(body.subarray(first));
      const asked = requestOf(await link.next());
      expect(Buffer.from(asked.body).equals(body)).toBe(true);
    }
  });

  it('in chunks of one byte takes little more than its length', async () => {
    const { address, seen } = await reader(MiB);
    const size = 300_000;
    const text = crumbs(pattern(size));
    const before = inUse();
    await post(address, CHUNKED, text);
    await until(() => expect(seen.bytes).toBe(size));
    expect(inUse() - before).toBeLessThan(8 * MiB);
  });
});

describe('the bound on all bodies', () => {
  it('counts what is held for them, and no more once their clients have gone', async () => {
    const { address, seen, send } = await reader(16 * MiB);
    const half = 9 * MiB;
    // In chunks so small that no more than the doubled room is needed at once.
    const chunk = Buffer.concat([Buffer.from('1000\r\n'), Buffer.alloc(4098, '\r\n')]);
    const text = Buffer.alloc((half / 4096) * chunk.length, chunk);
    const held: Socket[] = [];
    for (let i = 0; i < 4; i++) held.push(await post(address, CHUNKED, text));
    await until(() => expect(seen.bytes).toBe(4 * half));
    // Not 36 MiB but four times 16 are taken: there is no room for a byte.
    expect(await send(1)).toBe('N2O_BUSY_HTTP');
    const { gone } = seen;
    for (const socket of held) socket.resetAndDestroy();
    await until(() => expect(seen.gone).toBe(gone + 4));
    expect(await send(16 * MiB)).toBe(`${16 * MiB}`);
  });

  it.each([
    ['whole', 'that said their length', {}, 3 * MiB, `${3 * MiB}`, 17],
    ['whole', 'in chunks', { 'transfer-encoding': 'chunked' }, 3 * MiB, `${3 * MiB}`, 17],
    ['refused', 'in chunks', { 'transfer-encoding': 'chunked' }, 17 * MiB, 'N2O_HTTP_BODY', 5],
  ])('has room again after bodies that were %s %s', async (_, __, headers, size, answer, times) => {
    const { send } = await reader(16 * MiB);
    for (let i = 0; i < times; i++) expect(await send(size, headers)).toBe(answer);
    expect(await send(16 * MiB)).toBe(`${16 * MiB}`);
  });

  it('has room again after many bodies that broke off', async () => {
    const { address, seen, send } = await reader(4 * MiB);
    const part = Buffer.alloc(3 * MiB);
    for (let i = 1; i <= 24; i++) {
      const socket = await post(address, 'Content-Length: 4000000', part);
      await until(() => expect(seen.bytes).toBe(i * part.length));
      socket.resetAndDestroy();
      await until(() => expect(seen.gone).toBe(i));
    }
    expect(await send(4 * MiB)).toBe(`${4 * MiB}`);
  });
});
