import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Served, serve } from './served.ts';
import { WAYS } from './ways.ts';

/** Logs somebody in where they are: without another page, or with one that follows at once. */
const DOOR = `
  import { button, p } from '@n2o/nitro';
  const shown = async ({ session }) => p({ id: 'who', body: (await session.get('user')) ?? 'nobody' });
  export default {
    scripts: true,
    main: async (context) => [
      await shown(context),
      button({ id: 'enter', body: 'Enter', postback: 'enter' }),
      button({ id: 'go', body: 'Enter and go', postback: 'go' }),
      button({ id: 'fail', body: 'Enter and fail', postback: 'fail' }),
    ],
    async event(message, context) {
      const { page, session } = context;
      if (message === 'init' || message === 'terminate') return;
      await session.set('user', message);
      await session.renew();
      if (message === 'fail') throw new RangeError('later');
      if (message === 'go') page.redirect('');
      else page.update('who', await shown(context));
    },
  };`;

let browser: Browser;
let server: Served;
let user: BrowserContext;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serve({ 'door.js': DOOR })]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const cookieOf = async () => (await user.cookies()).find(({ name }) => name === 'n2o-token');
const isAnother = (value = '') =>
  expect.poll(async () => (await cookieOf())?.value, { timeout: 10_000 }).not.toBe(value);
const isUser = (name: string) => page.waitForSelector(`#who:text-is("${name}")`);
const reload = async () => {
  await page.reload();
  await page.waitForSelector('html[data-n2o-state=online]');
};

describe.each(WAYS)('a session that is renewed in an event by %s', { timeout: 60_000 }, (way) => {
  beforeEach(async () => {
    user = await browser.newContext();
    page = await user.newPage();
    await page.goto(`${server.url}/app/door?${way}`);
    await page.waitForSelector('html[data-n2o-state=online]');
    await isUser('nobody');
  });
  afterEach(() => user.close());

  it('goes on in the page, in its next one, and in others of the browser', async () => {
    const before = await cookieOf();
    await page.click('#enter');
    await isUser('enter');
    const after = await cookieOf();
    expect(after).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(after?.value).not.toBe(before?.value);
    await page.click('#enter');
    await isAnother(after?.value);
    await reload();
    await isUser('enter');
    page = await user.newPage();
    await page.goto(`${server.url}/app/door?${way}`);
    await isUser('enter');
  });

  it('goes on in a page that it is sent to at once', async () => {
    for (let i = 0; i < 3; i++) {
      await Promise.all([page.waitForEvent('load'), page.click('#go')]);
      await page.waitForSelector('html[data-n2o-state=online]');
      await isUser('go');
    }
  });

  it('goes on where the handler fails that has renewed it', async () => {
    const before = await cookieOf();
    await page.click('#fail');
    await isAnother(before?.value);
    await reload();
    await isUser('fail');
  });

  it('is nothing that another site can plant', async () => {
    const mine = await cookieOf();
    const theirs = await browser.newContext();
    const attacker = await theirs.newPage();
    await attacker.goto(`${server.url}/app/door`);
    const token = (await theirs.cookies()).find(({ name }) => name === 'n2o-token')?.value ?? '';
    await theirs.close();
    // Not from another origin, with whatever a script or a form may send unasked.
    const strange = await user.newPage();
    const other = server.url.replace('127.0.0.1', 'localhost');
    await strange.goto(`${other}/healthz`);
    const target = `${server.url}/n2o/session/door`;
    const plant = (headers: Record<string, string>, mode: RequestMode) =>
      strange.evaluate(
        ([url, headers, mode]) =>
          fetch(url, { method: 'POST', mode, headers, credentials: 'include' }).then(
            ({ status }) => status,
            () => -1,
          ),
        [target, headers, mode] as const,
      );
    expect(await plant({ 'x-auth-token': token }, 'cors')).toBe(-1);
    expect(await plant({}, 'no-cors')).toBe(0);
    // Nor from a page of its own, as long as the session that it is in goes on.
    const status = await page.evaluate(
      ([url, token]) =>
        fetch(url, { method: 'POST', headers: { 'x-auth-token': token } }).then(
          (response) => response.status,
        ),
      [target, token] as const,
    );
    expect(status).toBe(403);
    expect((await cookieOf())?.value).toBe(mine?.value);
  });
});
