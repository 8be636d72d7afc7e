import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Served, serveExample } from './served.ts';
import { WAYS } from './ways.ts';

let browser: Browser;
let server: Served;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveExample('review')]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe.each(WAYS)('reviews by %s', { timeout: 60_000 }, (way) => {
  const open = async (): Promise<Page> => {
    const opened = await browser.newPage();
    await opened.goto(`${server.url}/app/review?${way}`);
    await opened.waitForSelector('html[data-n2o-state=online]');
    return opened;
  };
  const add = async (stars: number, text: string) => {
    await page.click(`label[for=stars${stars}]`);
    await page.fill('#text', text);
    await page.click('text=Add');
    await page.waitForSelector(`article >> text=${text}`);
  };
  const texts = () => page.$$eval('article p:nth-child(2)', (all) => all.map((p) => p.textContent));

  beforeEach(async () => {
    page = await open();
  });
  afterEach(() => page.close());

  it('appear on all pages, the newest first, as text', async () => {
    const reader = await open();
    await add(4, 'quite good');
    await add(1, 'not <b>so</b> good');
    await reader.waitForSelector('article >> text=not <b>so</b> good');
    expect((await texts()).slice(0, 2)).toEqual(['not <b>so</b> good', 'quite good']);
    expect(await reader.textContent('article:first-child .given')).toBe('★☆☆☆☆');
    expect(await page.inputValue('#text')).toBe('');
    await reader.close();
  });

  it('need words and stars', async () => {
    await page.fill('#text', 'no stars');
    await page.click('text=Add');
    await page.waitForSelector('#problem:not(:empty)');
    await add(3, 'with stars');
    await page.waitForSelector('#problem:empty', { state: 'attached' });
  });

  it('are added once where the button is pressed twice, and leave alone what is written then', async () => {
    await page.click('label[for=stars5]');
    await page.fill('#text', `twice by ${way}`);
    await page.dblclick('text=Add');
    await page.fill('#text', 'the next one');
    await page.waitForSelector(`article >> text=twice by ${way}`);
    expect(await page.inputValue('#text')).toBe('the next one');
    await add(5, `last by ${way}`);
    expect((await texts()).slice(0, 2)).toEqual([`last by ${way}`, `twice by ${way}`]);
    expect((await texts()).filter((one) => one === `twice by ${way}`)).toHaveLength(1);
  });

  it('are read page by page', async () => {
    const names = Array.from({ length: 7 }, (_, i) => `review ${i} by ${way}`);
    for (const name of names) await add(5, name);
    await page.reload();
    const read = async (count: number) => {
      await page.waitForFunction((n) => document.querySelectorAll('article').length === n, count);
      return texts();
    };
    expect(await read(5)).toEqual(names.slice(-5).reverse());
    await page.dblclick('#older');
    expect((await read(10)).slice(0, 7)).toEqual(names.reverse());
    const ids = await page.$$eval('article', (all) => all.map(({ id }) => id));
    expect(new Set(ids).size).toBe(10);
  });

  it('go on when the server was killed and started again', async () => {
    await add(2, `before the end, by ${way}`);
    await server.restart();
    await add(5, `after it, by ${way}`);
    expect((await texts()).slice(0, 2)).toEqual([
      `after it, by ${way}`,
      `before the end, by ${way}`,
    ]);
  });
});
