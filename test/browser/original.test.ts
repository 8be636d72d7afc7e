import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { applicationOf } from './original/pages.ts';
import { ORIGINAL, revisions } from './original/revisions.ts';
import { type Served, serve } from './served.ts';

describe.each(revisions())("N2O's own browser files, %s", (revision) => {
  const folder = join(ORIGINAL, revision);
  let browser: Browser;
  let server: Served;
  let context: BrowserContext;
  let errors: string[];

  beforeAll(async () => {
    [browser, server] = await Promise.all([startBrowser(), serve(applicationOf(folder))]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    errors = [];
    context.on('weberror', (error) => errors.push(error.error().message));
    context.on('console', (line) => {
      if (line.type() === 'error') errors.push(line.text());
    });
  });
  afterEach(async () => {
    await context.close();
    // The browser asks for an icon by itself.
    expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
  });

  /** Each page speaks over what it is meant to, and nothing else. */
  async function open(path: string, transport = 'ws'): Promise<Page> {
    const page = await context.newPage();
    page.on('websocket', (socket) => {
      const [, first] = new URL(socket.url()).pathname.split('/');
      if (first !== transport) errors.push(`${socket.url()} was opened`);
    });
    await page.goto(server.url + path);
    return page;
  }

  const holds = (page: Page, id: string, text: string) =>
    page.waitForFunction(
      ([id, text]) => document.getElementById(id as string)?.textContent === text,
      [id, text],
      { timeout: 10_000 },
    );

  describe.each(['ws', 'mqtt'])('over %s', (transport) => {
    it('log somebody in, and the session goes on in the next page', async () => {
      const page = await open(`/${transport}/login.htm`, transport);
      await page.fill('#user', 'max <b>\'"ü');
      await page.fill('#pass', 'no');
      const asked = page.waitForEvent('dialog');
      const clicked = page.click('#login');
      const dialog = await asked;
      expect(dialog.message()).toBe('No: max <b>\'"ü');
      await dialog.dismiss();
      await clicked;
      await page.fill('#pass', 'pass');
      await page.click('#login');
      await page.waitForURL('**/chat.htm');
      await holds(page, 'who', 'max <b>\'"ü');
      await page.goto(`${server.url}/${transport}/login.htm`);
      await holds(page, 'form', 'Back: max <b>\'"ü');
    });

    it('chat: what one says, all hear, and that somebody has left', async () => {
      const one = await open(`/${transport}/chat.htm`, transport);
      await one.waitForSelector('#send');
      await one.fill('#message', '<script>alert(1)</script> ö');
      await one.click('#send');
      await holds(one, 'history', 'nobody: <script>alert(1)</script> ö');
      const other = await (await browser.newContext()).newPage();
      await other.goto(`${server.url}/${transport}/chat.htm`);
      await other.fill('#message', 'hello');
      await other.click('#send');
      await holds(one, 'history', 'nobody: <script>alert(1)</script> önobody: hello');
      await holds(other, 'history', 'nobody: hello');
      if (transport === 'mqtt') return other.context().close();
      await other.context().close();
      await holds(one, 'history', 'nobody: <script>alert(1)</script> önobody: helloleft');
    });

    it('send a file', async () => {
      const page = await open(`/${transport}/upload.htm`, transport);
      const bytes = randomBytes(700_001);
      const name = 'file 1.bin';
      await page.waitForSelector('#ftp_start');
      await page.setInputFiles('#file', {
        name,
        mimeType: 'application/octet-stream',
        buffer: bytes,
      });
      await page.waitForFunction('ftp.queue[0] && ftp.queue[0].status === undefined');
      await page.click('#ftp_start');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await holds(page, 'history', `${name} 700001 ${sha256}`);
    });
  });

  it('go on by themselves when the server was started anew', async () => {
    const page = await open('/ws/chat.htm');
    await page.waitForSelector('#send');
    await page.evaluate("qi('form').innerHTML = ''");
    await server.restart();
    // When it is connected again, it is told anew what to show.
    await page.waitForSelector('#send');
    errors.length = 0;
    await page.fill('#message', 'again');
    await page.click('#send');
    await holds(page, 'history', 'nobody: again');
  });

  it('run what main of a module has wired', async () => {
    const page = await open('/app/live?runtime=script');
    await page.fill('#message', 'wired');
    await page.waitForFunction('active');
    await page.click('#send');
    await holds(page, 'history', 'wired');
  });
});
