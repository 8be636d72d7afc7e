import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Served, serveExample } from './served.ts';

let browser: Browser;
let server: Served;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveExample('.')]);
  page = await browser.newPage();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe('the page of all examples', { timeout: 60_000 }, () => {
  it.each(['ws', 'mqtt'])('leads to each of them, live over %s', async (transport) => {
    await page.goto(server.url);
    const links = await page.$$eval('main a', (all) =>
      all.map((a) => (a as HTMLAnchorElement).href),
    );
    expect(links.length).toBeGreaterThanOrEqual(8);
    for (const link of links) {
      const answer = await page.goto(`${link}?transport=${transport}`);
      expect([link, answer?.status()]).toEqual([link, 200]);
      if (link.includes('/app/')) await page.waitForSelector('html[data-n2o-state=online]');
    }
  });
});
