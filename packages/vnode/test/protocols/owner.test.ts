import { button, createPage } from '@n2o/nitro';
import {
  atom,
  binary,
  type Context,
  ERRORS,
  ErrorFrame,
  Io,
  type ModuleDefinition,
  type Route,
  textOf,
  tuple,
} from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../src/protocols/owner.ts';
import { type Ended, type Pages, type PagesOptions, say, startPages } from './pages.ts';

/** What was pressed, in the order of it. */
let heard: unknown[];

const press = (message: string) => button({ id: message, body: message, postback: message });

/** Shows a button by all ways there are. */
const index: ModuleDefinition = {
  main: () => press('of main'),
  async event(message, context) {
    const { page, session, services } = context;
    if (message === 'init') return page.fill('all', press('of init'));
    heard.push(message);
    if (message === 'renew') await session.renew();
    if (message === 'leave') await services.sessions.end((await session.identity())?.sid ?? '');
  },
  client: (message, { page }) => page.fill('all', press(textOf(message as Uint8Array) ?? '')),
  server: (_message, { page }) => page.fill('all', press('of the server')),
};

function start(options: Partial<PagesOptions> = {}): Promise<Pages> {
  heard = [];
  return startPages({ modules: { index }, ...options });
}

/** The pickles of what a page is told to do, by instructions or by script. */
function picklesIn(todo: string): readonly string[] {
  const found = todo.matchAll(/"pickle":"([^"]+)"|bin\('([\w-]{60,})'\)/g);
  return Array.from(found, ([, instruction, script]) => instruction ?? script ?? '');
}

function told({ value }: Ended): string {
  return value instanceof Io ? (textOf(value.eval as Uint8Array) ?? '') : '';
}

function tokenIn({ value }: Ended): string {
  const { items } = (value as Io).data as ReturnType<typeof tuple>;
  return textOf(items[1] as Uint8Array) ?? '';
}

/** A page as a browser gets it. */
async function visit(pages: Pages, token = '') {
  const response = await pages.get({ headers: new Map([['x-auth-token', token]]) });
  const text = textOf(response.body) ?? '';
  const [, given = ''] = /data-token="([^"]+)"/.exec(text) ?? [];
  const [, actions = ''] = /id="n2o-actions">(.*?)<\/script>/.exec(text) ?? [];
  return { token: given, pickle: picklesIn(actions)[0] ?? '' };
}

/** Begins a conversation; gives back the token, and the pickle of the button that init shows. */
async function begin(pages: Pages, token: string, route: Partial<Route> = {}) {
  const begun = await pages.say(`N2O,${token},instructions`, route);
  return { token: tokenIn(begun), pickle: picklesIn(told(begun))[0] ?? '' };
}

/** The button that the page of a client is shown when it says something. */
async function shown(pages: Pages, message: string, route: Partial<Route> = {}) {
  return picklesIn(told(await pages.say(say('client', binary(message)), route)))[0] ?? '';
}

async function sends(pages: Pages, pickle: string, route: Partial<Route> = {}): Promise<unknown> {
  const { value } = await pages.say(say('pickle', binary('b'), binary(pickle), []), route);
  return value;
}

const done = expect.any(Io);
const refused = new ErrorFrame('N2O_EVENT_SESSION', ERRORS.N2O_EVENT_SESSION);

describe('a button', () => {
  it('of a page is for the session that the page was rendered for, and for no other', async () => {
    const pages = await start();
    const { token, pickle } = await visit(pages);
    await begin(pages, token);
    await begin(pages, (await visit(pages)).token, { client: 'other' });
    for (let i = 0; i < 2; i++) expect(await sends(pages, pickle)).toEqual(done);
    expect(await sends(pages, pickle, { client: 'other' })).toEqual(refused);
    expect(await sends(pages, pickle, { client: 'who never began' })).toEqual(refused);
    expect(heard).toEqual(['of main', 'of main']);
    const { lines } = pages;
    expect(lines.map(({ fields }) => fields.code)).toEqual([refused.code, refused.code]);
  });

  it.each([
    ['init', (_pages: Pages, init: string) => init],
    ['a message', (pages: Pages) => shown(pages, 'of a message')],
    [
      'the server',
      async (pages: Pages) => {
        const news = await pages.say(say('server', 'news'), { origin: 'server' });
        return picklesIn(told(news))[0] ?? '';
      },
    ],
  ])(
    'that %s has shown is for its session, whichever client shows the token',
    async (_what, by) => {
      const pages = await start();
      const { token, pickle } = await begin(pages, '');
      const own = await by(pages, pickle);
      await begin(pages, token, { client: 'the same browser' });
      await begin(pages, '', { client: 'other' });
      expect(await sends(pages, own)).toEqual(done);
      expect(await sends(pages, own, { client: 'the same browser' })).toEqual(done);
      expect(await sends(pages, own, { client: 'other' })).toEqual(refused);
      expect(heard).toHaveLength(2);
    },
  );

  it('goes on in another worker', async () => {
    const pages = await start();
    const { token, pickle } = await visit(pages);
    await begin(pages, token);
    pages.conversations.forget(7);
    expect(await sends(pages, pickle)).toEqual(done);
  });

  it('goes on when the session is renewed, time and again', async () => {
    const pages = await start();
    const { token, pickle } = await visit(pages);
    const { pickle: own } = await begin(pages, token);
    for (let i = 0; i < 2; i++) {
      expect(await sends(pages, await shown(pages, 'renew'))).toEqual(done);
      for (const one of [pickle, own]) expect(await sends(pages, one)).toEqual(done);
    }
    expect(heard.filter((one) => one === 'renew')).toHaveLength(2);
  });

  it('goes on when main has renewed the session', async () => {
    const main = async ({ session }: Context) => {
      if (await session.get('fresh')) await session.renew();
      await session.set('fresh', true);
      return press('of main');
    };
    const pages = await start({ modules: { index: { ...index, main } } });
    const before = await visit(pages);
    const after = await visit(pages, before.token);
    expect(after.token).not.toBe(before.token);
    await begin(pages, after.token);
    for (const { pickle } of [before, after]) expect(await sends(pages, pickle)).toEqual(done);
  });

  it('is worth nothing to who has kept the session of before it was renewed', async () => {
    const pages = await start();
    const { token } = await visit(pages);
    await begin(pages, token, { client: 'thief' });
    await begin(pages, token);
    await sends(pages, await shown(pages, 'renew'));
    expect(await sends(pages, await shown(pages, 'secret'), { client: 'thief' })).toEqual(refused);
  });

  it('is over with its session: after the logout, also on the connection that is left', async () => {
    const pages = await start();
    const { token, pickle } = await visit(pages);
    const { pickle: own } = await begin(pages, token);
    await sends(pages, await shown(pages, 'leave'));
    for (const one of [pickle, own]) expect(await sends(pages, one)).toEqual(refused);
    // The same browser has another session now, and what init has shown is right again.
    const again = await begin(pages, token);
    expect(await sends(pages, again.pickle)).toEqual(done);
    for (const one of [pickle, own]) expect(await sends(pages, one)).toEqual(refused);
    expect(heard).toEqual(['leave', 'of init']);
  });

  it('is over with its session: when its time is up', async () => {
    let time = Date.now();
    const pages = await start({ now: () => time });
    const { token, pickle } = await visit(pages);
    await begin(pages, token);
    time += 901_000;
    expect(await sends(pages, pickle)).toEqual(refused);
    const again = await begin(pages, token);
    expect(await sends(pages, pickle)).toEqual(refused);
    expect(await sends(pages, again.pickle)).toEqual(done);
  });

  it('is for the session that came with the connection, too', async () => {
    const pages = await start();
    const { token: cookie, pickle } = await visit(pages);
    const { token } = await visit(pages);
    await begin(pages, token, { token: cookie });
    expect(await sends(pages, pickle, { token: cookie })).toEqual(done);
    expect(await sends(pages, pickle, { token })).toEqual(refused);
    expect(await sends(pages, pickle, { token: 'forged' })).toEqual(refused);
  });

  it('of a client without a session is for this client, also once it has one', async () => {
    const pages = await start();
    const pickle = await shown(pages, 'of a device');
    expect(await sends(pages, pickle)).toEqual(done);
    expect(await sends(pages, pickle, { client: 'other' })).toEqual(refused);
    await begin(pages, '');
    expect(await sends(pages, pickle)).toEqual(done);
  });

  it('that was rendered for everybody is for everybody', async () => {
    const pages = await start();
    const { pickler } = pages.services;
    const page = createPage({ module: 'index', pickle: (postback) => pickler.pickle(postback) });
    page.fill('all', press('of all'));
    const [pickle = ''] = picklesIn(JSON.stringify(page.flush('instructions')));
    await begin(pages, '', { client: 'other' });
    expect(await sends(pages, pickle)).toEqual(done);
    expect(await sends(pages, pickle, { client: 'other' })).toEqual(done);
  });

  it('has no owner but a text', async () => {
    const pages = await start();
    const whole = { module: 'index', message: 'm', trigger: 'b', name: 'event', owner: 7 };
    const { data } = (await sends(pages, pages.services.pickler.pickle(whole))) as Io;
    expect(data).toEqual(tuple(atom('error'), 'EV expected'));
    expect(heard).toEqual([]);
  });
});

it('an owner is a session by its whole name where nothing says what stays of that', () => {
  const context = { client: 'name', services: { sessions: {} } } as unknown as Context;
  expect(ownerOf({ sid: 'name', token: 't', until: 0 }, context)).toBe('sname');
  expect(ownerOf(undefined, context)).toBe('cname');
});

it('a token that leads nowhere gives way to the one that came with the connection', async () => {
  const pages = await start();
  const { token: cookie } = await visit(pages);
  const { token: live } = await visit(pages);
  expect((await begin(pages, 'dead', { token: cookie })).token).toBe(cookie);
  expect((await begin(pages, live, { token: cookie })).token).toBe(live);
  expect((await begin(pages, live, { token: 'dead' })).token).toBe(live);
});
