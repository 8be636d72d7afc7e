import type {} from '@n2o/client/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Served, serve } from './served.ts';

/** Whoever watches sees what those say who are there, and that they leave. */
const ROOM = `
  export default {
    main: () => ({ render: () => '<div id="log"></div>' }),
    async event(message, context) {
      const { mq } = context.services;
      if (message === 'init') await mq.reg('room', context);
      else if (message === 'terminate') {
        await mq.unreg('room', context);
        await mq.send('room', 'left;');
      } else await mq.send('room', message);
    },
    server: (message, { page }) => page.insertBottom('log', message),
  };`;

let browser: Browser;
let server: Served;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serve({ 'room.js': ROOM })]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

async function open(transport: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`${server.url}/app/room?transport=${transport}`);
  await page.waitForSelector('html[data-n2o-state=online]');
  return page;
}

/** Ways to leave a page. */
const WAYS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'is closed': (page) => page.close(),
  'goes elsewhere': (page) => page.goto('about:blank'),
  'ends its client': (page) => page.evaluate(() => window.n2o.close()),
  crashes: async (page) => {
    const session = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    session.send('Page.crash').catch(() => {});
    await crashed;
  },
};

describe.each(['ws', 'mqtt'])('a page over %s', (transport) => {
  it.each(Object.keys(WAYS))('that %s is missed, after all that it has said', async (way) => {
    const watcher = await open('ws');
    const leaver = await open(transport);
    await leaver.evaluate(async () => {
      for (const text of ['one;', 'two;']) await window.n2o.send('room', text);
    });
    await WAYS[way]?.(leaver);
    await watcher.waitForFunction(() =>
      document.getElementById('log')?.textContent?.includes('left'),
    );
    expect(await watcher.textContent('#log')).toBe('one;two;left;');
  });
});
