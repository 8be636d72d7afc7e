import { createHash, randomFillSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type FrailWay, frailWayTo } from './frail.ts';
import { type Served, serveExample } from './served.ts';
import { WAYS } from './ways.ts';

const MB = 1_000_000;

let browser: Browser;
let server: Served;
let frail: FrailWay;
let folder: string;
let page: Page;

beforeAll(async () => {
  [browser, server] = await Promise.all([startBrowser(), serveExample('upload')]);
  frail = await frailWayTo(server.url);
  folder = await mkdtemp(join(tmpdir(), 'n2o-'));
});
afterAll(async () => {
  await browser.close();
  await frail.close();
  await server.close();
  await rm(folder, { recursive: true });
});

/** A file of random bytes. */
async function make(name: string, size: number): Promise<{ path: string; sha256: string }> {
  const bytes = randomFillSync(Buffer.alloc(size));
  const path = join(folder, name);
  await writeFile(path, bytes);
  return { path, sha256: hashOf(bytes) };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe.each(WAYS)('files by %s', { timeout: 90_000 }, (way) => {
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage();
    await page.goto(`${frail.url}/app/upload?${way}`);
    await page.waitForSelector('html[data-n2o-state=online]');
  });
  afterEach(() => page.context().close());

  const begin = async (path: string) => {
    await page.setInputFiles('#file', path);
    await page.click('#ftp_start');
  };
  const isListed = (sha256: string) => page.waitForSelector(`#files code:text-is("${sha256}")`);
  /** With how many bytes the next attempt begins: a promise in the page. */
  const firstProgress = () =>
    page.evaluateHandle(() => ({
      done: new Promise<number>((resolve) => {
        const hear = (event: Event) =>
          resolve((event as CustomEvent<{ done: number }>).detail.done);
        document.addEventListener('n2o-progress', hear, { once: true });
      }),
    }));
  /** Until so many percent are through. */
  const isAt = (percent: number) =>
    page.waitForFunction(
      (least) => (document.querySelector('progress')?.value ?? 0) * 100 >= least,
      percent,
    );

  it('are listed with their hash, and come back as they were', async () => {
    const { path, sha256 } = await make('photo ü.bin', 3 * MB);
    await begin(path);
    await isListed(sha256);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('text=Download'),
    ]);
    expect(download.suggestedFilename()).toBe('photo ü.bin');
    expect(hashOf(await readFile(await download.path()))).toBe(sha256);
  });

  it('may be dropped, and are shown in all pages of the session, in no other', async () => {
    const [twin, stranger] = [
      await page.context().newPage(),
      await (await browser.newContext()).newPage(),
    ];
    for (const other of [twin, stranger]) {
      await other.goto(`${frail.url}/app/upload?${way}`);
      await other.waitForSelector('html[data-n2o-state=online]');
    }
    const dataTransfer = await page.evaluateHandle(() => {
      const dropped = new DataTransfer();
      dropped.items.add(new File(['hello'], '<b>note<b>.txt'));
      return dropped;
    });
    await page.dispatchEvent('#zone', 'drop', { dataTransfer });
    await twin.waitForSelector('.name:text-is("<b>note<b>.txt")');
    await isListed(hashOf(Buffer.from('hello')));
    expect(await stranger.$$('#files li')).toEqual([]);
    await stranger.context().close();
  });

  it('are still there when the page comes again, until somebody removes them', async () => {
    const kept = await make('kept.bin', 1_000);
    const gone = await make('gone & <b>.bin', 1_000);
    for (const { path, sha256 } of [kept, gone]) {
      await begin(path);
      await isListed(sha256);
    }
    const twin = await page.context().newPage();
    await twin.goto(`${frail.url}/app/upload?${way}`);
    await page.reload();
    for (const each of [page, twin]) {
      await each.waitForSelector('.name:text-is("kept.bin")');
      await each.waitForSelector('.name:text-is("gone & <b>.bin")');
    }
    await page.click('li:has-text("gone & <b>.bin") >> text=Remove');
    for (const each of [page, twin]) {
      await each.waitForSelector('.name:text-is("gone & <b>.bin")', { state: 'detached' });
    }
    await twin.reload();
    await twin.waitForSelector('.name');
    expect(await twin.$$eval('.name', (names) => names.map((name) => name.textContent))).toEqual([
      'kept.bin',
    ]);
  });

  it('go on where they were when they were stopped, and when the page was loaded again', async () => {
    const { path, sha256 } = await make('stopped.bin', 30 * MB);
    await begin(path);
    await isAt(10);
    await page.click('#ftp_stop');
    const resumed = await firstProgress();
    await page.click('#ftp_start');
    expect(await resumed.evaluate(({ done }) => done)).toBeGreaterThan(2 * MB);
    await isAt(30);
    await page.reload();
    await page.waitForSelector('html[data-n2o-state=online]');
    const again = await firstProgress();
    await begin(path);
    expect(await again.evaluate(({ done }) => done)).toBeGreaterThan(8 * MB);
    await isListed(sha256);
  });

  it('arrive whole over a connection that breaks, and a server that is killed', async () => {
    const { path, sha256 } = await make('film.bin', 50 * MB);
    await begin(path);
    for (const percent of [10, 30, 50, 70]) {
      await isAt(percent);
      frail.cut();
    }
    await isAt(80);
    await server.restart();
    await isListed(sha256);
    expect(await page.textContent('#problem')).toBe('');
  });
});
