/** Requests that are sent without waiting for the answers to those before. */
import { once } from 'node:events';
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { requestOf, respondTo } from '../gateway/answer.ts';
import { ask } from '../gateway/ask.ts';
import { start } from '../start.ts';

/** Bytes: more than the system takes in for who does not read. */
const SIZE = 24 * 1024 * 1024;

/** Thousands of requests take longer than a second to read on a machine with much to do. */
const BUSY = { timeout: 10_000 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'n2o-turns-'));
  await writeFile(join(folder, 'large.bin'), Buffer.alloc(SIZE));
  await writeFile(join(folder, 'small.txt'), 'small');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(address: string): Promise<Socket> {
  const [host, port] = address.split(':');
  const socket = dial({ host: host as string, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const asks = (path: string, method = 'GET') => `${method} ${path} HTTP/1.1\r\nHost: here\r\n\r\n`;

/** How often this process has the large file open. */
async function openFiles(): Promise<number> {
  const names = await readdir('/proc/self/fd');
  const links = names.map((name) => readlink(join('/proc/self/fd', name)).catch(() => ''));
  return (await Promise.all(links)).filter((link) => link.startsWith(folder)).length;
}

describe('requests on one connection, none of which waits for an answer', () => {
  it('open one file at a time for who reads nothing, and none once it has gone', async () => {
    const { http } = await start({ web: { public: [folder] } });
    const greedy = await open(http);
    greedy.pause();
    greedy.write(asks('/large.bin').repeat(3_000));
    await vi.waitFor(async () => expect(await openFiles()).toBe(1), BUSY);
    // By now it has been read from as far as it ever is.
    const other = await open(http);
    other.write(asks('/small.txt').repeat(100));
    let text = '';
    for await (const chunk of other) {
      text += chunk;
      if (text.split('small').length > 100) break;
    }
    expect(await openFiles()).toBe(1);
    greedy.destroy();
    await vi.waitFor(async () => expect(await openFiles()).toBe(0), BUSY);
  });

  it('are answered all, in their order', async () => {
    const { http, link } = await start({ web: { public: [folder] } });
    link.answer = (event) => respondTo(event, `<${requestOf(event).query}>`);
    const socket = await open(http);
    const asked = Array.from({ length: 2_000 }, (_, i) => `${i}`);
    socket.write(asked.map((i) => asks(`/app/chat?${i}`) + asks('/small.txt')).join(''));
    let text = '';
    for await (const chunk of socket) {
      text += chunk;
      if (text.endsWith('small') && text.includes('<1999>')) break;
    }
    expect([...text.matchAll(/<(\d+)>/g)].map(([, i]) => i)).toEqual(asked);
    expect(text.match(/small/g)).toHaveLength(asked.length);
  });

  it('see what those before them have changed', async () => {
    const { http, link } = await start();
    const socket = await open(http);
    socket.write(asks('/rest/people/1', 'DELETE') + asks('/rest/people/1'));
    const first = await link.next();
    expect(requestOf(first).method).toBe('DELETE');
    // Long enough for the second to have come as well.
    expect((await ask(http, '/healthz')).status).toBe(200);
    expect(link.events).toHaveLength(1);
    respondTo(first, '', 204);
    expect(requestOf(await link.next())).toMatchObject({ method: 'GET', id: '1' });
  });

  it.each([
    ['/ws/chat', 'websocket'],
    ['/mqtt', 'websocket'],
    ['/small.txt', 'h2c'],
  ])('end the connection with an upgrade of %s to %s', async (path, protocol) => {
    const { http, link } = await start({ web: { public: [folder] } });
    const socket = await open(http);
    const keys = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const offer = `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n${keys}\r\n\r\n`;
    const upgrade = asks(path).replace(/\r\n$/, offer);
    socket.write(asks('/app/chat') + upgrade);
    const first = await link.next();
    expect(await text(socket)).toBe('');
    respondTo(first, 'a page');
    // One behind its answer is as any other.
    const polite = await open(http);
    polite.write(asks('/small.txt'));
    await once(polite, 'data');
    polite.write(upgrade);
    const [said] = await once(polite, 'data');
    expect(`${said}`).toMatch(/^HTTP\/1\.1 (?:101|200) /);
    expect((await ask(http, '/healthz')).status).toBe(200);
  });
});
