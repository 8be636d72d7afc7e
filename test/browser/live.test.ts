import type {} from '@n2o/client/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type Served, serve } from './served.ts';

const CHAT = `
  const click = (target, message, source) => ({
    script: () => '',
    instructions: (renderer) => [[
      'on', target, 'click',
      { pickle: renderer.pickle({ module: 'chat', message, trigger: target, name: 'event' }), source },
    ]],
  });
  export default {
    main(context) {
      context.page.wire(click('send', 'say', ['message']));
      return { render: () => '<p id="greeting"></p><div id="history"></div><input id="message"><button id="send">Send</button>' };
    },
    event(message, context) {
      if (message === 'init') context.page.fill('greeting', 'Welcome');
      else if (message === 'say') context.page.insertBottom('history', context.page.q('message') + ';');
      else return message;
    },
    methods: {
      add: ([a, b]) => a + b,
      async leave(_params, { session, services }) {
        await services.sessions.end((await session.identity()).sid);
      },
    },
  };`;

let browser: Browser;
let server: Served;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serve({ 'chat.js': CHAT })]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const online = () => page.waitForSelector('html[data-n2o-state=online]');
const say = async (text: string) => {
  await page.fill('#message', text);
  await page.click('#send');
};
const history = (text: string) =>
  page.waitForFunction((all) => document.getElementById('history')?.textContent === all, text);

describe.each(['ws', 'mqtt'])('a page over %s', (transport) => {
  beforeEach(async () => {
    page = await browser.newPage();
    await page.goto(`${server.url}/app/chat?transport=${transport}`);
  });
  afterEach(() => page.close());

  it('is live: it shows what the module says, and the module hears what happens in it', async () => {
    await online();
    await page.waitForSelector('text=Welcome');
    await say('<b>one</b>');
    await say('zwei ü');
    await history('<b>one</b>;zwei ü;');
  });

  it('calls methods', async () => {
    await online();
    const sum = await page.evaluate(() =>
      (window.n2o.rpc('chat') as { add(params: unknown): Promise<unknown> }).add([2, 3]),
    );
    expect(sum).toBe(5);
  });

  it('is loaded anew when something is pressed after its session is over, and is right again', async () => {
    await online();
    await page.evaluate(() => {
      document.title = 'old';
      return (window.n2o.rpc('chat') as { leave(): Promise<unknown> }).leave();
    });
    await say('lost');
    await page.waitForFunction(() => document.title !== 'old');
    await online();
    await say('one');
    await history('one;');
  });

  it('goes on by itself when the server was started anew', async () => {
    await online();
    await say('one');
    await history('one;');
    await server.restart();
    await say('two');
    await history('one;two;');
    await online();
  });
});
