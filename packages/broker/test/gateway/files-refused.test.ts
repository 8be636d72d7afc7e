import { once } from 'node:events';
import fs, { type ReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Logger } from '@n2o/shared';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { start } from '../start.ts';
import { ask } from './ask.ts';

const LARGE = 16 * 1024 * 1024;

let folder: string;

/** Files, one of them larger than what fits on the way, and folders on both sides. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'n2o-refused-'));
  const files: Record<string, string | Uint8Array> = {
    'public/data.bin': '0123456789',
    'public/large.bin': Buffer.alloc(LARGE),
    'public/sub/index.html': '<title>sub</title>',
    'public/a b/index.html': '<title>a b</title>',
    'runtime/mqtt/frame.js': 'export {}',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const serve = (log: Logger = SILENT) =>
  start({ log, web: { public: [join(folder, 'public')], runtime: join(folder, 'runtime') } });

/** Notes the streams that files are read with, so that a test can break them. */
function readings(): ReadStream[] {
  const streams: ReadStream[] = [];
  const real = fs.createReadStream;
  const spy = vi.spyOn(fs, 'createReadStream').mockImplementation((...how) => {
    const stream = real(...how);
    streams.push(stream);
    return stream;
  });
  onTestFinished(() => spy.mockRestore());
  return streams;
}

const BROKEN = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });

describe('a file that cannot be read', () => {
  it('breaks the connection when its head has left, and harms nobody else', async () => {
    const errors: string[] = [];
    const log = { ...SILENT, error: (_: object, text = '') => void errors.push(text) };
    const streams = readings();
    const { http } = await serve(log);
    const [response] = (await once(
      get(`http://${http}/large.bin`, { agent: false }),
      'response',
    )) as [IncomingMessage];
    expect(response.headers['content-length']).toBe(`${LARGE}`);
    const broken = once(response, 'error');
    streams[0]?.destroy(BROKEN);
    response.resume();
    expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
    expect(errors).toEqual(['file not served whole']);
    expect((await ask(http, '/data.bin')).text).toBe('0123456789');
  });

  it('breaks the connection when it has become shorter, lest the next answer be taken for its rest', async () => {
    await writeFile(join(folder, 'public/log.bin'), Buffer.alloc(LARGE));
    const { http } = await serve();
    const [host, port] = http.split(':');
    const socket = dial({ host: host as string, port: Number(port) });
    const asks = (path: string) => `GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`;
    socket.write(asks('/log.bin') + asks('/data.bin'));
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString('latin1')).toContain(`Content-Length: ${LARGE}\r\n`);
    socket.pause();
    await truncate(join(folder, 'public/log.bin'), 1);
    expect(await text(socket)).not.toContain('0123456789');
  });

  it('is answered with an error that says nothing of the file before', async () => {
    const real = fs.createReadStream;
    // To read a folder as a file fails.
    const reading = () => real(join(folder, 'public'));
    const spy = vi.spyOn(fs, 'createReadStream').mockImplementation(reading);
    onTestFinished(() => spy.mockRestore());
    const { http } = await serve();
    const { status, text, headers } = await ask(http, '/data.bin');
    expect([status, JSON.parse(text).code]).toEqual([500, 'N2O_HTTP_FAILED']);
    expect(headers).toMatchObject({ 'content-type': 'application/json' });
    expect([headers.etag, headers['last-modified']]).toEqual([undefined, undefined]);
  });
});

describe('a file that has changed', () => {
  it.each([
    ['if-match', '"x"'],
    ['if-unmodified-since', 'Sat, 01 Jan 2000 00:00:00 GMT'],
  ])('is refused with 412 to who asks with %s', async (name, value) => {
    const { http } = await serve();
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(http, '/data.bin', { method, headers: { [name]: value } });
      expect([answer.status, answer.text]).toEqual([412, '']);
      expect(answer.headers.etag).toBeDefined();
    }
    expect((await ask(http, '/none.bin', { headers: { [name]: value } })).status).toBe(404);
  });

  it('is none to who names it as it is', async () => {
    const { http } = await serve();
    const { headers } = await ask(http, '/data.bin');
    const again = await ask(http, '/data.bin', { headers: { 'if-match': headers.etag } });
    expect([again.status, again.text]).toEqual([200, '0123456789']);
  });
});

describe('a folder', () => {
  it.each([
    ['/sub', '/sub/'],
    ['/sub?x=1&y=%20', '/sub/?x=1&y=%20'],
    ['/sub?to=//a?b', '/sub/?to=//a?b'],
    ['//sub?x', '/sub/?x'],
    ['/a%20b', '/a%20b/'],
  ])('that is asked for as %s is at %s', async (path, location) => {
    const { http } = await serve();
    const { status, headers } = await ask(http, path);
    expect([status, headers.location]).toEqual([301, location]);
    expect((await ask(http, location)).status).toBe(200);
  });

  it.each(['/n2o/mqtt', '/n2o/mqtt?x', '/n2o/mqtt/'])('is none at %s', async (path) => {
    const { http } = await serve();
    const { status, text, headers } = await ask(http, path);
    expect([status, JSON.parse(text).code]).toEqual([404, 'N2O_HTTP_PATH']);
    expect([headers.location, headers['cache-control']]).toEqual([undefined, 'no-store']);
    expect((await ask(http, '/n2o/mqtt/frame.js')).text).toBe('export {}');
  });
});
