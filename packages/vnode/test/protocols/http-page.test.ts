import { button, html } from '@n2o/nitro';
import {
  type Context,
  ErrorFrame,
  type HttpRequest,
  type ModuleDefinition,
  N2OError,
  textOf,
  writeRequest,
} from '@n2o/shared';
import { describe, expect, it, vi } from 'vitest';
import { startPages } from './pages.ts';

const index: ModuleDefinition = {
  async main({ page, session }) {
    const visits = ((await session.get<number>('visits')) ?? 0) + 1;
    await session.set('visits', visits);
    page.alert('</script><script>alert(1)</script>');
    return ['<visits> ', visits, button({ id: 'b', body: 'go', postback: 1 })];
  },
};

async function get(request: Partial<HttpRequest> = {}, module = index) {
  const pages = await startPages({ modules: { index: module } });
  const response = await pages.get(request);
  return { ...response, text: textOf(response.body) ?? '' };
}

const cookieIn = (headers: ReadonlyMap<string, string>) =>
  headers.get('set-cookie')?.split(';', 1)[0] ?? '';

describe('a page', () => {
  it('is a document with what main returned in its body', async () => {
    const { status, headers, text } = await get();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toMatch(/^<!doctype html><html lang="en"><head><meta charset="utf-8">/);
    expect(text).toContain('<body>&lt;visits&gt; 1<button id="b"');
    expect(text).toMatch(
      /<script type="module" src="\/n2o\/page.js" data-module="index" data-token="[\w-]+" data-runtime="instructions" data-transport="websocket">/,
    );
  });

  it('has what main wired as instructions, which no text in them can end', async () => {
    const { text } = await get();
    const [, todo = ''] =
      /<script type="application\/json" id="n2o-actions">(.*?)<\/script>/.exec(text) ?? [];
    expect(JSON.parse(todo)).toEqual([
      ['alert', '</script><script>alert(1)</script>'],
      ['on', 'b', 'click', { pickle: expect.any(String), source: [] }],
    ]);
    expect(text.match(/<script/g)).toHaveLength(2);
  });

  it("has it as script for N2O's own runtime, where the module allows that", async () => {
    const query = 'runtime=script&transport=mqtt';
    const { text, headers } = await get({ query }, { ...index, scripts: true });
    expect(text).toContain('data-runtime="script" data-transport="mqtt"');
    expect(text).toContain('<script type="module">(0,eval)("');
    expect(text).toContain("{var x=qi('b');");
    expect(text.match(/<\/script>/g)).toHaveLength(3);
    expect(headers.get('content-security-policy')).toContain("'unsafe-eval'");
    const other = await get({ query });
    expect(other.text).toContain('data-runtime="instructions" data-transport="mqtt"');
    expect(other.headers.has('content-security-policy')).toBe(false);
  });

  it('writes JSON where its module reads nothing else', async () => {
    const { text } = await get({}, { ...index, formatter: 'json' });
    expect(text).toContain('data-transport="websocket" data-format="json">');
  });

  it('may be a whole document of its own', async () => {
    const document = { render: () => '<!DOCTYPE html><html><body>hi</BODY></html>' };
    const { text } = await get({}, { main: () => document });
    expect(text).toMatch(/^<!DOCTYPE html><html><body>hi<script type="module".*<\/BODY><\/html>$/);
    const nitro = await get({}, { main: () => html({ body: 'hi' }) });
    expect(nitro.text).toMatch(/^<!doctype html><html[^>]*>.*hi.*data-module="index"/s);
    expect(nitro.text).not.toContain('<body>');
  });

  it.each([
    [
      '<html><body>İSTANBUL İZMİR</body></html>',
      /^<!doctype html><html><body>İSTANBUL İZMİR<script /,
    ],
    ['<html><body><p></p></body></BODY></html>', /<\/body><script .*<\/BODY><\/html>$/],
    ['<html><body><p>open</p>', /<p>open<\/p><script .*<\/script>$/],
  ])('has its scripts at the end of the body of %s', async (document, expected) => {
    const { text } = await get({}, { main: () => ({ render: () => document }) });
    expect(text).toMatch(expected);
  });

  it("may bring the scripts of N2O's own runtime along", async () => {
    const show = async (head: string) => {
      const document = { render: () => `<!doctype html><html>${head}<body>hi</body></html>` };
      const query = 'runtime=script';
      return (await get({ query }, { main: () => document, scripts: true })).text;
    };
    const own = '<script src="/n2o.js"></script>';
    expect(await show(own)).toBe(`<!doctype html><html>${own}<body>hi</body></html>`);
    // A script of the page itself is none of them.
    for (const head of ['', '<script type="module" src="/draw.js"></script>']) {
      expect(await show(head)).toMatch(
        /hi<script.*page\.js.*data-runtime="script".*compat\.js.*<\/body>/,
      );
    }
  });

  it.each([
    ['websocket', '', 'N2O_start();'],
    ['mqtt', 'paho-mqtt mq', ''],
  ])(
    "loads N2O's own browser files over %s where the host says where they are",
    async (transport, more, last) => {
      const main = ({ page }: Context) => {
        page.wire('hello("</script>")');
        return 'hi';
      };
      const pages = await startPages({
        modules: { index: { main, scripts: true } },
        browserFiles: '/original',
      });
      const show = async (query: string) => {
        const { headers, body } = await pages.get({ query: `${query}&transport=${transport}` });
        return { token: cookieIn(headers).split('=')[1], text: textOf(body) ?? '' };
      };
      const { token, text } = await show('runtime=script');
      const names = `utf8 ieee754 bert heart n2o nitro ftp ${more}`.trim().split(' ');
      const scripts = [
        `<script>var port=location.port;localStorage.token=sessionStorage.token="${token}";</script>`,
        ...names.map((name) => `<script src="/original/${name}.js"></script>`),
        '<script>hello("<\\/script>")</script>',
        last && `<script>${last}</script>`,
      ];
      expect(text).toMatch(/^<!doctype html>/);
      expect(text.split('<body>')[1]).toBe(`hi${scripts.join('')}</body></html>`);
      // Who did not ask for that runtime gets ours.
      expect((await show('')).text).not.toContain('/original/');
    },
  );

  it('gives the browser another token where main renews the session', async () => {
    const main = async ({ session }: Context) => {
      if ((await session.get('user')) === 'max') await session.renew();
      await session.set('user', 'max');
      return 'hi';
    };
    const pages = await startPages({ modules: { index: { main } } });
    const planted = cookieIn((await pages.get({})).headers);
    const second = await pages.get({ headers: new Map([['cookie', planted]]) });
    const given = cookieIn(second.headers);
    expect(given).not.toBe(planted);
    const [old = '', token = ''] = [planted, given].map((cookie) => cookie.split('=')[1]);
    expect(textOf(second.body)).toContain(`data-token="${token}"`);
    const { sessions } = pages.services;
    expect(await sessions.find(old)).toBeUndefined();
    const sid = (await sessions.find(token))?.sid ?? '';
    expect(await sessions.variables(sid).get('user')).toBe('max');
  });

  it('lets a cookie that came over TLS go over nothing else', async () => {
    const pages = await startPages({ modules: { index } });
    const { headers } = await pages.get({ scheme: 'https' });
    expect(headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Lax; Secure$/);
  });

  it('has the session that its cookie or header leads to', async () => {
    const pages = await startPages({ modules: { index } });
    const first = await pages.get({});
    const cookie = cookieIn(first.headers);
    expect(first.headers.get('set-cookie')).toMatch(
      /^n2o-token=[\w-]+; Path=\/; Expires=.* GMT; HttpOnly; SameSite=Lax$/,
    );
    const again = await pages.get({ headers: new Map([['cookie', `a=b; ${cookie}`]]) });
    expect(textOf(again.body)).toContain('&lt;visits&gt; 2');
    expect(cookieIn(again.headers)).toBe(cookie);
    const token = cookie.split('=')[1] ?? '';
    for (const [name, value] of [
      ['x-auth-token', token],
      ['cookie', `X-Auth-Token="${token}"`],
    ] as const) {
      expect(textOf((await pages.get({ headers: new Map([[name, value]]) })).body)).toContain(
        token,
      );
    }
    const stranger = await pages.get({ headers: new Map([['cookie', 'n2o-token=forged']]) });
    expect(textOf(stranger.body)).toContain('&lt;visits&gt; 1');
    const sid = (await pages.services.sessions.find(token))?.sid ?? '';
    expect(await pages.services.sessions.variables(sid).get('visits')).toBe(4);
  });

  it('answers HEAD as GET: nobody but the HTTP port leaves out what is too large for it', async () => {
    const { status, text } = await get({ method: 'HEAD' });
    expect(status).toBe(200);
    expect(text).toMatch(/<\/html>$/);
  });

  it('is there for GET and HEAD alone', async () => {
    const post = await get({ method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await get({ method: 'OPTIONS' })).status).toBe(204);
  });

  it('is not there without main', async () => {
    const { status, text } = await get({}, { event: () => 1 });
    expect([status, text.includes('N2O_HTTP_PATH')]).toEqual([404, true]);
  });

  it.each<[string, ModuleDefinition['main'] & {}, number, string]>([
    ['an error', () => Promise.reject(new RangeError('secret')), 500, 'the handler threw'],
    [
      'an error with a code',
      () => Promise.reject(new N2OError('N2O_STORE_UNAVAILABLE', '<down>')),
      503,
      '&lt;down>',
    ],
  ])('shows %s as such', async (_what, main, status, words) => {
    const answer = await get({}, { main });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
    expect(answer.text).not.toContain('secret');
  });

  it('that does not answer in time is a gateway time-out', async () => {
    vi.useFakeTimers();
    const module: ModuleDefinition = { main: () => new Promise(() => {}) };
    const pages = await startPages({ modules: { index: module }, deadline: 100 });
    const asked = pages.get({});
    await vi.advanceTimersByTimeAsync(500);
    vi.useRealTimers();
    expect((await asked).status).toBe(504);
  });

  it('is not for `event` to answer where the http protocol is not asked', async () => {
    const event = () => 'heard';
    const pages = await startPages({ modules: { index: { event } }, protocols: ['heart', 'app'] });
    const asked = await pages.say('{"hello":1}', { origin: 'http' });
    expect(asked.outcome).toBe('unknown');
    expect((await pages.say('{"hello":1}')).outcome).toBe('reply');
  });

  it('is no answer to a client that says what the HTTP port says', async () => {
    const pages = await startPages({ modules: { index: { ...index, event: () => 'heard' } } });
    const forged = writeRequest({
      kind: 'app',
      scheme: 'http',
      method: 'GET',
      path: '/',
      query: '',
      headers: new Map(),
      body: new Uint8Array(),
      resource: 'index',
      id: '',
    });
    expect((await pages.say(forged)).value).toBe('heard');
    expect((await pages.say(forged, { module: 'none' })).value).toBeInstanceOf(ErrorFrame);
  });
});
