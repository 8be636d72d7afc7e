/** Requests that few clients make: with an offer of another protocol, with scheme and host, over a WebSocket that TCP asks after. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as requestOver } from 'node:https';
import { connect as dial, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';
import { contentsOf, createAuthority } from '../../../../test/support/certificates.ts';
import { connect } from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { requestOf, respondTo } from '../gateway/answer.ts';
import { ask } from '../gateway/ask.ts';
import { start } from '../start.ts';

const run = promisify(execFile);

/** Bytes: more than is written at once. */
const SIZE = 12 * 1024 * 1024;

/** What clients of HTTP/2 say where they do not know whether the server speaks it. */
const OFFER = {
  connection: 'Upgrade, HTTP2-Settings',
  upgrade: 'h2c',
  'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'n2o-requests-'));
  await writeFile(join(folder, 'large.txt'), 'x'.repeat(SIZE));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Says something as it is, and reads until the server closes. */
async function say(address: string, what: string): Promise<string> {
  const [host, port] = address.split(':');
  const socket = dial({ host: host as string, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  socket.write(what);
  return text(socket);
}

describe('an offer of another protocol than WebSocket is ignored', () => {
  it('by health, pages and files', async () => {
    const { http, link } = await start({ web: { public: [folder] } });
    link.answer = (event) => respondTo(event, 'a page');
    const get = (path: string) => ask(http, path, { headers: OFFER });
    const health = await get('/healthz');
    expect(health).toMatchObject({ status: 200, text: 'ok\n' });
    expect(health.headers.connection).toBe('close');
    expect(await get('/app/chat?x=1')).toMatchObject({ status: 200, text: 'a page' });
    expect(requestOf(await link.next())).toMatchObject({ path: '/app/chat', query: 'x=1' });
    expect((await get('/large.txt')).text).toHaveLength(SIZE);
    expect((await get('/nothing')).status).toBe(404);
  });

  it('as curl makes it', async () => {
    const { http } = await start();
    const { stdout } = await run('curl', ['--http2', '-si', `http://${http}/healthz`]);
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('together with a body', async () => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, 'made', 201);
    const body = 'y'.repeat(300_000);
    const answer = await ask(http, '/rest/people', { method: 'POST', headers: OFFER, body });
    expect(answer).toMatchObject({ status: 201, text: 'made' });
    expect(Buffer.from(requestOf(await link.next()).body).toString()).toBe(body);
  });

  it('over TLS', async () => {
    await using authority = await createAuthority();
    const tls = { ...(await contentsOf(await authority.issue('server'))), clientAuth: 'none' };
    const { broker } = await start({ httpsPort: 0, tls: tls as never, web: { public: [folder] } });
    const url = `https://${broker.addresses.https}/large.txt`;
    const asking = requestOver(url, { headers: OFFER, rejectUnauthorized: false });
    asking.end();
    const [response] = await once(asking, 'response');
    expect(response.statusCode).toBe(200);
    expect(await text(response)).toHaveLength(SIZE);
  });

  it('and bounds its request like any other', async () => {
    const { http, link } = await start({ web: { maxBody: 1000 } });
    const answer = await ask(http, '/rest/people', {
      method: 'POST',
      headers: { ...OFFER, 'content-length': '1001' },
      body: Buffer.alloc(1001),
    });
    expect(answer.status).toBe(413);
    expect(link.events).toEqual([]);
  });

  it('but not one of a WebSocket, however it is written', async () => {
    const { http } = await start();
    const head = 'Host: here\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13';
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://evil.example';
    const asked = `GET /mqtt HTTP/1.1\r\n${head}\r\n${key}\r\nUpgrade: WebSocket\r\n\r\n`;
    expect(await say(http, asked)).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe('a request with scheme and host', () => {
  it.each([
    ['/healthz', '200'],
    ['/readyz?verbose', '200'],
    ['/nothing', '404'],
  ])('is answered as one for %j', async (path, status) => {
    const { http } = await start();
    for (const host of ['http://here', 'HTTP://here:80', 'https://here']) {
      const asked = `GET ${host}${path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n`;
      expect(await say(http, asked)).toMatch(`HTTP/1.1 ${status} `);
    }
  });

  it.each([
    ['http://here/app/chat?a=/b?c', '/app/chat', 'a=/b?c'],
    ['http://here/app/chat', '/app/chat', ''],
    ['http://here?a=1', '/', 'a=1'],
    ['http://here', '/', ''],
    ['/app/chat?a=http://there/', '/app/chat', 'a=http://there/'],
    ['/app/chat?', '/app/chat', ''],
  ])('asks a module: %s', async (target, path, query) => {
    const { http, link } = await start();
    link.answer = (event) => respondTo(event, 'a page');
    const asked = `GET ${target} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n`;
    expect(await say(http, asked)).toContain('a page');
    expect(requestOf(await link.next())).toMatchObject({ path, query });
  });

  it('has no file for *', async () => {
    const { http } = await start();
    const asked = 'OPTIONS * HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n';
    expect(await say(http, asked)).toMatch(/^HTTP\/1\.1 405 /);
  });
});

it('TCP asks whether a client of MQTT over WebSocket without keep-alive is there', async () => {
  const asking = vi.spyOn(Socket.prototype, 'setKeepAlive');
  onTestFinished(() => asking.mockRestore());
  const { http } = await start();
  const ws = new WebSocket(`ws://${http}/mqtt`, ['mqtt']);
  onTestFinished(() => ws.terminate());
  await once(ws, 'open');
  const peer = new Peer(createWebSocketStream(ws));
  peer.say(connect('web', { keepalive: 0 }));
  expect(await peer.next()).toBe('CONNACK 0');
  const port = Number(http.split(':')[1]);
  const asked = asking.mock.contexts.findIndex((socket) => (socket as Socket).localPort === port);
  expect(asking.mock.calls[asked]).toEqual([true, 60_000]);
});
