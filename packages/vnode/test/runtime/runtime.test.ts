import { type Context, ErrorFrame, N2OError, reply, unknown } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { formatters, gate, start } from './started.ts';

describe('an event', () => {
  it('is answered at once when its handler is synchronous', async () => {
    const { send, runtime } = await start({ modules: { app: { event: (m) => `you said ${m}` } } });
    const sent = send('hi');
    expect(sent).toMatchObject({ outcome: 'reply', text: 'you said hi' });
    expect(runtime.size).toEqual({ clients: 0, waiting: 0 });
  });

  it('is answered when its handler has waited', async () => {
    const { promise, open } = gate();
    const event = async () => {
      await promise;
      return 'late';
    };
    const { send, runtime } = await start({ modules: { app: { event } } });
    const sent = send('hi');
    expect(sent.outcome).toBeUndefined();
    expect(runtime.size).toEqual({ clients: 1, waiting: 0 });
    open();
    expect(await sent.settled).toMatchObject({ outcome: 'reply', text: 'late' });
    expect(runtime.size).toEqual({ clients: 0, waiting: 0 });
  });

  it('is answered when its handler returns what only behaves like a promise', async () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what this is about
    const query = { then: (done: (rows: string) => void) => done('rows') };
    const { send } = await start({ modules: { app: { event: () => query } } });
    expect(await send('hi').settled).toMatchObject({ outcome: 'reply', text: 'rows' });
  });

  it('is silent when its handler returns nothing', async () => {
    const { send } = await start({
      modules: { sync: { event: () => {} }, late: { event: async () => {} } },
    });
    expect(send('hi', { module: 'sync' }).outcome).toBe('silent');
    expect((await send('hi', { module: 'late' }).settled).outcome).toBe('silent');
  });

  it('is unknown when no protocol knows it', async () => {
    const { send, lines } = await start({
      modules: { none: {}, says: { event: () => unknown }, late: { event: async () => unknown } },
    });
    expect(send('hi', { module: 'none' }).outcome).toBe('unknown');
    expect(send('hi', { module: 'says' }).outcome).toBe('unknown');
    expect((await send('hi', { module: 'late' }).settled).outcome).toBe('unknown');
    expect(lines[0]).toMatchObject({ level: 'debug', fields: { client: 'c', module: 'none' } });
  });

  it('is refused where there is no such module, in the format of the message', async () => {
    const { send } = await start({ modules: {} });
    const text = 'there is no module of this name';
    expect(send('hi').text).toBe(
      new TextDecoder().decode(formatters.text.encode(new ErrorFrame('N2O_MODULE_UNKNOWN', text))),
    );
    expect(send('{}').text).toBe(`{"error":{"code":"N2O_MODULE_UNKNOWN","message":"${text}"}}`);
    expect(send('hi', { module: '__proto__' }).text).toContain('N2O_MODULE_UNKNOWN');
  });

  it('keeps its order with those of its client, and does not wait for other clients', async () => {
    const gates = new Map<string, ReturnType<typeof gate<string>>>();
    const event = (message: unknown) => {
      const opened = gate<string>();
      gates.set(String(message), opened);
      return opened.promise;
    };
    const { send, settled, runtime } = await start({ modules: { app: { event } } });
    const [a1, a2, b1] = [send('a1', { client: 'a' }), send('a2', { client: 'a' }), send('b1')];
    expect([...gates.keys()]).toEqual(['a1', 'b1']);
    expect(runtime.size).toEqual({ clients: 2, waiting: 1 });
    gates.get('b1')?.open('b1');
    await b1.settled;
    gates.get('a1')?.open('a1');
    await a1.settled;
    gates.get('a2')?.open('a2');
    await a2.settled;
    expect(settled.map(({ text }) => text)).toEqual(['b1', 'a1', 'a2']);
    expect(runtime.size).toEqual({ clients: 0, waiting: 0 });
  });

  it('is answered as busy when too many of its client wait', async () => {
    const { promise, open } = gate();
    const event = async (message: unknown) => {
      await promise;
      return message;
    };
    const { send, runtime } = await start({ modules: { app: { event } }, mailboxLimit: 2 });
    const [first, second, third] = [send('1'), send('2'), send('3')];
    expect(send('{"n":4}').text).toContain('"code":"N2O_BUSY_CLIENT"');
    expect(runtime.size).toEqual({ clients: 1, waiting: 2 });
    const other = send('5', { client: 'other' });
    open();
    const answers = await Promise.all([first, second, third, other].map((sent) => sent.settled));
    expect(answers.map(({ text }) => text)).toEqual(['1', '2', '3', '5']);
  });
});

describe('a reply', () => {
  it('has the format of the message', async () => {
    const { send } = await start({ modules: { app: { event: (m) => m } } });
    for (const value of ['text', { a: 1 }, new Map([['k', 2]])]) {
      const format = typeof value === 'string' ? 'text' : value instanceof Map ? 'bert' : 'json';
      const bytes = formatters[format].encode(value);
      expect(send(bytes).bytes).toEqual(bytes);
    }
  });

  it('has the format that the module forces', async () => {
    const { send } = await start({ modules: { app: { formatter: 'json', event: (m) => [m] } } });
    expect(send('21.5').text).toBe('[21.5]');
    expect(send('hi').text).toMatch(/^\{"error":\{"code":"N2O_FORMAT_DECODE"/);
  });

  it('has the format that it asks for itself', async () => {
    const { send } = await start({
      modules: {
        json: { event: () => reply({ a: 1 }, 'json') },
        late: { formatter: 'text', event: async () => reply({ a: 1 }, 'json') },
      },
    });
    expect(send('hi', { module: 'json' }).text).toBe('{"a":1}');
    expect((await send('hi', { module: 'late' }).settled).text).toBe('{"a":1}');
  });

  it('that cannot be written is an error in the format of the message', async () => {
    const { send, lines } = await start({
      modules: {
        app: { event: () => reply({ a: 1 }, 'binary') },
        bad: { event: () => reply(1, 'yaml' as 'json') },
        throws: {
          event: () => ({
            get secret() {
              throw new RangeError('a secret');
            },
          }),
        },
      },
    });
    expect(send('{}').text).toContain('"code":"N2O_FORMAT_ENCODE"');
    expect(send('{}', { module: 'bad' }).text).toContain('"code":"N2O_FORMAT_ENCODE"');
    expect(send('{}', { module: 'throws' }).text).toContain('"code":"N2O_FORMAT_ENCODE"');
    expect(send('{}', { module: 'throws' }).text).not.toContain('secret');
    expect(lines[0]).toMatchObject({ level: 'error', text: 'the reply could not be encoded' });
  });
});

describe('a handler that throws', () => {
  const modules = {
    sync: {
      event() {
        throw new RangeError('a secret');
      },
    },
    late: { event: () => Promise.reject(new RangeError('a secret')) },
    string: { event: () => Promise.reject('a secret') },
    coded: {
      event() {
        throw new N2OError('N2O_STORE_UNAVAILABLE', 'not now');
      },
    },
  };

  it.each(['sync', 'late', 'string'])('is an error without its text (%s)', async (module) => {
    const { send, lines } = await start({ modules });
    const { text } = await send('{}', { module }).settled;
    expect(text).toBe('{"error":{"code":"N2O_HANDLER_THREW","message":"the handler threw"}}');
    const [line] = lines;
    expect(line).toMatchObject({ level: 'error', fields: { client: 'c', module } });
    if (module === 'string') expect(line?.fields.err).toBe('a secret');
    else expect((line?.fields.err as Error | undefined)?.stack).toContain('runtime.test.ts');
  });

  it.each(['sync', 'late', 'string'])(
    'is an error with its text if so wanted (%s)',
    async (module) => {
      const { send } = await start({ modules, exposeErrors: true });
      const { text } = await send('{}', { module }).settled;
      expect(text).toBe('{"error":{"code":"N2O_HANDLER_THREW","message":"a secret"}}');
    },
  );

  it('may say with an N2OError what its client is told', async () => {
    const { send } = await start({ modules });
    expect(send('{}', { module: 'coded' }).text).toBe(
      '{"error":{"code":"N2O_STORE_UNAVAILABLE","message":"not now"}}',
    );
  });

  it('does not keep the next event from running', async () => {
    const { send } = await start({
      modules: {
        app: {
          async event(message) {
            await null;
            if (message === 'bad') throw new RangeError('bad');
            return message;
          },
        },
      },
    });
    const sent = ['1', 'bad', '2'].map((message) => send(message));
    await Promise.all(sent.map(({ settled }) => settled));
    expect(sent.map(({ text }) => text?.slice(0, 5))).toEqual(['1', 'ERROR', '2']);
  });
});

describe('a protocol', () => {
  it('of the application takes its place in the order', async () => {
    const loud = ({ value }: { value: unknown }) =>
      value === 'hi' ? reply('HI') : value === 'later' ? Promise.resolve(unknown) : unknown;
    const last = () => reply('last');
    const { send } = await start({ modules: { app: {} }, protocols: [loud, last] });
    expect(send('hi').text).toBe('HI');
    expect(send('else').text).toBe('last');
    expect((await send('later').settled).text).toBe('last');
  });

  it('that answers with neither a reply nor unknown is an error', async () => {
    const wrong = () => 'a string' as never;
    const { send } = await start({ modules: { app: {} }, protocols: [wrong] });
    expect(send('{}').text).toContain('a protocol answered neither reply(…) nor unknown');
  });
});

describe('a payload that cannot be decoded', () => {
  it.each(['{"a":', '\x83junk'])('is an error in its own format (%j)', async (payload) => {
    const { send } = await start({ modules: { app: { event: () => 1 } } });
    const bytes = Uint8Array.from(payload, (char) => char.charCodeAt(0));
    const sent = send(bytes);
    expect(sent.outcome).toBe('reply');
    const { value, format } = formatters.decode(sent.bytes as Uint8Array);
    expect(format).toBe(payload[0] === '{' ? 'json' : 'bert');
    expect(value).toBeInstanceOf(ErrorFrame);
    expect((value as ErrorFrame).code).toBe('N2O_FORMAT_DECODE');
  });
});

describe('the context of an event', () => {
  it('says whose it is and how it came', async () => {
    let seen: Context | undefined;
    const app = {
      event(_: unknown, context: Context) {
        seen = context;
      },
    };
    const { send, lines } = await start({ modules: { app } });
    send('{}');
    const { client, module, version, vnode, user, token, format, qos, dup } = seen as Context;
    expect({ client, module, version, vnode, user, token, format, qos, dup }).toEqual({
      client: 'c',
      module: 'app',
      version: '1',
      vnode: 7,
      user: 'u',
      token: 't',
      format: 'json',
      qos: 1,
      dup: false,
    });
    expect(seen?.app).toBe(app);
    expect(seen?.signal.aborted).toBe(false);
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      seen?.log[level]({ a: 1 }, 'text');
      expect(lines.at(-1)).toEqual({
        level,
        fields: { client: 'c', module: 'app', a: 1 },
        text: 'text',
      });
    }
  });

  it('has the module as `this` of its handler', async () => {
    const app = {
      greeting: 'hello',
      event() {
        return this.greeting;
      },
    };
    const { send } = await start({ modules: { app } });
    expect(send('hi').text).toBe('hello');
  });
});

describe('an observer', () => {
  it('is told of the synchronous part of each event', async () => {
    const calls: string[] = [];
    const { promise, open } = gate();
    const { send } = await start({
      modules: {
        sync: { event: () => void calls.push('sync') },
        late: {
          async event(message) {
            calls.push(`begin ${message}`);
            await promise;
            calls.push(`end ${message}`);
          },
        },
      },
      observe: {
        enter: ({ payload }) => calls.push(`> ${new TextDecoder().decode(payload)}`),
        leave: ({ payload }) => calls.push(`< ${new TextDecoder().decode(payload)}`),
      },
    });
    send('0', { module: 'sync' });
    const [, second] = [send('1', { module: 'late' }), send('2', { module: 'late' })];
    open();
    await second.settled;
    expect(calls).toEqual(
      ['> 0', 'sync', '< 0', '> 1', 'begin 1', '< 1', 'end 1'].concat([
        '> 2',
        'begin 2',
        '< 2',
        'end 2',
      ]),
    );
  });
});
