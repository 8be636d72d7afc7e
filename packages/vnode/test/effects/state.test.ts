import { type Context, defineModule } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { formatters, gate } from '../runtime/started.ts';
import { request, startKept, TestStore } from './kept.ts';

const counter = defineModule({
  state: () => ({ count: 0 }),
  methods: {
    add(params: readonly number[], { state }) {
      const count = state.get().count + (params[0] as number);
      state.set({ count });
      if (count > 100) throw new RangeError('too much');
      return count;
    },
    async later(params: readonly number[], { state }) {
      await null;
      state.set({ count: params[0] as number });
    },
    get: (_: unknown, { state }) => state.get().count,
    clear: (_: unknown, { state }) => state.set(undefined),
  },
  event(message, { state }) {
    state.set({ count: Number(message) });
    return 'set';
  },
});

describe('the state of a module', () => {
  it('begins as the module says, and is what was set last', async () => {
    const { send } = await startKept({ modules: { app: counter } });
    const result = async (...args: Parameters<typeof request>) =>
      JSON.parse((await send(request(...args)).settled).text ?? '').result;
    expect(await result(1, 'get')).toBe(0);
    expect(await result(2, 'add', [5])).toBe(5);
    expect(await result(3, 'add', [2])).toBe(7);
    await result(4, 'later', [20]);
    expect(await result(5, 'get')).toBe(20);
    await result(6, 'clear');
    expect(await result(7, 'get')).toBe(0);
  });

  it('holds integers and lists as long as there is room for', async () => {
    const long = 10n ** 20_000n;
    const list = Array.from({ length: 110_000 }, () => 0);
    const heard: unknown[] = [];
    const app = defineModule({
      state: (): unknown => 0,
      event(message, { state }) {
        if (message === 'set') state.set({ long, list });
        else heard.push(state.get());
      },
    });
    const { send } = await startKept({ modules: { app }, limits: { stateBytes: 4_000_000 } });
    await send('set').settled;
    await send('get').settled;
    expect(heard).toHaveLength(1);
    const { long: kept, list: rest } = heard[0] as { long: unknown; list: unknown[] };
    expect(kept === long).toBe(true);
    expect(rest).toHaveLength(list.length);
  });

  it('is each client’s own, and each module’s', async () => {
    const { send } = await startKept({ modules: { app: counter, other: counter } });
    await send(request(1, 'add', [5])).settled;
    expect((await send(request(1, 'add', [1]), { client: 'd' }).settled).text).toContain(':1,');
    expect((await send(request(1, 'add', [2]), { module: 'other' }).settled).text).toContain(':2,');
    expect((await send(request(2, 'get')).settled).text).toContain('"result":5');
  });

  it('is changed once by an event that comes again', async () => {
    const { send } = await startKept({ modules: { app: counter } });
    for (let i = 0; i < 3; i++) await send(request(1, 'add', [5])).settled;
    expect((await send(request(2, 'get')).settled).text).toContain('"result":5');
  });

  it('is kept in one commit with the reply', async () => {
    const store = new TestStore();
    const { send } = await startKept({ modules: { app: counter }, store });
    await send(request(1, 'add', [5])).settled;
    expect(store.commits).toHaveLength(1);
    expect(store.commits[0]).toMatchObject([
      { group: 'state/{v7}/c', field: 'app' },
      { group: 'state/{v7}/c', lifetime: 1_000 },
      { group: 'effects/{v7}/c' },
      { group: 'effects/{v7}/c', lifetime: 1_125 },
    ]);
  });

  it('is there for events without a key too, also for whoever comes next', async () => {
    const store = new TestStore();
    const first = await startKept({ modules: { app: counter }, store });
    expect((await first.send('7').settled).text).toBe('set');
    expect(await store.names('effects/{v7}/c')).toEqual([]);
    const second = await startKept({ modules: { app: counter }, store });
    expect((await second.send(request(1, 'get')).settled).text).toContain('"result":7');
  });

  it('is as before when the handler throws', async () => {
    const { send } = await startKept({ modules: { app: counter } });
    expect((await send(request(1, 'add', [101])).settled).text).toContain('N2O_HANDLER_THREW');
    expect((await send(request(2, 'get')).settled).text).toContain('"result":0');
  });

  it('is without what the failed requests of a batch have set', async () => {
    const { send } = await startKept({ modules: { app: counter } });
    const batch = [request(1, 'add', [60]), request(2, 'add', [60]), request(3, 'add', [1])];
    const { text } = await send(`[${batch}]`).settled;
    expect(JSON.parse(text ?? '').map(({ result }: { result?: number }) => result)).toEqual([
      60,
      undefined,
      61,
    ]);
  });

  it('is as before when the handler does not end in time, whatever it sets later', async () => {
    const { promise, open } = gate();
    const late = gate<unknown>();
    const app = {
      state: () => 'before',
      async event(message: unknown, { state }: Context) {
        if (message !== 'slow') return state.get();
        state.set('meanwhile');
        await promise;
        try {
          state.set('after');
        } catch (thrown) {
          late.open(thrown);
        }
        return undefined;
      },
    };
    const { send } = await startKept({ modules: { app }, deadline: 5 });
    expect((await send('slow').settled).text).toContain('N2O_EVENT_TIMEOUT');
    open();
    expect(await late.promise).toMatchObject({ code: 'N2O_STATE_CLOSED' });
    expect((await send('get').settled).text).toBe('before');
  });

  it('does not change with what was given out or in', async () => {
    const app = {
      state: () => ({ list: [1] }),
      event(message: unknown, { state }: Context<{ list: number[] }>) {
        const value = state.get();
        if (message === 'set') state.set(value);
        value.list.push(2);
        return state.get();
      },
    };
    const { send } = await startKept({ modules: { app: { ...app, formatter: 'json' as const } } });
    expect((await send('"set"').settled).text).toBe('{"list":[1]}');
    expect((await send('"get"').settled).text).toBe('{"list":[1]}');
  });

  it('is any value that JSON can write', async () => {
    const values = [
      0,
      '',
      [1, null],
      { error: { code: 'a', message: 'b' } },
      new Map([[1, 2n ** 70n]]),
    ];
    const seen: unknown[] = [];
    const app = {
      state: () => undefined,
      event(message: unknown, { state }: Context) {
        seen.push(state.get());
        state.set(values[Number(message)]);
      },
    };
    const { send } = await startKept({ modules: { app }, limits: { stateBytes: 1_000 } });
    for (const i of values.keys()) await send(String(i)).settled;
    await send('9').settled;
    expect(seen).toEqual([undefined, ...values]);
  });

  it('is bounded in size', async () => {
    const { send } = await startKept({
      modules: {
        app: {
          state: () => '',
          event(_: unknown, { state }: Context) {
            state.set('x'.repeat(99));
          },
        },
      },
    });
    expect((await send('{}').settled).text).toContain('"code":"N2O_STATE_LIMIT"');
  });

  it('is refused where the module has none', async () => {
    const app = { event: (_: unknown, { state }: Context) => state.get() };
    const { send } = await startKept({ modules: { app } });
    expect((await send('{"idempotencyKey":1}').settled).text).toContain('N2O_STATE_MISSING');
  });

  it('has the form that JSON gives it in the store', async () => {
    const store = new TestStore();
    const { send } = await startKept({ modules: { app: counter }, store });
    await send('7').settled;
    const [value] = await store.get('state/{v7}/c', ['app']);
    expect(formatters.json.decode(value as Uint8Array)).toEqual({ count: 7 });
  });
});
