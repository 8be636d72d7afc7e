import { atom, binary, createFormatters, ErrorFrame, Io, N2OError, tuple } from '@n2o/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { type Action, type Client, connect, RpcError } from '../src/index.ts';
import { type ServerOptions, startServer, type TestServer } from './server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function setUp(
  options: ServerOptions = {},
  client: Parameters<typeof connect>[1] = {},
): Promise<{ server: TestServer; client: Client }> {
  const server = await startServer(options);
  open.push(server);
  const connected = await connect(server.url, client);
  open.push(connected);
  return { server, client: connected };
}

const formatters = createFormatters();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const frame = (code: string) => text(formatters.json.encode(new ErrorFrame(code, 'because')));

describe('a call', () => {
  test.each([[{ set: 21.5 }], [[1, 'two', null]], ['text, öäü'], [21.5], [true], [null]])(
    'of %j brings the reply',
    async (message) => {
      const { client } = await setUp();
      expect(await client.call('echo', message)).toEqual(message);
    },
  );

  test('writes strings as text, bytes as they are and all else as JSON', async () => {
    const { client, server } = await setUp({ answer: (_text, _module, payload) => payload });
    await client.call('echo', 'PING');
    await client.call('echo', { a: 1 });
    const bytes = new Uint8Array([0, 255, 131]);
    expect(await client.call('echo', bytes)).toEqual(Buffer.from(bytes));
    expect(server.seen.map((event) => event.text).slice(0, 2)).toEqual(['PING', '{"a":1}']);
  });

  test.each(['json', 'bert'] as const)(
    'is not answered by a token that the session goes on under, in %s',
    async (format) => {
      const renewal = new Io(binary(''), tuple(atom('Auth'), binary('next')));
      const { client, server } = await setUp(
        {
          async answer(_text, module, payload) {
            await server.act(module, 'dev1', formatters[format].encode(renewal));
            return payload;
          },
        },
        { id: 'dev1' },
      );
      const actions: Action[] = [];
      client.on('action', (action) => actions.push(action));
      expect(await client.call('echo', ['mine'], { format })).toEqual(['mine']);
      await expect.poll(() => actions.map(({ value }) => value)).toEqual([renewal]);
    },
  );

  test('in BERT brings a reply in BERT', async () => {
    const { client } = await setUp({ answer: (_text, _module, payload) => payload });
    expect(await client.call('echo', atom('ok'), { format: 'bert' })).toBe(atom('ok'));
  });

  test('goes to the address of its module and client', async () => {
    const { client, server } = await setUp({}, { id: 'dev1' });
    await client.call('echo', 1);
    expect(server.seen[0]?.topic).toBe('events/1//echo/dev1');
    expect(server.seen[0]?.qos).toBe(1);
  });

  test('with a key has it where the server looks for it', async () => {
    const { client, server } = await setUp({ answer: (_text, _module, payload) => payload });
    expect(await client.call('echo', { a: 1 }, { key: 'k' })).toEqual({
      a: 1,
      idempotencyKey: 'k',
    });
    await client.send('echo', { a: 2 }, { key: 7 });
    expect(server.seen.at(-1)?.text).toBe('{"a":2,"idempotencyKey":7}');
    const map = new Map([['a', 1]]);
    const echoed = await client.call('echo', map, { key: 'k', format: 'bert' });
    expect((echoed as Map<unknown, unknown>).get('idempotencyKey')).toBe('k');
    expect(map.size).toBe(1);
  });

  test.each([
    ['text', 'PING', {}],
    ['a list', [1], {}],
    ['a value that is no object', 5, {}],
    ['an object in XML', { a: 1 }, { format: 'xml' as const }],
    ['an empty one', { a: 1 }, { key: '' }],
  ])('cannot have a key where there is no place for it: %s', async (_, message, options) => {
    const { client, server } = await setUp();
    const called = client.call('echo', message, { key: 'k', ...options });
    await expect(called).rejects.toMatchObject({ code: 'N2O_FORMAT_ENCODE' });
    expect(server.seen).toHaveLength(0);
  });

  test('on a standard broker names the vnode itself, and hears its actions', async () => {
    const { client, server } = await setUp({ subscribes: false }, { id: 'dev1', vnodes: 16 });
    expect(await client.call('echo', 1)).toBe(1);
    expect(server.seen[0]?.topic).toMatch(/^events\/1\/([1-9]|1[0-6])\/echo\/dev1$/);
  });

  test.each([0, 1, 2] as const)('works with QoS %i', async (qos) => {
    const { client, server } = await setUp();
    expect(await client.call('echo', 'x', { qos })).toBe('x');
    expect(server.seen[0]?.qos).toBe(qos);
  });

  test('among many at once gets its own reply', async () => {
    const { client } = await setUp({}, { inflight: 200 });
    const calls = Array.from({ length: 200 }, (_, i) => client.call(`m${i % 3}`, i));
    expect(await Promise.all(calls)).toEqual(calls.map((_, i) => i));
  });

  test('rejects with the code of an error frame', async () => {
    const { client } = await setUp({ answer: () => frame('N2O_EVENT_TIMEOUT') });
    const error = await client.call('m', 1).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(N2OError);
    expect(error).toMatchObject({ code: 'N2O_EVENT_TIMEOUT', message: 'because' });
  });

  test('rejects with a code of ours where that of the frame is unknown', async () => {
    const { client } = await setUp({ answer: () => frame('ELSEWHERE') });
    await expect(client.call('m', 1)).rejects.toMatchObject({ code: 'N2O_HANDLER_THREW' });
  });

  test('rejects when the reply is not well formed', async () => {
    const { client } = await setUp({ answer: () => '{oops' });
    await expect(client.call('m', 1)).rejects.toMatchObject({ code: 'N2O_FORMAT_DECODE' });
  });

  test('rejects what has no form, and a module that has no topic', async () => {
    const { client } = await setUp();
    await expect(client.call('m', Symbol('x'))).rejects.toMatchObject({
      code: 'N2O_FORMAT_ENCODE',
    });
    await expect(client.call('a/b', 1)).rejects.toMatchObject({ code: 'N2O_TOPIC_NAME' });
  });

  test('beyond the bound is refused at once', async () => {
    const { client } = await setUp({ answer: () => undefined }, { inflight: 2 });
    const calls = [client.call('m', 1), client.call('m', 2)];
    await expect(client.call('m', 3)).rejects.toMatchObject({ code: 'N2O_BUSY_CLIENT' });
    const ends = Promise.allSettled(calls);
    await client.close();
    for (const end of await ends)
      expect(end).toMatchObject({ reason: { code: 'N2O_CLIENT_CLOSED' } });
  });
});

describe('a call that times out', () => {
  test('does not leave its late reply to the next one', async () => {
    let release: (text: string) => void = () => {};
    const late = new Promise<string>((resolve) => {
      release = resolve;
    });
    const { client } = await setUp({ answer: (text) => (text === 'slow' ? late : text) });
    const actions: Action[] = [];
    client.on('action', (action) => actions.push(action));
    const slow = client.call('m', 'slow', { timeout: 20 });
    await expect(slow).rejects.toMatchObject({ code: 'N2O_CLIENT_TIMEOUT' });
    const next = client.call('m', 'next');
    release('late');
    expect(await next).toBe('next');
    expect(actions).toEqual([{ module: 'm', format: 'text', value: 'late' }]);
  });

  test('because the module is silent does not take the reply of the next one', async () => {
    const { client } = await setUp({ answer: (text) => (text === 'hush' ? undefined : text) });
    const hush = client.call('m', 'hush', { timeout: 20 });
    await expect(hush).rejects.toMatchObject({ code: 'N2O_CLIENT_TIMEOUT' });
    for (const message of ['one', 'two', 'three']) {
      expect(await client.call('m', message)).toBe(message);
    }
  });

  test('leaves other modules alone', async () => {
    const { client } = await setUp({
      answer: (text, module) => (module === 'a' ? undefined : text),
    });
    const silent = expect(client.call('a', 1, { timeout: 20 })).rejects.toMatchObject({
      code: 'N2O_CLIENT_TIMEOUT',
    });
    expect(await client.call('b', 'x')).toBe('x');
    await silent;
  });
});

describe('send', () => {
  test('resolves on the acknowledgement, and what comes back is an action', async () => {
    const { client } = await setUp();
    const action = new Promise<Action>((resolve) => client.on('action', resolve));
    await client.send('m', { a: 1 });
    expect(await action).toEqual({ module: 'm', format: 'json', value: { a: 1 } });
  });

  test.each(['an answer', 'an error frame', 'silence'])(
    'followed by %s does not disturb the next call',
    async (kind) => {
      const answers: Record<string, string | undefined> = {
        'an answer': 'unexpected',
        'an error frame': frame('N2O_HANDLER_THREW'),
      };
      const { client } = await setUp({
        answer: (text) => (text === 'sent' ? answers[kind] : text),
      });
      const sent = [client.send('m', 'sent'), client.send('m', 'sent')];
      expect(await client.call('m', 'called')).toBe('called');
      await Promise.all(sent);
      expect(await client.call('m', 'again')).toBe('again');
    },
  );
});

describe('an RPC', () => {
  interface Thermostat {
    readonly methods: { echo(params: { celsius: number }): { celsius: number } };
  }

  test('brings the result', async () => {
    const { client, server } = await setUp();
    const thermostat = client.rpc<Thermostat>('thermostat');
    const result: { celsius: number } = await thermostat.echo({ celsius: 21 });
    expect(result).toEqual({ celsius: 21 });
    expect(JSON.parse(server.seen[0]?.text ?? '')).toMatchObject({
      jsonrpc: '2.0',
      method: 'echo',
      params: { celsius: 21 },
    });
  });

  test('rejects with the error of the method', async () => {
    const { client } = await setUp();
    const error = await client
      .rpc('m')
      .nonsense?.()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({
      code: 'N2O_RPC_FAILED',
      message: 'there is no method nonsense',
      failure: { code: -32601, data: { method: 'nonsense' } },
    });
  });

  test('is not confused by what the module says in between', async () => {
    const { client, server } = await setUp({}, { id: 'c' });
    await server.act('m', 'c', 'unasked');
    const result = client.rpc('m').echo?.(1);
    await server.act('m', 'c', '{"unasked":true}');
    expect(await result).toBe(1);
  });

  test('can be handed out by an async function, since it is no promise', async () => {
    const { client } = await setUp();
    const module = await (async () => client.rpc('m'))();
    expect(await module.echo?.([1])).toEqual([1]);
  });
});

test('what a module says by itself is an action', async () => {
  const { client, server } = await setUp({}, { id: 'dev1' });
  const action = new Promise<Action>((resolve) => client.on('action', resolve));
  await server.act('alarm', 'dev1', '{"level":3}');
  expect(await action).toEqual({ module: 'alarm', format: 'json', value: { level: 3 } });
});

test('an action that is not well formed is an error', async () => {
  const { client, server } = await setUp({}, { id: 'dev1' });
  const error = new Promise<N2OError>((resolve) => client.on('error', resolve));
  await server.act('alarm', 'dev1', '{oops');
  expect(await error).toMatchObject({ code: 'N2O_FORMAT_DECODE' });
});
