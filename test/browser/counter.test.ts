import { connect } from '@n2o/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type counter from '../../examples/counter/counter.ts';
import { startBrowser } from '../support/browser.ts';
import { type Served, serveExample } from './served.ts';
import { WAYS } from './ways.ts';

let browser: Browser;
let server: Served;
let user: BrowserContext;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveExample('counter')]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe.each(WAYS)('a counter by %s', { timeout: 60_000 }, (way) => {
  beforeEach(async () => {
    user = await browser.newContext();
  });
  afterEach(() => user.close());

  const open = async (): Promise<Page> => {
    const page = await user.newPage();
    await page.goto(`${server.url}/app/counter?${way}`);
    await page.waitForSelector('html[data-n2o-state=online]');
    return page;
  };
  const shows = (page: Page, count: number) => page.waitForSelector(`#count:text-is("${count}")`);

  it('counts, on all pages of a browser', async () => {
    const [one, other] = [await open(), await open()];
    for (const button of ['#more', '#more', '#more', '#less']) await one.click(button);
    await shows(one, 2);
    await shows(other, 2);
    await other.click('#less');
    await shows(one, 1);
    await one.reload();
    await shows(one, 1);
  });

  it('goes on by itself when the server was killed and started again', async () => {
    const page = await open();
    await page.click('#more');
    await shows(page, 1);
    await server.restart();
    await page.click('#more');
    await shows(page, 2);
  });
});

it('counts for devices that call its methods', async () => {
  const client = await connect(`${server.url.replace('http', 'ws')}/mqtt`);
  const remote = client.rpc<typeof counter>('counter');
  expect(await remote.add({ by: 2 })).toBe(2);
  expect(await remote.add({})).toBe(3);
  expect(await remote.value()).toBe(3);
  await client.close();
});
