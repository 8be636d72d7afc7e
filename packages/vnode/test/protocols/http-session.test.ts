import { atom, type HttpRequest, Io, type ModuleDefinition, type Tuple, textOf } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { type Pages, say, startPages } from './pages.ts';

const index: ModuleDefinition = {
  main: () => 'page',
  async client(_message, { session }) {
    await session.set('user', 'max');
    await session.renew();
  },
};

/** Asks for the cookie of a token, as the runtime of a page does. */
function move(pages: Pages, token: string, cookie: string, more: Partial<HttpRequest> = {}) {
  const headers = new Map([
    ['x-auth-token', token],
    ['cookie', cookie],
  ]);
  return pages.get({
    kind: 'session',
    method: 'POST',
    path: '/n2o/session/index',
    ...more,
    headers,
  });
}

/** A page that has begun, and was renewed: the token before, and the one after. */
async function renewed(pages: Pages): Promise<readonly [before: string, after: string]> {
  const { token: before } = await pages.services.sessions.authenticate('');
  await pages.say(`N2O,${before},instructions`);
  await pages.say(say('client', 1));
  const { topic, value } = pages.actions.at(-1) as Pages['actions'][number];
  expect(topic).toBe('actions/1/index/c');
  expect(value).toBeInstanceOf(Io);
  const { data } = value as Io;
  expect((data as Tuple).items[0]).toBe(atom('Auth'));
  return [before, textOf((data as Tuple).items[1] as Uint8Array) ?? ''];
}

describe('a session that is renewed in an event', () => {
  it('is told to its client, by a token that leads there', async () => {
    const pages = await startPages({ modules: { index } });
    const [before, after] = await renewed(pages);
    const { sessions } = pages.services;
    expect(await sessions.find(before)).toBeUndefined();
    const identity = await sessions.find(after);
    expect(await sessions.variables(identity?.sid ?? '').get('user')).toBe('max');
  });

  it('has its cookie changed, with all that keeps that safe', async () => {
    const pages = await startPages({ modules: { index } });
    const [before, after] = await renewed(pages);
    const { status, headers, body } = await move(pages, after, `n2o-token=${before}`);
    expect([status, body.length]).toEqual([204, 0]);
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^n2o-token=[\w-]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(cookie).toContain(`=${after};`);
    expect(headers.get('cache-control')).toBe('no-store');
    const https = await move(pages, after, `n2o-token=${before}`, { scheme: 'https' });
    expect(https.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('is given to no browser that has none, or another one that goes on', async () => {
    const pages = await startPages({ modules: { index } });
    const [, after] = await renewed(pages);
    const none = await move(pages, after, 'other=1');
    expect([none.status, none.headers.has('set-cookie')]).toEqual([204, false]);
    const { token } = await pages.services.sessions.authenticate('');
    const other = await move(pages, after, `n2o-token=${token}`);
    expect([other.status, other.headers.has('set-cookie')]).toEqual([403, false]);
    expect(textOf(other.body)).toContain('N2O_SESSION_OTHER');
  });

  it('is begun for nobody here: a token that leads nowhere is refused', async () => {
    const pages = await startPages({ modules: { index } });
    const [before] = await renewed(pages);
    for (const token of ['', 'forged', before]) {
      const { status, headers } = await move(pages, token, `n2o-token=${before}`);
      expect([status, headers.has('set-cookie')]).toEqual([401, false]);
    }
  });

  it('while a page is made gets its cookie with that, and nobody is told', async () => {
    const main: ModuleDefinition['main'] = async ({ session }) => {
      await session.renew();
      return 'page';
    };
    const pages = await startPages({ modules: { index: { main } } });
    const { headers } = await pages.get({});
    expect(headers.get('set-cookie')).toContain('n2o-token=');
    expect(pages.actions).toEqual([]);
  });
});
