import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Served, serve } from './served.ts';

const THINGS = `
  export default {
    async main({ session }) {
      await session.set('user', 'Ann');
      return 'in';
    },
    rest: {
      list: async (query, { session }) => ({ user: (await session.get('user')) ?? 'nobody' }),
      create: (value) => ({ id: 'a b', ...value }),
      update: (id, value) => ({ id, ...value }),
      delete: (id) => id === '7',
    },
  };`;

/** What a page asks, and what its script sees of the answer. */
interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly value?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: 'include';
}

let browser: Browser;
let shop: Server;
let other: Server;
let server: Served;

/** A server of pages alone. */
async function pages(): Promise<Server> {
  const http = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>a page</title>');
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  return http;
}

const originOf = (http: Server) => `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

const serveTo = (...origins: readonly string[]) =>
  serve({
    'n2o.config.ts': `export default { origins: ${JSON.stringify(origins)} };`,
    'things.js': THINGS,
  });

beforeAll(async () => {
  [browser, shop, other] = await Promise.all([startBrowser(), pages(), pages()]);
  server = await serveTo('https://shop.example', originOf(shop));
});
afterAll(async () => {
  await browser.close();
  await server.close();
  shop.close();
  other.close();
});

async function open(url: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(url);
  return page;
}

/** Asks as a script of the page does; `refused` where the browser does not show it the answer. */
const ask = (page: Page, asked: Asked, { url } = server) =>
  page.evaluate(
    async ({ url, method = 'GET', path = '', value, headers, credentials }) => {
      try {
        const answer = await fetch(`${url}/rest/things${path}`, {
          method,
          ...(credentials && { credentials }),
          headers: {
            ...(value !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(value !== undefined && { body: JSON.stringify(value) }),
        });
        const text = await answer.text();
        return {
          status: answer.status,
          location: answer.headers.get('location'),
          allow: answer.headers.get('allow'),
          value: text && JSON.parse(text),
        };
      } catch (error) {
        if (error instanceof TypeError) return 'refused';
        throw error;
      }
    },
    { url, ...asked },
  );

const EVERY: readonly Asked[] = [
  { method: 'GET' },
  { method: 'POST', value: { name: 'x' } },
  { method: 'PUT', path: '/7', value: { name: 'x' } },
  { method: 'DELETE', path: '/7' },
  { headers: { 'x-auth-token': 'x' } },
];

describe('a page of an origin that is named', { timeout: 60_000 }, () => {
  it('reads and changes resources', async () => {
    const page = await open(originOf(shop));
    expect(await ask(page, {})).toMatchObject({ status: 200, value: { user: 'nobody' } });
    expect(await ask(page, { method: 'POST', value: { name: 'x' } })).toMatchObject({
      status: 201,
      location: '/rest/things/a%20b',
      value: { id: 'a b', name: 'x' },
    });
    const put = await ask(page, { method: 'PUT', path: '/7', value: { name: 'y' } });
    expect(put).toMatchObject({ status: 200, value: { id: '7', name: 'y' } });
    expect(await ask(page, { method: 'DELETE', path: '/7' })).toMatchObject({ status: 204 });
  });

  it('reads errors', async () => {
    const page = await open(originOf(shop));
    const error = (status: number, code: string) => ({ status, value: { code } });
    expect(await ask(page, { method: 'DELETE', path: '/8' })).toMatchObject(
      error(404, 'N2O_HTTP_PATH'),
    );
    expect(await ask(page, { method: 'PUT', value: {} })).toMatchObject({
      ...error(405, 'N2O_HTTP_METHOD'),
      allow: 'GET, HEAD, POST',
    });
    const value = 'x'.repeat(1_100_000);
    expect(await ask(page, { method: 'POST', value })).toMatchObject(error(413, 'N2O_HTTP_BODY'));
  });

  it('has the session whose token it shows, and not by the cookie that the browser has', async () => {
    const page = await open(`${server.url}/app/things`);
    expect(await ask(page, {})).toMatchObject({ value: { user: 'Ann' } });
    const token = await page.getAttribute('script[data-token]', 'data-token');
    await page.goto(originOf(shop));
    expect(await ask(page, {})).toMatchObject({ value: { user: 'nobody' } });
    const headers = { 'x-auth-token': `${token}` };
    expect(await ask(page, { headers })).toMatchObject({ value: { user: 'Ann' } });
    for (const asked of EVERY) {
      expect(await ask(page, { ...asked, credentials: 'include' })).toBe('refused');
    }
  });
});

describe('a page of another origin', { timeout: 60_000 }, () => {
  it('is refused by the browser', async () => {
    const page = await open(originOf(other));
    for (const asked of EVERY) expect(await ask(page, asked)).toBe('refused');
  });

  it('is let in where all are welcome', async () => {
    const all = await serveTo('*');
    onTestFinished(() => all.close());
    const page = await open(originOf(other));
    for (const asked of EVERY) {
      expect(await ask(page, asked, all)).toMatchObject({ status: expect.any(Number) });
      expect(await ask(page, { ...asked, credentials: 'include' }, all)).toBe('refused');
    }
  });
});
