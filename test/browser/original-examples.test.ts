import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  conversationOf,
  type Example,
  noteErrors,
  ORIGINAL_WAYS,
  type Shown,
  showExamples,
} from './original/examples.ts';
import { revisions } from './original/revisions.ts';

/** What the examples bring along. */
const OWN = ['/chat.js', '/upload.js'];

describe.each(revisions())("the examples with N2O's own browser files, %s", (revision) => {
  let shown: Shown;

  beforeAll(async () => {
    shown = await showExamples(revision);
  });
  afterAll(() => shown.close());

  describe.each(ORIGINAL_WAYS)('over $transport', { timeout: 60_000 }, (way) => {
    const { transport, query, names } = way;
    let users: BrowserContext[];
    let errors: string[];
    let asked: Set<string>;

    beforeEach(() => {
      users = [];
      errors = [];
      asked = new Set();
    });
    afterEach(async () => {
      await Promise.all(users.map((user) => user.close()));
      expect(errors).toEqual([]);
      // These files, and nothing of ours but what the example itself brings along.
      const scripts = [...asked].filter((path) => path.endsWith('.js') && !OWN.includes(path));
      expect(scripts.sort()).toEqual(names.map((name) => `/${revision}/${name}.js`).sort());
    });

    async function newUser(): Promise<BrowserContext> {
      const user = await shown.browser.newContext();
      users.push(user);
      noteErrors(user, errors);
      return user;
    }

    /** A page that has begun its conversation. */
    async function open(user: BrowserContext, example: Example): Promise<Page> {
      const page = await user.newPage();
      page.on('request', (request) => asked.add(new URL(request.url()).pathname));
      page.on('websocket', (socket) => {
        const [, first] = new URL(socket.url()).pathname.split('/');
        if (first !== transport) errors.push(`${socket.url()} was opened`);
      });
      const begun = conversationOf(page);
      await page.goto(`${shown.addressOf(example)}?${query}`);
      await begun;
      return page;
    }

    describe('chat', () => {
      const enter = async (name: string): Promise<Page> => {
        const page = await open(await newUser(), 'chat');
        await page.fill('#name', name);
        await page.press('#name', 'Tab');
        await page.waitForSelector(`text=/^Here: .*${name}/`);
        return page;
      };
      const say = async (page: Page, text: string) => {
        await page.fill('#message', text);
        await page.press('#message', 'Enter');
        await page.waitForSelector('#message:placeholder-shown');
      };
      const sees = (page: Page, line: string) =>
        page.waitForSelector(`#history li:has-text(${JSON.stringify(line)})`);

      it('is heard by all who are there, who see who that is', async () => {
        const [anna, ben] = [await enter('Anna'), await enter('Ben ü')];
        await anna.waitForSelector('text=/^Here: .*Anna.*Ben ü/');
        await say(anna, 'Hello Ben');
        await sees(ben, 'Anna Hello Ben');
        await say(ben, '<b>Grüß</b> dich, Anna 👋');
        await sees(anna, 'Ben ü <b>Grüß</b> dich, Anna 👋');
      });

      it('keeps what was said for who comes later', async () => {
        const anna = await enter('Anna');
        await say(anna, `one over ${transport}`);
        await say(anna, `two over ${transport}`);
        await anna.reload();
        await sees(anna, `Anna two over ${transport}`);
        const lines = await anna.locator('#history li').allTextContents();
        expect(lines.slice(0, 2)).toEqual([
          `Anna two over ${transport}`,
          `Anna one over ${transport}`,
        ]);
        expect(await anna.inputValue('#name')).toBe('Anna');
      });

      // What follows mq.js cannot do: it says no goodbye, and does not connect again.
      if (transport === 'mqtt') return;

      it('forgets who leaves', async () => {
        const [anna, ben] = [await enter('Anna'), await enter('Guest of honour')];
        await anna.waitForSelector('text=/^Here: .*Guest of honour/');
        await ben.close();
        await anna.waitForSelector('text=/^Here: (?!.*Guest of honour)/');
      });

      it('goes on when the server was killed and started again', async () => {
        const anna = await enter('Anna');
        await say(anna, 'before');
        await shown.restart('chat');
        const ben = await enter('Ben');
        await anna.waitForSelector('text=/^Here: .*Anna.*Ben/');
        await say(anna, 'after');
        await sees(ben, 'Anna after');
      });
    });

    describe('login', () => {
      it('takes a password that is right, and no other, until one logs out', async () => {
        const name = `max <b> ü over ${transport}`;
        const page = await open(await newUser(), 'login');
        const enter = async (by: 'login' | 'register', password: string) => {
          await page.fill('#user', name);
          await page.fill('#password', password);
          await page.click(`#${by}`);
        };
        /** What makes the page load again, and all until it listens. */
        const anew = async (act: () => Promise<unknown>) => {
          const begun = conversationOf(page);
          await act();
          await begun;
        };
        const isIn = () => page.waitForSelector(`#welcome:text-is("${name}")`);
        await enter('login', 'secret');
        await page.waitForSelector('#problem >> text=no such user');
        await anew(() => enter('register', 'secret'));
        await isIn();
        await page.click('#token');
        await page.waitForSelector('#device:not(:empty)');
        await anew(() => page.click('#logout'));
        await enter('login', 'wrong');
        await page.waitForSelector('#problem >> text=no such user');
        await anew(() => enter('login', 'secret'));
        await isIn();
        await anew(() => page.reload());
        await isIn();
      });
    });

    describe('upload', () => {
      /** The server has answered that it takes the file: `ftp.js` may begin. */
      const start = async (page: Page) => {
        await page.waitForFunction('ftp_file && ftp.item(ftp_file).status === undefined');
        await page.click('#ftp_start');
      };
      const isListed = (page: Page, bytes: Uint8Array) => {
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return page.waitForSelector(`#files code:text-is("${sha256}")`);
      };

      it('takes what one chooses: it arrives with the bytes that were sent', async () => {
        const user = await newUser();
        const page = await open(user, 'upload');
        const bytes = randomBytes(1_700_001);
        const file = { name: 'a photo.bin', mimeType: 'image/x', buffer: bytes };
        await page.setInputFiles('#file', file);
        await start(page);
        await isListed(page, bytes);
        await page.click('text=Download');
        await page.waitForSelector('#problem >> text=cannot fetch');
        // Our own client can, in the same session.
        const ours = await user.newPage();
        await ours.goto(shown.addressOf('upload'));
        await isListed(ours, bytes);
        const [download] = await Promise.all([
          ours.waitForEvent('download'),
          ours.click('text=Download'),
        ]);
        expect(bytes.equals(await readFile(await download.path()))).toBe(true);
      });

      it('takes what is dropped', async () => {
        const page = await open(await newUser(), 'upload');
        const dataTransfer = await page.evaluateHandle(() => {
          const dropped = new DataTransfer();
          dropped.items.add(new File(['hello'], 'note.txt'));
          return dropped;
        });
        await page.dispatchEvent('#zone', 'drop', { dataTransfer });
        await start(page);
        await isListed(page, Buffer.from('hello'));
      });
    });
  });
});
