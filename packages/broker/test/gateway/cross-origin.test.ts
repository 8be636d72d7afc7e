import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { start } from '../start.ts';
import { failTo, respondTo } from './answer.ts';
import { ask } from './ask.ts';

const SHOP = 'https://shop.example';
const EVIL = 'https://evil.example';

const METHODS = 'GET, HEAD, POST, PUT, DELETE, OPTIONS';

/** What is said to the browser about other origins. */
const said = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => name === 'vary' || name.startsWith('access-')),
  );

/** The same of an answer that a page may read. */
const readable = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'allow, etag, link, location, retry-after',
  vary: 'origin',
});

const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'content-type',
  },
});

describe('the question of a browser, before a page of another origin asks', () => {
  it.each([
    ['of an origin that is named', [EVIL, SHOP], SHOP],
    ['of any origin, where all are welcome', '*' as const, '*'],
    ['of no origin, where all are welcome', '*' as const, '*', 'null'],
  ])('is answered yes for a page %s', async (_, origins, allowed, origin = SHOP) => {
    const { http, link } = await start({ web: { origins } });
    for (const path of ['/rest/people', '/rest/people/7', '/rest/not/a/resource']) {
      const { status, headers, text } = await ask(http, path, preflight(origin));
      expect([status, text, headers.allow]).toEqual([204, '', METHODS]);
      expect(said(headers)).toEqual({
        'access-control-allow-origin': allowed,
        'access-control-allow-methods': METHODS,
        'access-control-allow-headers':
          'accept, accept-language, authorization, content-type, if-none-match, x-auth-token',
        'access-control-max-age': '600',
        vary: 'origin',
      });
    }
    expect(link.events).toEqual([]);
  });

  it.each([
    'https://evil.example',
    'null',
    'https://shop.example.evil.example',
    'HTTPS://shop.example',
  ])('is answered as any OPTIONS for %s, which is not named', async (origin) => {
    const { http } = await start({ web: { origins: [SHOP] } });
    const { status, headers } = await ask(http, '/rest/people', preflight(origin));
    expect([status, headers.allow, said(headers)]).toEqual([204, METHODS, {}]);
  });

  it.each(['/app/chat', '/n2o/session/chat'])('is not answered for %s', async (path) => {
    const { http } = await start({ web: { origins: '*' } });
    const { status, headers } = await ask(http, path, preflight(SHOP));
    expect([status, said(headers)]).toEqual([405, {}]);
  });
});

describe('the answer of a resource to a page of another origin', () => {
  it.each([
    ['that is named', [SHOP], SHOP],
    ['where all are welcome', '*' as const, '*'],
  ])('is shown to one %s', async (_, origins, allowed) => {
    const { http, link } = await start({ web: { origins } });
    link.answer = (event) => respondTo(event, '{"id":7}', 201, { location: '/rest/people/7' });
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const answer = await ask(http, '/rest/people', { method, headers: { origin: SHOP } });
      expect(answer).toMatchObject({ status: 201, text: '{"id":7}' });
      expect(answer.headers.location).toBe('/rest/people/7');
      expect(said(answer.headers)).toEqual(readable(allowed));
    }
    const plain = await ask(http, '/rest/people', { method: 'OPTIONS', headers: { origin: SHOP } });
    expect([plain.status, plain.headers.allow]).toEqual([204, METHODS]);
    expect(said(plain.headers)).toEqual(readable(allowed));
  });

  it('is shown when it is an error, whoever says it', async () => {
    const { http, link } = await start({ web: { origins: [SHOP], maxBody: 10 } });
    const asked = async (path: string, method = 'GET', body = '') => {
      const { status, headers } = await ask(http, path, {
        method,
        body,
        headers: { origin: SHOP },
      });
      expect(said(headers)).toEqual(readable(SHOP));
      return status;
    };
    link.answer = (event) => failTo(event, 'N2O_REST_INVALID');
    expect(await asked('/rest/people', 'POST')).toBe(400);
    link.answer = (event) => event.settle('unknown');
    expect(await asked('/rest/people')).toBe(404);
    link.answer = (event) => event.settle('lost');
    expect(await asked('/rest/people')).toBe(503);
    link.answer = (event) => event.settle('reply', Buffer.from('what?'));
    expect(await asked('/rest/people')).toBe(500);
    expect(await asked('/rest/people', 'PATCH')).toBe(405);
    expect(await asked('/rest/people', 'POST', 'x'.repeat(11))).toBe(413);
    expect(await asked('/rest/a/b/c')).toBe(404);
    expect(await asked('/rest/a/b/c', 'POST')).toBe(405);
  });

  it('is shown where the vnode has no room', async () => {
    const { http, link } = await start({
      vnodes: 1,
      limits: { inflightPerVnode: 1 },
      web: { origins: [SHOP] },
    });
    const held = ask(http, '/rest/people');
    const event = await link.next();
    const { status, headers } = await ask(http, '/rest/people', { headers: { origin: SHOP } });
    expect([status, headers['retry-after'], said(headers)]).toEqual([503, '1', readable(SHOP)]);
    respondTo(event, 'held');
    await held;
  });

  it('is shown when it is late', async () => {
    const { http } = await start({ web: { origins: [SHOP], deadline: 1 } });
    const { status, headers } = await ask(http, '/rest/people', { headers: { origin: SHOP } });
    expect([status, said(headers)]).toEqual([504, readable(SHOP)]);
  });

  it('is shown where the folder of files was looked through for it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'n2o-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, 'rest', 'a'), { recursive: true });
    await writeFile(join(folder, 'rest', 'a.json'), '{}');
    const { http } = await start({ web: { origins: [SHOP], public: [folder] } });
    for (const [path, status] of [
      ['/rest/a.json', 200],
      ['/rest/b.json', 404],
      ['/rest/a/b/c', 404],
    ] as const) {
      const { status: got, headers } = await ask(http, path, { headers: { origin: SHOP } });
      expect([got, said(headers)]).toEqual([status, readable(SHOP)]);
    }
  });

  it.each([
    ['accept-language', 'accept-language, origin'],
    ['accept, Origin', 'accept, Origin'],
    ['x-origin', 'x-origin, origin'],
    ['*', '*'],
  ])('varies with what the module says, %s, and the origin', async (vary, both) => {
    const { http, link } = await start({ web: { origins: [SHOP] } });
    link.answer = (event) => respondTo(event, '{}', 200, { Vary: vary });
    const { headers } = await ask(http, '/rest/people', { headers: { origin: SHOP } });
    expect(said(headers)).toEqual({ ...readable(SHOP), vary: both });
    expect(said((await ask(http, '/rest/people')).headers)).toEqual({ vary });
  });

  it('has what the module says itself', async () => {
    const own = {
      'access-control-allow-origin': 'https://other.example',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total',
    };
    const { http, link } = await start({ web: { origins: [SHOP] } });
    link.answer = (event) => respondTo(event, '{}', 200, own);
    const asked = await ask(http, '/rest/people', { headers: { origin: SHOP } });
    expect(said(asked.headers)).toEqual({ ...own, vary: 'origin' });
    for (const headers of [{}, { origin: EVIL }]) {
      expect(said((await ask(http, '/rest/people', { headers })).headers)).toEqual(own);
    }
  });

  it('has nothing of an answer that cannot be given', async () => {
    const { http, link } = await start({ web: { origins: [SHOP] } });
    for (const fault of [{ 'x-a': 'ї' }, { 'x a': '1' }] as Record<string, string>[]) {
      link.answer = (event) =>
        respondTo(event, '{}', 200, {
          'set-cookie': 'a=1',
          'access-control-allow-origin': EVIL,
          vary: 'accept',
          ...fault,
        });
      const { status, headers } = await ask(http, '/rest/people', { headers: { origin: SHOP } });
      expect([status, headers['set-cookie'], said(headers)]).toEqual([
        500,
        undefined,
        readable(SHOP),
      ]);
    }
  });

  it('has nothing new where nobody, or the wrong one, is named', async () => {
    for (const origins of [[], [SHOP]]) {
      const { http, link } = await start({ web: { origins } });
      link.answer = (event) => respondTo(event, '{}');
      for (const headers of [{}, { origin: EVIL }, { origin: `http://${http}` }]) {
        for (const method of ['GET', 'POST', 'PATCH', 'OPTIONS']) {
          const answer = await ask(http, '/rest/people', { method, headers });
          expect(said(answer.headers)).toEqual({});
        }
      }
    }
  });

  it('is that of resources alone', async () => {
    const { http, link } = await start({ web: { origins: '*' } });
    link.answer = (event) => respondTo(event, 'x');
    for (const path of ['/app/chat', '/', '/healthz', '/metrics', '/none']) {
      expect(said((await ask(http, path, { headers: { origin: SHOP } })).headers)).toEqual({});
    }
  });
});
