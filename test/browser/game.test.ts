import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Served, serveExample } from './served.ts';
import { WAYS } from './ways.ts';

let browser: Browser;
let server: Served;
let users: BrowserContext[];

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveExample('game')]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

beforeEach(() => {
  users = [];
});
afterEach(() => Promise.all(users.map((user) => user.close())));

/** A browser of one's own, with the page open. */
async function sit(way: string, news: string): Promise<Page> {
  const user = await browser.newContext();
  users.push(user);
  const page = await user.newPage();
  await page.goto(`${server.url}/app/game?${way}`);
  await sees(page, news);
  return page;
}
const sees = (page: Page, news: string) => page.waitForSelector(`#news:text("${news}")`);
const points = (page: Page, trail: number) =>
  page.$eval(`#trail${trail}`, (line) => (line.getAttribute('points') ?? '').split(' '));
/** Until a trail has so many ends and corners. */
const bends = (page: Page, trail: number, count: number) =>
  page.waitForFunction(
    ([id, least]) =>
      (document.getElementById(id)?.getAttribute('points') ?? '').split(' ').length >= least,
    [`trail${trail}`, count] as const,
  );
const rides = (page: Page, colour: string) =>
  page.waitForFunction(
    (news) => document.getElementById('news')?.textContent === news,
    `You are ${colour}.`,
  );

describe.each(WAYS)('a game by %s', { timeout: 60_000 }, (way) => {
  it('is ridden by two, who see the same; who crashes has lost', async () => {
    const blue = await sit(way, 'Nobody else is here');
    const red = await sit(way, 'You are red');
    await sees(blue, 'You are blue');
    await rides(blue, 'blue');
    await blue.click('button:text("up")');
    await bends(red, 0, 3);
    await sees(blue, 'You have lost.');
    await sees(red, 'You have won!');
    await red.waitForSelector('text=0 : 1');
    expect(await points(blue, 0)).toEqual(await points(red, 0));
    await rides(red, 'red');
  });

  it('begins anew when the server was killed and started again', async () => {
    const [one, two] = [await sit(way, 'Nobody else is here'), await sit(way, 'You are red')];
    await sees(one, 'You are blue');
    await server.restart();
    const first = await Promise.race(
      [one, two].map((page) => rides(page, 'blue').then(() => page)),
    );
    await first.keyboard.press('ArrowDown');
    await Promise.all([bends(one, 0, 3), bends(two, 0, 3)]);
  });
});

it('a game is watched by others, until somebody has lost or left', {
  timeout: 60_000,
}, async () => {
  const blue = await sit('transport=ws', 'Nobody else is here');
  await sit('transport=mqtt', 'You are red');
  const third = await sit('transport=ws', 'You watch');
  await rides(blue, 'blue');
  await blue.keyboard.press('ArrowUp');
  await sees(blue, 'You have lost.');
  await sees(third, 'You are red');
  await sees(blue, 'You watch');
});
