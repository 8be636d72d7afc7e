import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@n2o/client';
import type {} from '@n2o/client/browser';
import { atom, binary, createBert, ErrorFrame, type Io, tuple } from '@n2o/shared';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Served, serve } from '../browser/served.ts';
import { ask } from '../support/ask.ts';
import { startBrowser } from '../support/browser.ts';

const bert = createBert();
const vault = readFileSync(join(import.meta.dirname, 'web/vault.mjs'), 'utf8');

/** A login as it ought to be: who is logged in has another token than before. */
const LOGIN = `
  import { button, p } from '@n2o/nitro';
  export default {
    async main({ session }) {
      if (await session.get('fresh')) {
        await session.renew();
        await session.delete('fresh');
      }
      const user = (await session.get('user')) ?? 'nobody';
      return [p({ id: 'who', body: user }), button({ id: 'login', body: 'Log in', postback: 'login' })];
    },
    async event(message, { page, session }) {
      if (message !== 'login') return;
      await session.set('user', 'max');
      await session.set('fresh', true);
      page.redirect('/app/login');
    },
  };`;

let server: Served;
let browser: Browser;
/** `host:port`. */
let at: string;

beforeAll(async () => {
  const files = {
    'vault.mjs': vault,
    'other.mjs': vault,
    'login.mjs': LOGIN,
    'secret.txt': 'the secret',
    'public/shown.txt': 'shown',
    'public/.hidden': 'the secret',
  };
  [browser, server] = await Promise.all([startBrowser(), serve(files)]);
  at = new URL(server.url).host;
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** The page of a module as a new visitor gets it: a session, and the pickles of its buttons. */
async function visit(module: string, host = at) {
  const { text } = await ask(host, `/app/${module}`);
  const [, token = ''] = /data-token="([^"]+)"/.exec(text) ?? [];
  const [, json = ''] = /id="n2o-actions">(.*?)<\/script>/.exec(text) ?? [];
  const [open, leave] = JSON.parse(json).map(([, , , { pickle }]: Pressable) => pickle);
  return { token, open: open as string, leave: leave as string };
}
type Pressable = [on: string, target: string, type: string, { pickle: string }];

/** A conversation of a module: what it is to do, and what comes with that. */
interface Conversation {
  click(pickle: string): Promise<{ todo: string; data: unknown }>;
}

const clicked = (pickle: string) => tuple(atom('pickle'), binary('open'), binary(pickle), []);
const answerOf = ({ eval: todo, data }: Io) => ({
  todo: new TextDecoder().decode(todo as Uint8Array),
  data,
});

/** A page that has begun its conversation over N2O's WebSocket. Error frames are thrown. */
async function converse(module: string, token: string): Promise<Conversation> {
  const socket = new WebSocket(`ws://${at}/ws/${module}`);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  const say = async (message: string | Uint8Array): Promise<Io> => {
    const answered = once(socket, 'message');
    socket.send(message);
    const [bytes] = await answered;
    const value = bert.decode(new Uint8Array(bytes));
    if (value instanceof ErrorFrame) throw value;
    return value as Io;
  };
  await say(`N2O,${token},instructions`);
  return { click: async (pickle) => answerOf(await say(bert.encode(clicked(pickle)).slice())) };
}

/** The same over MQTT. */
async function converseOverMqtt(module: string, token: string): Promise<Conversation> {
  const client = await connect(`ws://${at}/mqtt`, { format: 'bert' });
  onTestFinished(() => client.close());
  await client.call(module, `N2O,${token},instructions`, { format: 'text' });
  return { click: async (pickle) => answerOf((await client.call(module, clicked(pickle))) as Io) };
}

describe.each([
  ['ws', converse],
  ['mqtt', converseOverMqtt],
])('a pickle over %s', (_way, converse) => {
  const foreign = { code: 'N2O_EVENT_SESSION' };

  it('is what its page was given, and runs each time', async () => {
    const { token, open } = await visit('vault');
    const page = await converse('vault', token);
    expect((await page.click(open)).todo).toContain('open vault, by you 1');
    expect((await page.click(open)).todo).toContain('open vault, by you 2');
  });

  it('that was seen in the page of another runs nothing', async () => {
    const victim = await visit('vault');
    const thief = await converse('vault', (await visit('vault')).token);
    const nobody = await converse('vault', '');
    for (const page of [thief, nobody]) {
      await expect(page.click(victim.open)).rejects.toMatchObject(foreign);
    }
    const page = await converse('vault', victim.token);
    expect((await page.click(victim.open)).todo).toContain('by you 1');
  });

  it('runs nothing after the logout, wherever it is sent from', async () => {
    const { token, open, leave } = await visit('vault');
    const page = await converse('vault', token);
    const other = await converse('vault', token);
    await page.click(open);
    await page.click(leave);
    const late = await converse('vault', token);
    for (const one of [page, other, late]) {
      await expect(one.click(open)).rejects.toMatchObject(foreign);
    }
  });
});

describe('a pickle', () => {
  const refused = { todo: '[]', data: tuple(atom('error'), 'EV expected') };

  it('that was changed, cut or made longer runs nothing', async () => {
    const { token, open: pickle } = await visit('vault');
    const page = await converse('vault', token);
    const changed = (i: number) =>
      pickle.slice(0, i) + (pickle[i] === 'A' ? 'B' : 'A') + pickle.slice(i + 1);
    const forged = Array.from({ length: pickle.length }, (_, i) => changed(i));
    // What stands for no byte of its own at the end may be any: it is the same pickle then.
    forged.pop();
    forged.push('', 'A', pickle.slice(1), pickle.slice(0, -4), `${pickle}AAAA`, pickle + pickle);
    for (const one of forged) expect([one, await page.click(one)]).toEqual([one, refused]);
  });

  it('that was sealed with another key runs nothing', async () => {
    const other = await serve({ 'vault.mjs': vault }, 'another-secret-of-a-server');
    onTestFinished(() => other.close());
    const { open } = await visit('vault', new URL(other.url).host);
    expect(await (await converse('vault', '')).click(open)).toEqual(refused);
  });

  it('that was not sealed at all runs nothing', async () => {
    const page = await converse('vault', '');
    const ev = tuple(atom('ev'), atom('vault'), 'open vault', 'open', atom('event'));
    const bytes = Buffer.from(bert.encode(ev));
    for (const encoding of ['base64', 'base64url', 'hex', 'latin1'] as const) {
      expect(await page.click(bytes.toString(encoding))).toEqual(refused);
    }
  });

  it('of another module runs nothing, and its own where it belongs', async () => {
    const { token, open } = await visit('other');
    expect(await (await converse('vault', token)).click(open)).toEqual(refused);
    expect((await (await converse('other', token)).click(open)).todo).toContain('open other');
  });
});

describe('paths', () => {
  it.each(['/app/..', '/app/%2e%2e', '//evil.example/%2e%2e', '/\\evil.example/..'])(
    'lead to no other server: %s',
    async (path) => {
      const { status, headers } = await ask(at, path);
      expect([301, 400, 403, 404]).toContain(status);
      expect(new URL(headers.location ?? '/', server.url).host).toBe(at);
    },
  );

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e/secret.txt',
    '/./../secret.txt',
    '/x/../../secret.txt',
    '//secret.txt',
    '/n2o/../secret.txt',
    '/n2o/..%2f..%2f..%2fpackage.json',
    '/n2o/../../../package.json',
    '/.hidden',
    '/%2ehidden',
    '/secret.txt',
    '/vault.mjs',
    '/../vault.mjs',
    '/store',
    '/shown.txt%00.html',
    '/shown.txt/',
    '/%c0%ae%c0%ae/secret.txt',
    '/etc/passwd',
    '//etc/passwd',
    '/file:///etc/passwd',
  ])('lead no further than to what is public: %s', async (path) => {
    expect((await ask(at, '/shown.txt')).text).toBe('shown');
    const { status, text } = await ask(at, path);
    expect([400, 403, 404]).toContain(status);
    expect(text).not.toMatch(/secret|"scripts"|root:|export default/);
  });

  it.each([
    '/app/..%2fvault',
    '/app/%2e%2e%2fsecret',
    '/app/vault%00',
    '/app/__proto__',
    '/app/constructor',
    '/app/toString',
    '/app/',
    '/app/vault.mjs',
    '/rest/__proto__',
    '/rest/constructor/x',
    '/rest/..%2fvault/x',
    '/rest/vault/a/b',
  ])('lead to no module that is none: %s', async (path) => {
    const { status, text } = await ask(at, path);
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(/export default|the secret/);
  });

  it.each(['..%2f..%2fetc%2fpasswd', '__proto__', '%2e%2e', "'%20or%201=1--", '%3Cscript%3E'])(
    'are only text to a resource: %s',
    async (id) => {
      const { status, text, headers } = await ask(at, `/rest/vault/${id}`);
      expect([status, JSON.parse(text)]).toEqual([200, { id: decodeURIComponent(id) }]);
      expect(headers['content-type']).toContain('application/json');
      expect(headers['x-content-type-options']).toBe('nosniff');
    },
  );
});

it('takes no file whose name leads anywhere', async () => {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`${server.url}/app/vault`);
  await page.waitForSelector('html[data-n2o-state=online]');
  const upload = (name: string) =>
    page.evaluate(
      (name) =>
        window.n2o.upload(new Blob(['content']), { name }).then(
          () => 'taken',
          (error) => error.code,
        ),
      name,
    );
  const left = `pwned-${process.pid}`;
  const names = [`../${left}`, `../../${left}`, `/tmp/${left}`, `a/../../${left}`, `..\\${left}`];
  for (const name of [...names, `C:\\${left}`, `${left}\0.txt`, '..', '.', '', 'con', 'nul.txt']) {
    expect([name, await upload(name)]).toEqual([name, 'N2O_FILE_NAME']);
  }
  expect(await upload(`%2e%2e%2f${left}`)).toBe('taken');
  expect(existsSync(join(tmpdir(), left))).toBe(false);
});

describe('pages of others', () => {
  const evil = { origin: 'https://evil.example' };

  it.each(['/ws/vault', '/mqtt'])('open no WebSocket at %s', async (path) => {
    for (const origin of ['https://evil.example', 'null', `http://${at}.evil.example`]) {
      const socket = new WebSocket(`ws://${at}${path}`, ['mqtt'], { headers: { origin } });
      const [, response] = await once(socket, 'unexpected-response');
      expect(response.statusCode).toBe(403);
      socket.on('error', () => {}).terminate();
    }
  });

  it('open none from a real browser, with the cookies of its user', async () => {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    // Another name of the same server is another origin.
    await page.goto(`${server.url.replace('127.0.0.1', 'localhost')}/app/vault`);
    const code = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new window.WebSocket(url);
          socket.onopen = () => resolve('open');
          socket.onclose = ({ code }) => resolve(code);
        }),
      `ws://${at}/ws/vault`,
    );
    expect(code).toBe(1006);
  });

  it.each(['POST', 'PUT', 'DELETE'])('change nothing by %s', async (method) => {
    const path = method === 'POST' ? '/rest/vault' : '/rest/vault/1';
    const before = (await ask(at, '/rest/vault')).text;
    const headers = { ...evil, 'content-type': 'application/json' };
    const { status, text } = await ask(at, path, { method, headers, body: '{}' });
    expect([status, JSON.parse(text).code]).toEqual([403, 'N2O_HTTP_ORIGIN']);
    expect((await ask(at, '/rest/vault')).text).toBe(before);
  });

  it('change nothing by a form, which says no type of ours', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { 'content-type': type };
      const made = await ask(at, '/rest/vault', { method: 'POST', headers, body: '{"a":1}' });
      expect(made.status).toBe(415);
    }
  });

  it('read no answer: nothing says that they may', async () => {
    const { headers } = await ask(at, '/rest/vault', { headers: evil });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('what is too long', () => {
  it('closes a WebSocket with 1009, and nobody else', async () => {
    const { token, open } = await visit('vault');
    const other = await converse('vault', token);
    const socket = new WebSocket(`ws://${at}/ws/vault`);
    await once(socket, 'open');
    socket.send(Buffer.alloc(64 * 1024 * 1024));
    socket.on('error', () => {});
    const [code] = await once(socket, 'close');
    expect([1006, 1009]).toContain(code);
    expect((await other.click(open)).todo).toContain('open vault');
  });

  it.each([
    ['a header', { 'x-long': 'x'.repeat(100_000) }, '/app/vault'],
    ['all cookies', { cookie: `n2o-token=${'x'.repeat(100_000)}` }, '/app/vault'],
    ['an address', {}, `/app/vault?${'x'.repeat(100_000)}`],
  ])('is refused as %s', async (_what, headers, path) => {
    expect((await ask(at, path, { headers })).status).toBe(431);
  });

  it('is refused as a body', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': 32 * 1024 * 1024 };
    const { status } = await ask(at, '/rest/vault', { method: 'POST', headers, body: '{' });
    expect(status).toBe(413);
  });
});

describe('a session', () => {
  const tokenIn = (text: string) => /data-token="([^"]+)"/.exec(text)?.[1] ?? '';

  it('is begun anew for a token that nobody was given', async () => {
    for (const forged of ['forged', '..', 'A'.repeat(200), '<script>']) {
      const { text, headers } = await ask(at, '/app/vault', {
        headers: { cookie: `n2o-token=${forged}; X-Auth-Token=${forged}` },
      });
      expect(tokenIn(text)).toMatch(/^[\w-]{40,}$/);
      expect(tokenIn(text)).not.toBe(forged);
      expect(headers['set-cookie']?.[0]).toContain(tokenIn(text));
    }
  });

  it('that somebody has planted in a browser is worth nothing once its user has logged in', async () => {
    const planted = tokenIn((await ask(at, '/app/login')).text);
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    await context.addCookies([{ name: 'n2o-token', value: planted, url: server.url }]);
    const page = await context.newPage();
    await page.goto(`${server.url}/app/login`);
    await page.waitForSelector('html[data-n2o-state=online]');
    await page.click('#login');
    await page.waitForSelector('#who:text("max")');
    await page.reload();
    expect(await page.textContent('#who')).toBe('max');
    for (const cookie of [`n2o-token=${planted}`, `X-Auth-Token=${planted}`]) {
      expect((await ask(at, '/app/login', { headers: { cookie } })).text).toContain('nobody');
    }
  });

  it('is not taken from an address, which others can make', async () => {
    const given = tokenIn((await ask(at, '/app/vault')).text);
    for (const name of ['token', 'n2o-token', 'X-Auth-Token', 'sid']) {
      const { text } = await ask(at, `/app/vault?${name}=${given}`);
      expect(tokenIn(text)).not.toBe(given);
    }
  });

  it('has a cookie that no script reads, and that other sites do not send with a form', async () => {
    const [cookie] = (await ask(at, '/app/vault')).headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
  });
});
