import { binary, type Context, N2OError } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { formatters, gate } from '../runtime/started.ts';
import { request, startKept, TestStore } from './kept.ts';

/** A module that counts how often it runs, and the runs. */
function counter(extra: object = {}) {
  let runs = 0;
  return {
    methods: { inc: () => ++runs },
    event: () => ({ runs: ++runs }),
    ...extra,
  };
}

describe('an event with a key', () => {
  it('runs once, and is answered the same each time', async () => {
    const { send, keeper } = await startKept({ modules: { app: counter() } });
    const first = await send(request(1, 'inc')).settled;
    expect(JSON.parse(first.text ?? '')).toEqual({ jsonrpc: '2.0', result: 1, id: 1 });
    expect((await send(request(1, 'inc')).settled).text).toBe(first.text);
    expect(JSON.parse((await send(request(2, 'inc')).settled).text ?? '').result).toBe(2);
    expect(keeper.counts).toEqual({ waiting: 0, kept: 2, repeated: 1, refused: 0 });
  });

  it('runs once when its repetition comes while it runs, and is answered twice', async () => {
    const { promise, open } = gate();
    let runs = 0;
    const inc = async () => {
      await promise;
      return ++runs;
    };
    const { send } = await startKept({ modules: { app: { methods: { inc } } } });
    const sent = [send(request(1, 'inc')), send(request(1, 'inc'))];
    open();
    const [first, second] = await Promise.all(sent.map(({ settled }) => settled));
    expect(first?.text).toContain('"result":1');
    expect(second?.text).toBe(first?.text);
  });

  it.each([
    ['a JSON-RPC id', request('a', 'inc')],
    ['a batch of JSON-RPC', `[${request(1, 'inc')},${request(2, 'inc')}]`],
    ['a member of an object', '{"idempotencyKey":"k","set":1}'],
    ['a number as member', '{"idempotencyKey":7}'],
    [
      'a JSON-RPC id in BERT',
      formatters.bert.encode({ jsonrpc: '2.0', method: 'inc', id: binary('x') }),
    ],
    ['a member of a map in BERT', formatters.bert.encode({ idempotencyKey: binary('x') })],
  ])('has it as %s', async (_, payload) => {
    const { send, keeper } = await startKept({ modules: { app: counter() } });
    const [first, second] = [await send(payload).settled, await send(payload).settled];
    expect(second.text).toBe(first.text);
    expect(keeper.counts.repeated).toBe(1);
  });

  it.each([
    ['a notification', '{"jsonrpc":"2.0","method":"inc"}'],
    ['a null id', request(null, 'inc')],
    ['a method that is not there', request(1, 'none')],
    ['text', 'hello'],
    ['an object without it', '{"set":1}'],
    ['an empty key', '{"idempotencyKey":""}'],
  ])('is not one with %s', async (_, payload) => {
    const { send, keeper, effects } = await startKept({ modules: { app: counter() } });
    await send(payload).settled;
    await send(payload).settled;
    expect(keeper.counts).toMatchObject({ kept: 0, repeated: 0 });
    expect(effects.memory.clients).toBe(0);
  });

  it('is another one with another payload, from another client, or for another module', async () => {
    const { send } = await startKept({ modules: { app: counter(), other: counter() } });
    const result = async (...args: Parameters<typeof send>) =>
      JSON.parse((await send(...args).settled).text ?? '').result;
    expect(await result(request(1, 'inc'))).toBe(1);
    expect(await result(request(1, 'inc', [5]))).toBe(2);
    expect(await result(request(1, 'inc'), { client: 'd' })).toBe(3);
    expect(await result(request(1, 'inc'), { module: 'other' })).toBe(1);
    expect(await result(request(1, 'inc'))).toBe(1);
  });

  it('may get it from its module, which then alone decides what is the same', async () => {
    const key = (message: unknown) => (message as { n?: string }).n;
    const { send } = await startKept({ modules: { app: counter({ key }) } });
    expect((await send('{"n":"a","sent":1}').settled).text).toBe('{"runs":1}');
    expect((await send('{"n":"a","sent":2}').settled).text).toBe('{"runs":1}');
    expect((await send('{"idempotencyKey":"a"}').settled).text).toBe('{"runs":2}');
    expect((await send('{"idempotencyKey":"a"}').settled).text).toBe('{"runs":3}');
  });

  it('shows it to its handler', async () => {
    const seen: (string | undefined)[] = [];
    const event = (_: unknown, { key }: Context) => void seen.push(key);
    const { send } = await startKept({
      modules: { app: { event, remember: false }, own: { event, key: () => 'mine' } },
    });
    await send('{"idempotencyKey":"k"}').settled;
    await send('{}').settled;
    await send('{}', { module: 'own' }).settled;
    expect(seen).toEqual(['k', undefined, 'mine']);
  });

  it('runs each time where the module does not want it remembered', async () => {
    const { send, keeper } = await startKept({ modules: { app: counter({ remember: false }) } });
    await send(request(1, 'inc')).settled;
    expect((await send(request(1, 'inc')).settled).text).toContain('"result":2');
    expect(keeper.counts.kept).toBe(0);
  });

  it('that has no reply has none again', async () => {
    let runs = 0;
    const { send } = await startKept({ modules: { app: { event: () => void runs++ } } });
    expect((await send('{"idempotencyKey":1}').settled).outcome).toBe('silent');
    expect((await send('{"idempotencyKey":1}').settled).outcome).toBe('silent');
    expect(runs).toBe(1);
  });

  it('whose handler threw is answered with that error again', async () => {
    let runs = 0;
    const event = () => {
      throw new N2OError('N2O_HANDLER_THREW', `run ${++runs}`);
    };
    const { send } = await startKept({ modules: { app: { event, methods: { fail: event } } } });
    for (const payload of ['{"idempotencyKey":1}', request(1, 'fail')]) {
      const first = await send(payload).settled;
      expect((await send(payload).settled).text).toBe(first.text);
    }
    expect(runs).toBe(2);
  });

  it('that did not end in time is not remembered', async () => {
    let runs = 0;
    const { promise } = gate();
    const event = () => (++runs === 1 ? promise : 'done');
    const { send } = await startKept({ modules: { app: { event } }, deadline: 5 });
    expect((await send('{"idempotencyKey":1}').settled).text).toContain('N2O_EVENT_TIMEOUT');
    expect((await send('{"idempotencyKey":1}').settled).text).toBe('"done"');
  });
});

describe('what is remembered', () => {
  it('is known to whoever comes next, from the store', async () => {
    const store = new TestStore();
    const first = await startKept({ modules: { app: counter() }, store });
    const before = await first.send(request(1, 'inc')).settled;
    const second = await startKept({ modules: { app: counter() }, store });
    expect((await second.send(request(1, 'inc')).settled).text).toBe(before.text);
    expect((await second.send(request(2, 'inc')).settled).text).toContain('"result":1');
  });

  it('lasts as long as it should, and not longer', async () => {
    let time = 0;
    const store = new TestStore();
    const { send } = await startKept({ modules: { app: counter() }, store, now: () => time });
    const first = await send(request(1, 'inc')).settled;
    time = 999;
    expect((await send(request(1, 'inc')).settled).text).toBe(first.text);
    time = 1_000;
    expect((await send(request(1, 'inc')).settled).text).toContain('"result":2');
    time = 2_000;
    await send(request(2, 'inc')).settled;
    expect(await store.names('effects/{v7}/c')).toHaveLength(1);
  });

  it.each([
    ['in number', { effectCount: 3 }],
    ['in bytes', { effectBytes: 750 }],
  ])('is bounded %s: the oldest goes', async (_, limits) => {
    const store = new TestStore();
    const { send } = await startKept({ modules: { app: counter() }, store, limits });
    for (let id = 1; id <= 4; id++) await send(request(id, 'inc')).settled;
    expect(await store.names('effects/{v7}/c')).toHaveLength(3);
    expect((await send(request(2, 'inc')).settled).text).toContain('"result":2');
    expect((await send(request(1, 'inc')).settled).text).toContain('"result":5');
  });

  it('is the last reply, however large', async () => {
    const { send } = await startKept({
      modules: { app: { methods: { big: () => 'x'.repeat(5_000) } } },
      limits: { effectBytes: 1_000 },
    });
    await send(request(1, 'big')).settled;
    const second = await send(request(2, 'big')).settled;
    expect((await send(request(2, 'big')).settled).text).toBe(second.text);
  });

  it('goes from the memory of a worker before it goes from the store', async () => {
    const { send, effects } = await startKept({
      modules: { app: counter() },
      limits: { effectMemory: 1_000 },
    });
    const clients = Array.from({ length: 10 }, (_, i) => `client${i}`);
    const replies = new Map<string, string | undefined>();
    for (const client of clients) {
      replies.set(client, (await send(request(1, 'inc'), { client }).settled).text);
    }
    expect(effects.memory.bytes).toBeLessThanOrEqual(1_000);
    expect(effects.memory.clients).toBeLessThan(5);
    for (const client of clients) {
      const { text } = await send(request(1, 'inc'), { client }).settled;
      expect(text).toBe(replies.get(client));
    }
  });

  it('has a lifetime in the store, set anew from time to time', async () => {
    let time = 0;
    const store = new TestStore();
    const { send } = await startKept({ modules: { app: counter() }, store, now: () => time });
    for (const [id, at] of [0, 100, 200, 300].entries()) {
      time = at;
      await send(request(id, 'inc')).settled;
    }
    const lifetimes = store.commits.map((changes) =>
      changes.flatMap((change) => ('lifetime' in change ? change.lifetime : [])),
    );
    expect(lifetimes).toEqual([[1_125], [], [1_125], []]);
  });
});
