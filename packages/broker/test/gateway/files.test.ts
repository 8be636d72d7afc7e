import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../start.ts';
import { requestOf, respondTo } from './answer.ts';
import { ask } from './ask.ts';

let folder: string;

/** A folder of files, one of the browser client, and a secret beside them. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'n2o-files-'));
  const files: Record<string, string> = {
    'public/index.html': '<title>start</title>',
    'public/style.css': 'a{color:red}',
    'public/logo.svg': '<svg/>',
    'public/page.mjs': 'export {}',
    'public/data.bin': '0123456789',
    'public/app/chat.htm': '<title>chat</title>',
    'public/sub/index.html': '<title>sub</title>',
    'public/.env': 'secret',
    'public/.git/config': 'secret',
    'public-secret/key': 'secret',
    'other/style.css': 'b{color:red}',
    'other/more.css': 'i{color:red}',
    'runtime/page.js': 'export const page = 1;',
    secret: 'secret',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const serve = () =>
  start({
    web: {
      public: [join(folder, 'public'), join(folder, 'other')],
      runtime: join(folder, 'runtime'),
    },
  });

describe('files', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', '<title>start</title>'],
    ['/?x=1', 'text/html; charset=utf-8', '<title>start</title>'],
    ['/sub/', 'text/html; charset=utf-8', '<title>sub</title>'],
    ['/style.css', 'text/css; charset=utf-8', 'a{color:red}'],
    ['/logo.svg', 'image/svg+xml', '<svg/>'],
    ['/page.mjs', 'text/javascript; charset=utf-8', 'export {}'],
    ['/app/chat.htm', 'text/html; charset=utf-8', '<title>chat</title>'],
    ['/more.css', 'text/css; charset=utf-8', 'i{color:red}'],
    ['/n2o/page.js', 'text/javascript; charset=utf-8', 'export const page = 1;'],
  ])('are at %s', async (path, type, text) => {
    const { http } = await serve();
    const answer = await ask(http, path);
    expect(answer).toMatchObject({ status: 200, text });
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
  });

  it('are sent in parts to who asks for a part', async () => {
    const { http } = await serve();
    const part = (range: string) => ask(http, '/data.bin', { headers: { range } });
    const middle = await part('bytes=2-4');
    expect([middle.status, middle.text]).toEqual([206, '234']);
    expect(middle.headers['content-range']).toBe('bytes 2-4/10');
    expect((await part('bytes=-3')).text).toBe('789');
    expect((await part('bytes=7-')).text).toBe('789');
    const all = await part('bytes=-11');
    expect([all.status, all.text, all.headers['content-range']]).toEqual([
      200,
      '0123456789',
      undefined,
    ]);
    expect((await part('bytes=-0')).status).toBe(416);
    const beyond = await part('bytes=10-');
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */10']);
  });

  it('are sent whole to who has a part of what was there before', async () => {
    const { http } = await serve();
    const file = join(folder, 'public/data.bin');
    const now = new Date('2026-01-02T00:00:00Z');
    await utimes(file, now, now);
    const rest = async (held = '') => {
      const answer = await ask(http, '/data.bin', {
        headers: { range: 'bytes=8-', 'if-range': held },
      });
      return [answer.status, answer.text];
    };
    const { etag } = (await ask(http, '/data.bin')).headers;
    expect(await rest(etag)).toEqual([206, '89']);
    expect(await rest('Fri, 02 Jan 2026 00:00:00 GMT')).toEqual([206, '89']);
    expect(await rest('"other"')).toEqual([200, '0123456789']);
    expect(await rest('Thu, 01 Jan 2026 00:00:00 GMT')).toEqual([200, '0123456789']);
    // What is there may be older, too: somebody has put it back.
    expect(await rest('Sat, 03 Jan 2026 00:00:00 GMT')).toEqual([200, '0123456789']);
  });

  it('are not sent again to who has them', async () => {
    const { http } = await serve();
    const { headers } = await ask(http, '/style.css');
    const again = (name: string, value = '') =>
      ask(http, '/style.css', { headers: { [name]: value } });
    expect((await again('if-none-match', headers.etag)).status).toBe(304);
    expect((await again('if-modified-since', headers['last-modified'])).status).toBe(304);
    expect((await again('if-none-match', '"other"')).status).toBe(200);
  });

  it('are described by HEAD, and take no other method', async () => {
    const { http } = await serve();
    const { status, headers, text } = await ask(http, '/data.bin', { method: 'HEAD' });
    expect([status, headers['content-length'], text]).toEqual([200, '10', '']);
    // Parts are there for GET alone.
    for (const range of ['bytes=2-4', 'bytes=-11', 'bytes=10-']) {
      const whole = await ask(http, '/data.bin', { method: 'HEAD', headers: { range } });
      expect([whole.status, whole.headers['content-length']]).toEqual([200, '10']);
      expect(whole.headers['content-range']).toBeUndefined();
    }
    const post = await ask(http, '/data.bin', { method: 'POST' });
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it.each([
    '/missing',
    '/.env',
    '/.git/config',
    '/%2eenv',
    '/../secret',
    '/..%2fsecret',
    '/%2e%2e/secret',
    '/%2e%2e%2fsecret',
    '/sub/../../secret',
    '/sub/%2e%2e/%2e%2e/secret',
    '/..\\secret',
    '/..%5csecret',
    '/%252e%252e/secret',
    '/../public-secret/key',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/style.css%00.html',
    '/%00',
    '/%ff',
    '/n2o/../secret',
    '/n2o/%2e%2e/secret',
    '/n2o/',
    '/n2o/style.css',
    '/n2o',
  ])('are not at %s', async (path) => {
    const { http } = await serve();
    const { status, text, headers } = await ask(http, path);
    expect(status).toBe(404);
    expect(JSON.parse(text).code).toBe('N2O_HTTP_PATH');
    expect(headers.location).toBeUndefined();
  });

  it('leave the page of the module index where there is none for /', async () => {
    for (const options of [{}, { web: { public: [join(folder, 'other')] } }]) {
      const { http, link } = await start(options);
      link.answer = (event) => {
        const { resource, path, query } = requestOf(event);
        respondTo(event, [event.route.module, resource, path, query].join(' '));
      };
      expect(await ask(http, '/?x=1')).toMatchObject({ status: 200, text: 'index index / x=1' });
      expect((await ask(http, '/', { method: 'POST' })).status).toBe(405);
    }
  });

  it('never hide the pages of operators, nor are there where no folder is named', async () => {
    const { http } = await serve();
    expect((await ask(http, '/healthz')).text).toBe('ok\n');
    const bare = await start();
    for (const path of ['/style.css', '/n2o/page.js', '/../secret']) {
      expect(await ask(bare.http, path)).toMatchObject({ status: 404, text: 'not found\n' });
    }
  });
});
