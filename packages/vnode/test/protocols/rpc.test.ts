import {
  atom,
  binary,
  type Context,
  ErrorFrame,
  type ModuleDefinition,
  N2OError,
  reply,
} from '@n2o/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatters, start } from '../runtime/started.ts';

afterEach(() => {
  vi.useRealTimers();
});

const calls: unknown[] = [];

const methods = {
  subtract(params: unknown): number {
    const [a, b] = Array.isArray(params)
      ? params
      : [(params as { minuend: number }).minuend, (params as { subtrahend: number }).subtrahend];
    return a - b;
  },
  sum: (params: unknown) => (params as number[]).reduce((a, b) => a + b, 0),
  update: (params: unknown) => void calls.push(params),
  late: async (params: unknown) => {
    await null;
    calls.push(params);
    return params;
  },
  nothing() {},
  never: () => new Promise(() => {}),
  throws() {
    throw new RangeError('a secret');
  },
  rejects: () => Promise.reject(new N2OError('N2O_STORE_UNAVAILABLE', 'not now')),
  picky() {
    throw new N2OError('N2O_RPC_PARAMS', 'minuend is missing');
  },
  wrapped: () => reply('inner'),
  failed: () => new ErrorFrame('MY_CODE', 'as I say'),
  unwritable: () => () => {},
  who(this: { name: string }, _: unknown, { client, module }: Context) {
    return [this.name, client, module];
  },
};

Object.setPrototypeOf(methods, { name: 'the methods', inherited: () => 1 });

const modules: Record<string, ModuleDefinition> = {
  app: { methods },
  both: { methods, event: () => 'event' },
  none: { event: () => 'event' },
};

/** Sends a text and returns the reply as JSON; the text of other outcomes. */
async function call(text: string, module = 'app', exposeErrors = false): Promise<unknown> {
  const { send } = await start({ modules, exposeErrors });
  const sent = await send(text, { module }).settled;
  return sent.text === undefined ? sent.outcome : JSON.parse(sent.text);
}

const request = (method: string, params?: unknown, id: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', method, params, id });

const result = (value: unknown, id: unknown = 1) => ({ jsonrpc: '2.0', result: value, id });

const error = (code: number, message: string, id: unknown = 1, data?: unknown) => ({
  jsonrpc: '2.0',
  error: { code, message, ...(data ? { data } : {}) },
  id,
});

const invalid = (id: unknown = null) => error(-32600, 'Invalid Request', id);

describe('the examples of the specification', () => {
  it.each([
    ['positional parameters', request('subtract', [42, 23]), result(19)],
    ['named parameters', request('subtract', { subtrahend: 23, minuend: 42 }), result(19)],
    ['a notification', '{"jsonrpc":"2.0","method":"update","params":[1,2,3]}', 'silent'],
    ['a notification to no method', '{"jsonrpc":"2.0","method":"foobar"}', 'silent'],
    [
      'a method that is not there',
      request('foobar', undefined, '1'),
      error(-32601, 'Method not found', '1'),
    ],
    [
      'JSON that is none',
      '{"jsonrpc":"2.0","method":"foobar,"params":"bar","baz]',
      error(-32700, 'Parse error', null),
    ],
    ['a request that is none', '{"jsonrpc":"2.0","method":1,"params":"bar"}', invalid()],
    [
      'a batch that is no JSON',
      '[{"jsonrpc":"2.0","method":"sum","params":[1,2,4],"id":"1"},{"jsonrpc":"2.0","method"]',
      error(-32700, 'Parse error', null),
    ],
    ['an empty batch', '[]', invalid()],
    ['an invalid batch of one', '[1]', [invalid()]],
    ['an invalid batch', '[1,2,3]', [invalid(), invalid(), invalid()]],
    [
      'a batch',
      `[${request('sum', [1, 2, 4], '1')},{"jsonrpc":"2.0","method":"update","params":[7]},${request('subtract', [42, 23], '2')},{"foo":"boo"},${request('foo.get', { name: 'myself' }, '5')},${request('nothing', undefined, '9')}]`,
      [
        result(7, '1'),
        result(19, '2'),
        invalid(),
        error(-32601, 'Method not found', '5'),
        result(null, '9'),
      ],
    ],
    [
      'a batch of notifications',
      '[{"jsonrpc":"2.0","method":"update","params":[1]},{"jsonrpc":"2.0","method":"update","params":[7]}]',
      'silent',
    ],
  ])('%s', async (_, text, answer) => {
    expect(await call(text)).toEqual(answer);
  });
});

describe('a request', () => {
  it.each([['a string'], [7], [1.5], [-1], [0], [''], [null]])('may have the id %j', async (id) => {
    expect(await call(request('sum', [1], id))).toEqual(result(1, id));
  });

  it.each([[true], [[1]], [{}]])('must not have the id %j', async (id) => {
    expect(await call(request('sum', [1], id))).toEqual(invalid());
  });

  it.each(['1.0', 2, null, ''])('must not have the version %j', async (jsonrpc) => {
    expect(await call(JSON.stringify({ jsonrpc, method: 'sum', id: 1 }))).toEqual(invalid(1));
  });

  it('may have parameters of any names', async () => {
    const params = JSON.parse('{"constructor":1,"__proto__":2,"hasOwnProperty":3}');
    expect(await call(request('late', params))).toEqual({ jsonrpc: '2.0', result: params, id: 1 });
  });

  it.each([['text'], [1], [true], [null]])('must not have the parameters %j', async (params) => {
    expect(await call(request('sum', params))).toEqual(error(-32602, 'Invalid params'));
  });

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'name',
    'inherited',
    '',
    'rpc.discover',
  ])('does not reach %j', async (method) => {
    expect(await call(request(method, []))).toEqual(error(-32601, 'Method not found'));
  });

  it('is answered by an asynchronous method, too', async () => {
    expect(await call(request('late', { a: 1 }))).toEqual(result({ a: 1 }));
  });

  it('gets the context, and the methods as `this`', async () => {
    expect(await call(request('who'))).toEqual(result(['the methods', 'c', 'app']));
  });

  it('gets the value of a reply', async () => {
    expect(await call(request('wrapped'))).toEqual(result('inner'));
  });

  it('gets errors of the server with our code', async () => {
    const threw = error(-32000, 'the handler threw', 1, { code: 'N2O_HANDLER_THREW' });
    expect(await call(request('throws'))).toEqual(threw);
    expect(await call(request('throws'), 'app', true)).toEqual({
      ...threw,
      error: { ...threw.error, message: 'a secret' },
    });
    expect(await call(request('rejects'))).toEqual(
      error(-32000, 'not now', 1, { code: 'N2O_STORE_UNAVAILABLE' }),
    );
    expect(await call(request('failed'))).toEqual(
      error(-32000, 'as I say', 1, { code: 'MY_CODE' }),
    );
    expect(await call(request('picky'))).toEqual(
      error(-32602, 'minuend is missing', 1, { code: 'N2O_RPC_PARAMS' }),
    );
    expect(await call(request('unwritable'))).toMatchObject({ error: { code: -32603 }, id: 1 });
  });

  it('is logged with its stack when it throws', async () => {
    const { send, lines } = await start({ modules });
    send(request('throws'));
    send('{"jsonrpc":"2.0","method":"throws"}');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatchObject({ level: 'error', fields: { client: 'c', module: 'app' } });
      expect((line.fields.err as Error).stack).toContain('rpc.test.ts');
    }
  });

  it('past its deadline is answered in JSON-RPC', async () => {
    vi.useFakeTimers();
    const { send } = await start({ modules, deadline: 100 });
    const timeout = (id: unknown) =>
      error(-32000, 'the handler did not answer in time', id, { code: 'N2O_EVENT_TIMEOUT' });
    const notification = '{"jsonrpc":"2.0","method":"never"}';
    const alone = send(request('never'), { client: 'a' });
    const batch = send(`[${request('sum', [1], 1)},${notification},${request('sum', [2], 2)}]`, {
      client: 'b',
    });
    const silent = send(notification, { client: 'c' });
    vi.advanceTimersByTime(100);
    expect(JSON.parse(alone.text as string)).toEqual(timeout(1));
    expect(JSON.parse(batch.text as string)).toEqual([timeout(1), timeout(2)]);
    expect(silent.outcome).toBe('silent');
  });
});

describe('a batch', () => {
  it('runs its requests one after the other', async () => {
    calls.length = 0;
    const items = [0, 1, 2, 3].map((n) => request(n % 2 === 0 ? 'late' : 'update', [n], n));
    expect(await call(`[${items}]`)).toEqual([
      result([0], 0),
      result(null, 1),
      result([2], 2),
      result(null, 3),
    ]);
    expect(calls).toEqual([[0], [1], [2], [3]]);
  });

  it('runs no further once its deadline has passed', async () => {
    vi.useFakeTimers();
    calls.length = 0;
    const { send } = await start({
      modules: {
        app: {
          methods: {
            wait: (_, { signal }) =>
              new Promise((resolve) => signal.addEventListener('abort', resolve)),
            update: methods.update,
          },
        },
      },
      deadline: 100,
    });
    send(`[${request('wait')},${request('update', [1])}]`);
    await vi.advanceTimersByTimeAsync(100);
    expect(calls).toEqual([]);
  });

  it('may not be longer than 1,000', async () => {
    const many = (n: number) => `[${Array.from({ length: n }, (_, i) => request('sum', [i], i))}]`;
    expect(await call(many(1_000))).toHaveLength(1_000);
    expect(await call(many(1_001))).toEqual(error(-32600, 'More than 1000 requests', null));
  });
});

describe('messages that are none of JSON-RPC', () => {
  it.each(['{}', '{"method":"sum","id":1}', '[1,2]', '[{}]', '"jsonrpc"', 'jsonrpc'])(
    'go on to the module (%s)',
    async (text) => {
      const { send } = await start({ modules });
      expect(send(text, { module: 'none' }).text).toContain('event');
      expect(send(text, { module: 'both' }).text).toContain('event');
    },
  );

  it('are unknown without one', async () => {
    const { send } = await start({ modules });
    expect(send('{"method":"sum","id":1}').outcome).toBe('unknown');
  });

  it('have the error frame of their format', async () => {
    const { send } = await start({ modules });
    expect(send('{"broken').text).toContain('{"error":{"code":"N2O_FORMAT_DECODE"');
  });

  it('do not hide a request to a module without methods', async () => {
    expect(await call(request('sum'), 'none')).toEqual(error(-32601, 'Method not found'));
  });
});

describe('in BERT', () => {
  const forms = {
    atom: (text: string) => atom(text),
    binary: (text: string) => binary(text),
    string: (text: string) => text,
  };

  async function callBert(message: unknown): Promise<unknown> {
    const { send } = await start({ modules });
    const sent = await send(formatters.bert.encode(message)).settled;
    return sent.bytes && formatters.decode(sent.bytes).value;
  }

  it.each(Object.entries(forms))(
    'members are %ss, and those of the response too',
    async (_, write) => {
      const message = (method: string, params: unknown) =>
        new Map<unknown, unknown>([
          [write('jsonrpc'), binary('2.0')],
          [write('method'), write(method)],
          [write('params'), params],
          [write('id'), binary('x')],
        ]);
      expect(await callBert(message('subtract', [42, 23]))).toEqual(
        new Map<unknown, unknown>([
          [write('jsonrpc'), binary('2.0')],
          [write('result'), 19],
          [write('id'), binary('x')],
        ]),
      );
      expect(await callBert(message('nope', [1_000]))).toEqual(
        new Map<unknown, unknown>([
          [write('jsonrpc'), binary('2.0')],
          [
            write('error'),
            new Map<unknown, unknown>([
              [write('code'), -32601],
              [write('message'), binary('Method not found')],
            ]),
          ],
          [write('id'), binary('x')],
        ]),
      );
    },
  );

  it('a batch is a list', async () => {
    const message = (id: number) =>
      new Map<unknown, unknown>([
        [atom('jsonrpc'), atom('2.0')],
        [atom('method'), atom('sum')],
        [atom('params'), [id, 1_000]],
        [atom('id'), id],
      ]);
    const answers = (await callBert([message(1), message(2)])) as Map<unknown, unknown>[];
    expect(answers.map((answer) => answer.get(atom('result')))).toEqual([1_001, 1_002]);
  });
});
