import { type ModuleDefinition, N2OError, Reply } from '@n2o/shared';
import { describe, expect, it, vi } from 'vitest';
import { type Pages, say, startPages } from './pages.ts';

/** Says the query to whoever asks, however they do. */
const index: ModuleDefinition = {
  main: ({ query }) => `main: ${query}`,
  event: (_message, { query }) => new Reply(`event: ${query}`),
  client: (_message, { query }) => new Reply(`client: ${query}`),
  server: (_message, { query }) => new Reply(`server: ${query}`),
  bin: (_data, { query }) => new Reply(`bin: ${query}`),
  methods: { room: (_params, { query }) => query.get('room') },
  rest: { list: (_query, { query }) => [query.get('room')] },
};

const ROOM = { jsonrpc: '2.0', method: 'room', id: 1 };
const askRoom = async (pages: Pages) =>
  ((await pages.say(JSON.stringify(ROOM))).value as { result: unknown }).result;

const begin = (pages: Pages, query: string) => pages.say(`N2O,,instructions,${query}`);

describe('the query', () => {
  it('of a page and of a resource is what its address has', async () => {
    const pages = await startPages({ modules: { index } });
    const { body } = await pages.get({ query: 'room=blue&x=%C3%BC+1' });
    expect(String(Buffer.from(body))).toContain('main: room=blue&amp;x=%C3%BC+1');
    const rest = await pages.get({ kind: 'rest', query: 'room=blue', path: '/rest/index' });
    expect(JSON.parse(String(Buffer.from(rest.body)))).toEqual(['blue']);
  });

  it('is there in whatever the page says, as it began', async () => {
    const pages = await startPages({ modules: { index } });
    await begin(pages, 'room=blue,red');
    expect((await pages.say(say('client', 1))).value).toMatchObject({
      data: 'client: room=blue%2Cred',
    });
    const told = await pages.say(say('server', 1), { origin: 'server' });
    expect(told.value).toMatchObject({ data: 'server: room=blue%2Cred' });
    expect((await pages.say(say('bin', 1))).value).toMatchObject({
      items: [{ name: 'bin' }, 'bin: room=blue%2Cred'],
    });
    expect(await askRoom(pages)).toBe('blue,red');
  });

  it('is that of the address the page has by now', async () => {
    const pages = await startPages({ modules: { index } });
    await begin(pages, 'room=blue');
    await begin(pages, 'room=red');
    expect(await askRoom(pages)).toBe('red');
    await pages.say('N2O,');
    expect(await askRoom(pages)).toBeNull();
  });

  it('is empty for who has begun nothing, and for whom only the client is known', async () => {
    const pages = await startPages({ modules: { index } });
    expect(await askRoom(pages)).toBeNull();
    await begin(pages, 'room=blue');
    const other = await pages.say(JSON.stringify(ROOM), { client: 'other' });
    expect(other.value).toMatchObject({ result: null });
  });

  it('is known to whoever serves the client next, whatever it says first', async () => {
    const pages = await startPages({ modules: { index } });
    await begin(pages, 'room=blue');
    pages.conversations.forget(7);
    expect(await askRoom(pages)).toBe('blue');
    pages.conversations.forget(7);
    expect((await pages.say('whatever')).value).toBe('event: room=blue');
  });

  it('that cannot be asked for is missed by those alone who want it', async () => {
    const pages = await startPages({ modules: { index } });
    await begin(pages, 'room=blue');
    const { conversations } = pages;
    const gone = () => {
      conversations.forget(7);
      const of = vi.spyOn(conversations, 'of');
      of.mockRejectedValueOnce(new N2OError('N2O_STORE_UNAVAILABLE'));
    };
    gone();
    expect((await pages.say('PING')).value).toBe('PONG');
    gone();
    const { value } = await pages.say('whatever');
    expect(value).toMatchObject({ code: 'N2O_STORE_UNAVAILABLE' });
    expect((await pages.say('whatever')).value).toBe('event: room=blue');
  });

  it('is known so too where N2O has pages of its own, and the module none', async () => {
    const { main: _, ...bare } = index;
    const pages = await startPages({ modules: { index: bare } });
    const page = { client: `ws-${'x'.repeat(22)}` };
    await pages.say('N2O,,,room=blue', page);
    pages.conversations.forget(7);
    expect((await pages.say('whatever', page)).value).toBe('event: room=blue');
  });

  it('comes as a term too', async () => {
    const pages = await startPages({ modules: { index } });
    await pages.say(say('init', '', 'instructions', 'room=blue'));
    expect(await askRoom(pages)).toBe('blue');
  });

  it.each([
    ['x'.repeat(2_049), 'N2O_FORMAT_LIMIT'],
    ['room=\u00fc', 'N2O_FORMAT_DECODE'],
    ['a b', 'N2O_FORMAT_DECODE'],
    ['a\u0000', 'N2O_FORMAT_DECODE'],
  ])('that no page can have begins nothing (%#)', async (query, code) => {
    const pages = await startPages({ modules: { index } });
    expect((await begin(pages, query)).value).toMatchObject({ code });
    expect((await pages.say(say('init', '', '', Buffer.from(query)))).value).toMatchObject({
      code,
    });
    expect(await askRoom(pages)).toBeNull();
  });

  it('belongs to the event that has asked for it', async () => {
    const seen: URLSearchParams[] = [];
    const keeping: ModuleDefinition = {
      event(_message, { query }) {
        query.set('room', 'mine');
        seen.push(query);
      },
    };
    const pages = await startPages({ modules: { index: keeping } });
    await begin(pages, 'room=blue');
    await pages.say('again');
    expect(seen[0]).not.toBe(seen[1]);
  });
});
