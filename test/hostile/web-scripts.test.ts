import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {} from '@n2o/client/browser';
import { atom, binary, createBert, tuple } from '@n2o/shared';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Served, serve } from '../browser/served.ts';
import { startBrowser } from '../support/browser.ts';
import { PAYLOADS } from './web/payloads.ts';

declare global {
  interface Window {
    pwned?: unknown;
  }
}

const source = (name: string) => readFileSync(join(import.meta.dirname, 'web', name), 'utf8');

let browser: Browser;
let server: Served;

beforeAll(async () => {
  const modules = { 'hostile.mjs': source('hostile.mjs'), '_payloads.ts': source('payloads.ts') };
  [browser, server] = await Promise.all([startBrowser(), serve(modules)]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Scripts of others that N2O's richer elements call: what they are given is looked at all the same. */
const OTHERS =
  'comboLookupKeyup comboLookupKeydown comboLookupChange comboLookupClick comboLookupMouseMove comboLookupAdd comboLookupGroupDraft comboModify comboLostFocus comboOnFocus createSortable addSortableItemFrom clearInput groupListDrag groupListDrop groupListAllowDrop Pikaday'.split(
    ' ',
  );

async function open(transport: string, runtime: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.addInitScript((names) => {
    const others = Object.fromEntries(names.map((name) => [name, function other() {}]));
    Object.assign(window, others, { pickers: {}, clLangs: {} });
  }, OTHERS);
  await page.goto(`${server.url}/app/hostile?transport=${transport}&runtime=${runtime}`);
  await page.waitForSelector('html[data-n2o-state=online]');
  return page;
}

/** Says something to `client` of the module, as `{client, Message}`. */
async function say(page: Page, message: string): Promise<void> {
  const bytes = createBert().encode(tuple(atom('client'), binary(message)));
  await page.evaluate((sent) => window.n2o.send('hostile', Uint8Array.from(sent)), [...bytes]);
}

/** What has run, or would, or has broken out: nothing. */
async function harm(page: Page): Promise<string[]> {
  const { found, handlers } = await page.evaluate(() => {
    const found: string[] = [];
    const handlers: string[] = [];
    const addresses = /^(href|src|action|formaction|data|poster|xlink:href)$/;
    for (const element of document.querySelectorAll('*')) {
      if (element.localName === 'x-pwned') found.push(`${element.parentElement?.outerHTML}`);
      if (element.localName === 'script' && element.closest('#stage, #box')) found.push('a script');
      for (const { name, value } of element.attributes) {
        if (/^on|^srcdoc$/.test(name)) handlers.push(value);
        if (!addresses.test(name) || value === 'javascript:void(0);') continue;
        const plain = value.replace(/[\t\r\n]|^[\0- ]+/g, '');
        if (/^(java|vb)script:/i.test(plain)) found.push(`${element.localName} ${name}=${value}`);
      }
      // What waits for a user.
      for (const type of ['mouseover', 'focus', 'toggle']) element.dispatchEvent(new Event(type));
    }
    return { found: window.pwned === undefined ? found : [...found, 'it ran'], handlers };
  });
  return [...found, ...new Set(handlers.filter(pwns))];
}

/** Elements of N2O's with handlers of their own: is the text in them more than text? */
function pwns(handler: string): boolean {
  const window: { pwned?: unknown } = {};
  const anything: object = new Proxy(() => {}, { get: () => anything, apply: () => anything });
  const names = [...new Set(handler.match(/[A-Za-z_]\w*/g))].filter((name) => !RESERVED.test(name));
  try {
    Function('window', 'parent', ...names, handler).call(
      anything,
      window,
      window,
      ...names.map(() => anything),
    );
  } catch (error) {
    // What is not well formed does not run; what fails has run up to there.
    if (!(error instanceof SyntaxError)) return true;
  }
  return window.pwned !== undefined;
}

const RESERVED = /^(this|window|parent|new|return|if|else|function|script|var)$/;

describe.each(['instructions', 'script'])('what a user has sent, in a page of %s', (runtime) => {
  it.each(['ws', 'mqtt'])(
    'stays text wherever it stands, over %s',
    { timeout: 90_000 },
    async (transport) => {
      const page = await open(transport, runtime);
      expect(await harm(page)).toEqual([]);
      for (const [number, text] of PAYLOADS.entries()) {
        await say(page, `show:${number}`);
        const mark = await page.waitForFunction((start) => {
          const shown = document.getElementById('mark')?.textContent ?? '';
          return shown.startsWith(start) && Number(shown.split(' ')[2]);
        }, `show ${number} `);
        expect(await mark.jsonValue()).toBeGreaterThan(120);
        expect([text, await harm(page)]).toEqual([text, []]);
      }
    },
  );

  it('is no address to go to that runs', { timeout: 90_000 }, async () => {
    for (const [number, text] of PAYLOADS.entries()) {
      if (!/^\W*(java|vb|data)/i.test(text)) continue;
      const page = await open('ws', runtime);
      // Where it leaves, there is nobody to be told that it was said.
      await say(page, `go:${number}`).catch(() => {});
      await Promise.race([
        page.waitForURL((url) => url.pathname !== '/app/hostile'),
        page.waitForFunction(() => document.getElementById('mark')?.textContent === 'gone'),
      ]);
      // What has left is not there to be asked, and has not run.
      const pwned = await page.evaluate(() => window.pwned).catch(() => undefined);
      expect([text, pwned]).toEqual([text, undefined]);
      await page.close();
    }
  });
});

it('would be seen: a page for script runs what it is given as script', async () => {
  const page = await open('ws', 'script');
  await page.evaluate(() => {
    const image = '<img src="data:," onerror="window.pwned=1"><x-pwned></x-pwned>';
    document.body.insertAdjacentHTML('beforeend', image);
  });
  await page.waitForFunction(() => window.pwned === 1);
  expect(await harm(page)).toContain('it ran');
  expect(pwns(`comboLookupClick('';window.pwned=1;'')`)).toBe(false);
  expect(pwns(`comboLookupClick('');window.pwned=1;('')`)).toBe(true);
});
