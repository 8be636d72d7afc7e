import { binary, type HttpRequest, type ModuleDefinition, N2OError, textOf } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kvsResource } from '../../src/rest/kvs-resource.ts';
import { createStoreKvs } from '../../src/services/kvs/kvs.ts';
import { type Pages, startPages } from './pages.ts';

interface User {
  readonly name: string;
}

function validate(value: unknown): User {
  const { name } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof name !== 'string') throw new N2OError('N2O_REST_INVALID', 'name is missing');
  return { name };
}

const users: ModuleDefinition = {
  rest: kvsResource({ table: 'users', validate, newId: () => 'made' }),
};

async function start(modules: Record<string, ModuleDefinition> = { users }) {
  const store = createMemoryStore();
  onTestFinished(() => store.close());
  return startPages({ modules, kvs: createStoreKvs({ store }) });
}

const JSON_TYPE = new Map([['content-type', 'application/json; charset=utf-8']]);

async function ask(
  pages: Pages,
  method: string,
  id = '',
  value?: unknown,
  more: Partial<HttpRequest> = {},
) {
  const body = value === undefined ? binary('') : binary(JSON.stringify(value));
  const path = `/rest/users${id && `/${encodeURIComponent(id)}`}`;
  const request = {
    kind: 'rest',
    method,
    path,
    resource: 'users',
    id,
    body,
    headers: JSON_TYPE,
  } as const;
  const { status, headers, body: answer } = await pages.get({ ...request, ...more });
  const text = textOf(answer) ?? '';
  return { status, headers, value: text === '' ? undefined : JSON.parse(text) };
}

describe('a resource', () => {
  it('is made, read, changed and removed', async () => {
    const pages = await start();
    const made = await ask(pages, 'POST', '', { name: 'Ann' });
    expect(made).toMatchObject({ status: 201, value: { id: 'made', name: 'Ann' } });
    expect(made.headers.get('location')).toBe('/rest/users/made');
    expect(await ask(pages, 'GET', 'made')).toMatchObject({
      status: 200,
      value: { id: 'made', name: 'Ann' },
    });
    expect(await ask(pages, 'PUT', 'made', { name: 'Eve' })).toMatchObject({
      status: 200,
      value: { name: 'Eve' },
    });
    expect(await ask(pages, 'GET')).toMatchObject({
      status: 200,
      value: [{ id: 'made', name: 'Eve' }],
    });
    expect(await ask(pages, 'DELETE', 'made')).toMatchObject({ status: 204, value: undefined });
    expect(await ask(pages, 'GET')).toMatchObject({ status: 200, value: [] });
  });

  it('is missing where there is none of it', async () => {
    const pages = await start();
    for (const method of ['GET', 'DELETE']) {
      expect(await ask(pages, method, 'none')).toMatchObject({
        status: 404,
        value: { code: 'N2O_HTTP_PATH' },
      });
    }
    expect((await ask(pages, 'PUT', 'none', { name: 'x' })).status).toBe(404);
    const plain = await start({ users: { event: () => 1 } });
    expect((await ask(plain, 'GET')).status).toBe(404);
  });

  it('has an id of its own once', async () => {
    const pages = await start();
    const slash = { id: 'a/ä', name: 'Ann' };
    const made = await ask(pages, 'POST', '', slash);
    expect(made.headers.get('location')).toBe('/rest/users/a%2F%C3%A4');
    expect(await ask(pages, 'POST', '', slash)).toMatchObject({
      status: 400,
      value: { code: 'N2O_REST_INVALID', message: "there is 'a/ä' already" },
    });
    for (const id of [7, '', 'x'.repeat(201), 'a\0b']) {
      expect((await ask(pages, 'POST', '', { id, name: 'x' })).status).toBe(400);
    }
  });

  it('is listed in pages', async () => {
    const pages = await start();
    for (const id of ['b', 'a', '\u{1f600}', '\uffee'])
      await ask(pages, 'POST', '', { id, name: id });
    const ids = async (query: string) =>
      (await ask(pages, 'GET', '', undefined, { query })).value.map(({ id }: { id: string }) => id);
    expect(await ids('count=2')).toEqual(['a', 'b']);
    expect(await ids('count=2&after=b')).toEqual(['\uffee', '\u{1f600}']);
    expect(await ids('after=%F0%9F%98%80')).toEqual([]);
    expect((await ask(pages, 'GET', '', undefined, { query: 'count=many' })).status).toBe(400);
  });

  it.each([
    ['is not valid', { body: binary('{}') }, 400, 'N2O_REST_INVALID'],
    ['is not JSON', { body: binary('{"name"') }, 400, 'N2O_FORMAT_DECODE'],
    ['nests too deep', { body: binary('['.repeat(300)) }, 413, 'N2O_FORMAT_LIMIT'],
    ['has too large a number', { body: binary('{"n":[1,-1e400]}') }, 400, 'N2O_FORMAT_DECODE'],
    ['has too many digits', { body: binary(`[${'9'.repeat(309)}]`) }, 400, 'N2O_FORMAT_DECODE'],
    ['is empty', { body: binary('') }, 400, 'N2O_FORMAT_DECODE'],
    ['is not UTF-8', { body: Uint8Array.of(34, 255, 34) }, 400, 'N2O_FORMAT_DECODE'],
    [
      'is of another type',
      { headers: new Map([['content-type', 'text/plain']]) },
      415,
      'N2O_REST_TYPE',
    ],
    ['is of no type', { headers: new Map<string, string>() }, 415, 'N2O_REST_TYPE'],
  ])('refuses a body that %s', async (_what, request, status, code) => {
    const pages = await start();
    const answer = await ask(pages, 'POST', '', { name: 'x' }, request);
    expect(answer).toMatchObject({ status, value: { code } });
  });

  it.each(['.', '..'])('refuses the id %s, which is lost in addresses', async (id) => {
    const answer = await ask(await start(), 'POST', '', { id, name: 'x' });
    expect(answer).toMatchObject({ status: 400, value: { code: 'N2O_REST_INVALID' } });
  });

  it('keeps what nests as deep as may be', async () => {
    const rest = kvsResource<object>({ table: 'deep', validate: (value) => value as object });
    const pages = await start({ users: { rest } });
    const body = binary(`${'{"a":'.repeat(99)}[]${'}'.repeat(99)}`);
    expect((await ask(pages, 'POST', '', {}, { body })).status).toBe(201);
    const [kept] = (await ask(pages, 'GET')).value;
    expect(JSON.stringify(kept.a)).toHaveLength(6 * 98 + 2);
  });

  it('takes a body of any length that the port lets in', async () => {
    const create = ({ text }: { text: string }) => ({ length: text.length });
    const pages = await start({ users: { rest: { create } } as ModuleDefinition });
    const made = await ask(pages, 'POST', '', { text: 'x'.repeat(2 * 1_048_576) });
    expect(made).toMatchObject({ status: 201, value: { length: 2 * 1_048_576 } });
  });

  it('says where it is even if its id has half a surrogate pair', async () => {
    const pages = await start({ users: { rest: { create: () => ({ id: 'a\ud800b' }) } } });
    const made = await ask(pages, 'POST', '', {});
    expect([made.status, made.headers.get('location')]).toEqual([201, '/rest/users/a%EF%BF%BDb']);
  });

  it('names the methods that it takes', async () => {
    const pages = await start({ users: { rest: { list: () => [], update: () => 1 } } });
    const all = await ask(pages, 'POST', '', {});
    expect([all.status, all.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(all.value.code).toBe('N2O_HTTP_METHOD');
    const one = await ask(pages, 'PATCH', 'x', {});
    expect([one.status, one.headers.get('allow')]).toEqual([405, 'PUT']);
    expect((await ask(pages, 'constructor')).status).toBe(405);
    const options = await ask(pages, 'OPTIONS');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD']);
    expect(await ask(pages, 'HEAD')).toMatchObject({ status: 200, value: [] });
  });

  it('answers a failure without telling what it was', async () => {
    const rest = {
      list: () => Promise.reject(new RangeError('secret')),
      get: () => 1n,
    };
    const pages = await start({ users: { rest } });
    expect(await ask(pages, 'GET')).toMatchObject({
      status: 500,
      value: { code: 'N2O_HANDLER_THREW', message: 'the handler threw' },
    });
    expect((await ask(pages, 'GET', 'x')).status).toBe(500);
    const open = await startPages({ modules: { users: { rest } }, exposeErrors: true });
    expect((await ask(open, 'GET')).value.message).toBe('secret');
  });

  it('knows the session of the token that comes along, and makes none', async () => {
    const rest = {
      list: async (_query: unknown, { session }: never) => [
        (await (session as Session).identity())?.token ?? null,
      ],
    };
    const pages = await start({ users: { rest } as ModuleDefinition });
    const { token } = await pages.services.sessions.authenticate('');
    const headers = new Map([['cookie', `n2o-token=${token}`]]);
    expect((await ask(pages, 'GET', '', undefined, { headers })).value).toEqual([token]);
    const stranger = await ask(pages, 'GET');
    expect([stranger.value, stranger.headers.get('set-cookie')]).toEqual([[null], undefined]);
  });
});

interface Session {
  identity(): Promise<{ token: string } | undefined>;
}
