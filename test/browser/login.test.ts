import { connect } from '@n2o/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type login from '../../examples/login/login.ts';
import { startBrowser } from '../support/browser.ts';
import { type Served, serveExample } from './served.ts';
import { WAYS } from './ways.ts';

let browser: Browser;
let server: Served;
let user: BrowserContext;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveExample('login')]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe.each(WAYS)('a login by %s', { timeout: 60_000 }, (way) => {
  const name = `max by ${way}`;
  const open = async () => {
    await page.goto(`${server.url}/app/login?${way}`);
    await page.waitForSelector('html[data-n2o-state=online]');
  };
  const enter = async (by: 'login' | 'register', who: string, password: string) => {
    await page.fill('#user', who);
    await page.fill('#password', password);
    await page.click(`#${by}`);
  };
  const says = (problem: string) => page.waitForSelector(`#problem >> text=${problem}`);
  const isIn = (who: string) => page.waitForSelector(`#welcome:text-is("${who}")`);

  beforeEach(async () => {
    user = await browser.newContext();
    page = await user.newPage();
    await open();
  });
  afterEach(() => user.close());

  it('takes a password that is right, and no other', async () => {
    await enter('login', name, 'secret');
    await says('no such user');
    await enter('register', name, 'secret');
    await isIn(name);
    await page.click('#logout');
    await page.waitForSelector('#login');
    await page.waitForSelector('html[data-n2o-state=online]');
    await enter('register', name, 'another');
    await says('there is a user of this name already');
    await enter('login', name, 'wrong');
    await says('no such user');
    await enter('login', name, 'secret');
    await isIn(name);
  });

  it('lasts: on other pages, and when the server was killed and started again', async () => {
    await enter('register', `${name}, who stays`, 'secret');
    await isIn(`${name}, who stays`);
    await server.restart();
    await page.reload();
    await isIn(`${name}, who stays`);
    page = await user.newPage();
    await open();
    await isIn(`${name}, who stays`);
  });

  it('ends: what was shown to the user is of no use any more', async () => {
    await enter('register', `<i>${name}</i>`, 'secret');
    await isIn(`<i>${name}</i>`);
    const stale = await user.newPage();
    await stale.goto(page.url());
    await stale.waitForSelector('html[data-n2o-state=online]');
    await page.click('#logout');
    await page.waitForSelector('#login');
    await stale.click('#token');
    await stale.waitForSelector('#login');
    expect(await stale.$('#token')).toBeNull();
  });

  it('is possible for devices, with a token that the page has made', async () => {
    await enter('register', `${name}, with a device`, 'secret');
    await page.click('#token');
    const token = await (await page.waitForSelector('#device:not(:empty)')).textContent();
    const device = await connect(`${server.url.replace('http', 'ws')}/mqtt`);
    const remote = device.rpc<typeof login>('login');
    expect(await remote.whoami()).toBeNull();
    const wrong = device.call('login', `LOGIN,${token}x`);
    await expect(wrong).rejects.toMatchObject({ code: 'N2O_SESSION_NONE' });
    const session = (await device.call('login', `LOGIN,${token}`)) as { token: string };
    await device.call('login', `N2O,${session.token}`);
    expect(await remote.whoami()).toBe(`${name}, with a device`);
    await device.close();
  });
});
