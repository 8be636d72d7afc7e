import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Served, serveExample } from './served.ts';
import { WAYS } from './ways.ts';

let browser: Browser;
let server: Served;
let users: BrowserContext[];

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveExample('chat')]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe.each(WAYS)('a chat by %s', { timeout: 60_000 }, (way) => {
  beforeEach(() => {
    users = [];
  });
  afterEach(() => Promise.all(users.map((user) => user.close())));

  /** A browser of one's own, with the page open. */
  const enter = async (name: string, room = ''): Promise<Page> => {
    const user = await browser.newContext();
    users.push(user);
    const page = await user.newPage();
    await page.goto(`${server.url}/app/chat?${way}${room && `&room=${room}`}`);
    await page.waitForSelector('html[data-n2o-state=online]');
    await page.fill('#name', name);
    await page.press('#name', 'Tab');
    await sees(page, `text=/^Here: .*${name}/`);
    return page;
  };
  const sees = (page: Page, what: string) => page.waitForSelector(what);
  const say = async (page: Page, text: string) => {
    await page.fill('#message', text);
    await page.press('#message', 'Enter');
    await page.waitForSelector('#message:placeholder-shown');
  };

  it('is heard by all who are there, who see who that is', async () => {
    const [anna, ben] = [await enter('Anna'), await enter('Ben')];
    await sees(anna, 'text=/^Here: .*Anna.*Ben/');
    await say(anna, 'Hello Ben');
    await sees(ben, 'li:has-text("Anna Hello Ben")');
    await say(ben, 'Hello Anna, grüß dich');
    await sees(anna, 'li:has-text("Ben Hello Anna, grüß dich")');
  });

  it('leaves alone what is typed while the server has not answered yet', async () => {
    const [anna, ben] = [await enter('Anna'), await enter('Ben')];
    await anna.$eval(
      '#message',
      (field: HTMLInputElement, text) => {
        field.value = text;
        field.form?.requestSubmit();
        field.value = 'second';
      },
      `first by ${way}`,
    );
    await sees(ben, `text=first by ${way}`);
    await sees(anna, `text=first by ${way}`);
    expect(await anna.inputValue('#message')).toBe('second');
    await anna.type('#message', ` by ${way}\n`);
    await sees(ben, `text=/Anna second by ${way}$/`);
    await sees(anna, '#message:placeholder-shown');
  });

  it('shows what is said as text, and never runs it', async () => {
    const [anna, ben] = [await enter('Anna'), await enter('<b>Ben</b>')];
    await say(ben, '<img id="evil" src="x" onerror="document.title = 1">');
    await sees(anna, 'text=<b>Ben</b>');
    await sees(anna, 'text=<img id="evil"');
    expect(await anna.$('#evil')).toBeNull();
    expect(await anna.title()).toBe('Chat · N2O');
  });

  it('keeps what was said for who comes later', async () => {
    const anna = await enter('Anna');
    await say(anna, `one by ${way}`);
    await say(anna, `two by ${way}`);
    await sees(anna, `text=two by ${way}`);
    await anna.reload();
    await sees(anna, `text=two by ${way}`);
    const last = await anna.$$eval('#history li', (lines) =>
      lines.slice(0, 2).map((line) => line.textContent),
    );
    expect(last).toEqual([`Anna two by ${way}`, `Anna one by ${way}`]);
    expect(await anna.inputValue('#name')).toBe('Anna');
  });

  it('has rooms, each in an address of its own', async () => {
    const anna = await enter('Flora', 'garden');
    const ben = await enter('Ben', 'garden');
    const eve = await enter('Eve', 'nowhere');
    await say(anna, `roses by ${way}`);
    await sees(ben, `li:has-text("Flora roses by ${way}")`);
    await say(eve, `lobby by ${way}`);
    await sees(eve, `text=lobby by ${way}`);
    expect(await eve.$$(`li:has-text("roses by ${way}")`)).toEqual([]);
    await sees(eve, 'text=/^Here: (?!.*Flora)/');
    await eve.click('#rooms >> text=garden');
    await eve.waitForURL(`**/app/chat?${way}&room=garden`);
    await sees(eve, `text=roses by ${way}`);
    await sees(anna, 'text=/^Here: .*Eve/');
    await server.restart();
    await say(ben, `tulips by ${way}`);
    await sees(eve, `li:has-text("Ben tulips by ${way}")`);
  });

  it('forgets who leaves', async () => {
    const [anna, ben] = [await enter('Anna'), await enter('Guest of honour')];
    await sees(anna, 'text=/^Here: .*Guest of honour/');
    await ben.close();
    await sees(anna, 'text=/^Here: (?!.*Guest of honour)/');
  });

  it('goes on by itself when the server was killed and started again', async () => {
    const [anna, ben] = [await enter('Anna'), await enter('Ben')];
    await say(anna, `before, by ${way}`);
    await sees(ben, `text=before, by ${way}`);
    await server.restart();
    await say(anna, `after, by ${way}`);
    await sees(ben, `text=after, by ${way}`);
    await say(ben, `here too, by ${way}`);
    await sees(anna, `text=here too, by ${way}`);
    expect(await anna.$$(`li:has-text("after, by ${way}")`)).toHaveLength(1);
  });
});
