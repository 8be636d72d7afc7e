/** Who does not read what HTTP answers is cut off, and nobody else. */
import { once } from 'node:events';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect as dial, type Socket, Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  type Authority,
  contentsOf,
  createAuthority,
} from '../../../../test/support/certificates.ts';
import { pass } from '../../../../test/support/pass.ts';
import { respondTo } from '../gateway/answer.ts';
import { start } from '../start.ts';

/** Milliseconds that a test gives who reads nothing. */
const PATIENCE = 600;

/** Bytes of a file and of a page, which is written at once: more than the system takes in for who does not read. */
const SIZES = { '/large.bin': 48 * 1024 * 1024, '/app/large': 14 * 1024 * 1024 } as const;
const PATHS = ['/large.bin', '/app/large'] as const;

let folder: string;
let authority: Authority;

beforeAll(async () => {
  authority = await createAuthority();
  folder = await mkdtemp(join(tmpdir(), 'n2o-reading-'));
  await writeFile(join(folder, 'large.bin'), '');
  await truncate(join(folder, 'large.bin'), SIZES['/large.bin']);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await authority[Symbol.asyncDispose]();
});

/** A broker with an HTTP server that is out of patience sooner; `dial` opens a connection to it. */
async function open(scheme: 'http' | 'https' = 'http') {
  const issued = await authority.issue('server');
  const tls = { ...(await contentsOf(issued)), clientAuth: 'none' as const };
  const listening = vi.spyOn(TcpServer.prototype, 'listen');
  onTestFinished(() => listening.mockRestore());
  const port = scheme === 'http' ? { httpPort: 0 } : { httpsPort: 0, httpPort: undefined };
  const started = await start({ ...port, tls, web: { public: [folder] } });
  const server = listening.mock.contexts.at(-1) as unknown as Server;
  expect(server.timeout).toBeGreaterThanOrEqual(60_000);
  server.timeout = PATIENCE;
  const [host, number] = started.broker.addresses[scheme]?.split(':') ?? [];
  const socket = async (): Promise<Socket> => {
    const to = { host: host as string, port: Number(number) };
    const made = scheme === 'http' ? dial(to) : secure({ ...to, rejectUnauthorized: false });
    onTestFinished(() => void made.destroy());
    made.on('error', () => {});
    await once(made, scheme === 'http' ? 'connect' : 'secureConnect');
    return made;
  };
  const count = () =>
    new Promise<number>((resolve) => {
      server.getConnections((_, connections) => resolve(connections));
    });
  return { ...started, server, socket, count };
}

const asks = (path: string) => `GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`;

/** Reads so many bytes, slowly. */
async function sip(socket: Socket, bytes: number): Promise<number> {
  let read = 0;
  for await (const chunk of socket) {
    read += (chunk as Buffer).length;
    if (read >= bytes) break;
    await pass(bytes > 20_000_000 ? 3 : 10);
  }
  return read;
}

describe.each(['http', 'https'] as const)('over %s', (scheme) => {
  it.each(PATHS)('who never reads %s is cut off', async (path) => {
    const { link, socket, count } = await open(scheme);
    link.answer = (event) => respondTo(event, 'x'.repeat(SIZES['/app/large']));
    const lazy = await socket();
    lazy.pause();
    lazy.write(asks(path));
    await pass(PATIENCE / 2);
    expect(await count()).toBe(1);
    await vi.waitFor(async () => expect(await count()).toBe(0), { timeout: 30 * PATIENCE });
  });

  it.each(PATHS)('who reads %s slowly gets it all', async (path) => {
    const { link, socket } = await open(scheme);
    link.answer = (event) => respondTo(event, 'x'.repeat(SIZES['/app/large']));
    const slow = await socket();
    slow.write(asks(path));
    const since = performance.now();
    expect(await sip(slow, SIZES[path])).toBeGreaterThanOrEqual(SIZES[path]);
    expect(performance.now() - since).toBeGreaterThan(2 * PATIENCE);
  });
});

it('who waits for a vnode is not cut off', async () => {
  const { link, socket } = await open();
  const waiting = await socket();
  waiting.write(asks('/app/chat'));
  const event = await link.next();
  await pass(3 * PATIENCE);
  respondTo(event, 'at last');
  expect(String(await once(waiting, 'data'))).toContain('at last');
});

it('who has read, and asks nothing more, stays for as long as keep-alive says', async () => {
  const { server, socket, count } = await open();
  server.keepAliveTimeout = 2 * PATIENCE;
  const idle = await socket();
  idle.write(asks('/healthz'));
  await once(idle, 'data');
  // Node adds a second to it.
  await pass(2 * PATIENCE);
  expect(await count()).toBe(1);
  await once(idle, 'close');
});

it.each(['/mqtt', '/ws/chat'])('a WebSocket at %s may be silent for longer', async (path) => {
  const { http } = await open();
  const ws = new WebSocket(`ws://${http}${path}`, path === '/mqtt' ? ['mqtt'] : []);
  onTestFinished(() => ws.terminate());
  await once(ws, 'open');
  await pass(3 * PATIENCE);
  expect(ws.readyState).toBe(WebSocket.OPEN);
});
