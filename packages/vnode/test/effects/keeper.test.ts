import { type Context, createFormatters } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { describe, expect, it } from 'vitest';
import { frame, request, startKept, TestStore, unavailable } from './kept.ts';

const app = {
  state: () => 0,
  methods: {
    inc(_: unknown, { state }: Context<number>) {
      state.set(state.get() + 1);
      return state.get();
    },
    get: (_: unknown, { state }: Context<number>) => state.get(),
  },
  event: (message: unknown) => message,
};
const plain = { event: (message: unknown) => message };
const modules = { app, plain };

describe('an event whose effect is to be kept', () => {
  it('is settled when it is, before later ones of its client, and holds up no other', async () => {
    const store = new TestStore();
    const { send, settled } = await startKept({ modules, store });
    await Promise.all(['c', 'd'].map((client) => send(request(0, 'inc'), { client }).settled));
    const release = store.hold();
    const [keyed, same, repeated, other] = [
      send(request(1, 'inc')),
      send('hi', { module: 'plain' }),
      send(request(1, 'inc')),
      send('hi', { client: 'd', module: 'plain' }),
    ];
    await other.settled;
    expect(settled.slice(2)).toEqual([other]);
    release();
    await Promise.all([keyed, same, repeated].map((sent) => sent.settled));
    expect(settled.slice(2)).toEqual([other, keyed, same, repeated]);
    expect(repeated.text).toBe(keyed.text);
  });

  it('shares its commit with those of the same turn, and with all that come during another', async () => {
    const store = new TestStore();
    const { send } = await startKept({ modules, store });
    await send(request(0, 'inc')).settled;
    const release = store.hold();
    const sent = [1, 2, 3].map((id) => send(request(id, 'inc')));
    await new Promise((resolve) => setImmediate(resolve));
    sent.push(...[4, 5, 6].map((id) => send(request(id, 'inc'))));
    release();
    await Promise.all(sent.map(({ settled }) => settled));
    expect(store.commits).toHaveLength(3);
    expect(sent.at(-1)?.text).toContain('"result":7');
  });

  it('is kept by one of several commits where there is a lot to keep at once', async () => {
    const store = new TestStore();
    const large = { methods: { say: () => 'x'.repeat(3 * 1024 * 1024) } };
    const { send } = await startKept({ modules: { app: large }, store });
    const clients = ['c', 'd', 'e', 'f', 'g'];
    const sent = clients.map((client) => send(request(1, 'say'), { client }));
    await Promise.all(sent.map(({ settled }) => settled));
    const kept = store.commits.map((changes) => changes.filter((change) => 'value' in change));
    expect(kept.map((changes) => changes.length)).toEqual([2, 2, 1]);
    expect(kept.flat().map(({ group }) => group.at(-1))).toEqual(clients);
  });

  it('is refused when it cannot be, with all that rests on it; then all goes on as if it had not been', async () => {
    const store = new TestStore();
    const { send, settled, keeper } = await startKept({ modules, store });
    await send(request(0, 'inc')).settled;
    store.failure = unavailable();
    const sent = [
      send(request(1, 'inc')),
      send('hi', { module: 'plain' }),
      send(request(1, 'inc')),
      send(request(2, 'get')),
    ];
    await Promise.all(sent.map((one) => one.settled));
    expect(settled.slice(1)).toEqual(sent);
    expect(sent[1]?.text).toBe('hi');
    for (const [i, id] of [
      [0, 1],
      [2, 1],
      [3, 2],
    ] as const) {
      const { error, id: answered } = JSON.parse(sent[i]?.text ?? '');
      expect(error.data.code).toBe('N2O_BUSY_STORE');
      expect(answered).toBe(id);
    }
    expect((await send(request(3, 'get')).settled).text).toContain('N2O_BUSY_STORE');
    store.failure = undefined;
    expect((await send(request(1, 'inc')).settled).text).toContain('"result":2');
    expect((await send(request(1, 'inc')).settled).text).toContain('"result":2');
    expect(keeper.counts).toMatchObject({ kept: 2, refused: 3, repeated: 2, waiting: 0 });
  });

  it('is refused when it ran on what failed meanwhile', async () => {
    const store = new TestStore();
    let finish = () => {};
    const slow = {
      ...app,
      async event(_: unknown, { state }: Context<number>) {
        const count = state.get();
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        state.set(count + 1);
        return count + 1;
      },
    };
    const { send, keeper } = await startKept({ modules: { app: slow }, store });
    await send(request(0, 'inc')).settled;
    const late = send('{"idempotencyKey":1}');
    keeper.forget(7);
    finish();
    expect((await late.settled).outcome).toBe('lost');
    expect((await send(request(1, 'get')).settled).text).toContain('"result":1');
  });
});

describe('a vnode that changes hands', () => {
  const fence = { name: 'vnode/{v7}', epoch: 2 };

  it('takes nothing more of its earlier owner, who is told', async () => {
    const store = createMemoryStore();
    const fenced: number[] = [];
    let epoch: number | undefined = 1;
    const { send } = await startKept({
      modules,
      store,
      keeper: { epochOf: () => epoch, onFenced: (vnode) => fenced.push(vnode) },
    });
    expect((await send(request(1, 'inc')).settled).outcome).toBe('reply');
    await store.commit([], fence);
    expect((await send(request(2, 'inc')).settled).outcome).toBe('lost');
    expect(fenced).toEqual([7]);
    expect((await send(request(3, 'inc')).settled).outcome).toBe('lost');
    epoch = 3;
    expect((await send(request(4, 'inc')).settled).text).toContain('"result":2');
  });

  it('is claimed before anything of it is read', async () => {
    const store = createMemoryStore();
    const owner = await startKept({ modules, store, keeper: { epochOf: () => 2 } });
    await owner.send(request(1, 'get')).settled;
    const late = store.commit([{ group: 'g{v7}', field: 'f', value: new Uint8Array() }], {
      ...fence,
      epoch: 1,
    });
    await expect(late).rejects.toMatchObject({ code: 'N2O_STORE_FENCED' });
  });

  it('is not believed to be as it was when it comes back', async () => {
    const store = createMemoryStore();
    const epochs = { a: 1, b: 2 };
    const a = await startKept({ modules, store, keeper: { epochOf: () => epochs.a } });
    const b = await startKept({ modules, store, keeper: { epochOf: () => epochs.b } });
    const first = await a.send(request(1, 'inc')).settled;
    expect((await b.send(request(1, 'inc')).settled).text).toBe(first.text);
    expect((await b.send(request(2, 'inc')).settled).text).toContain('"result":2');
    epochs.a = 3;
    a.keeper.forget(7);
    expect((await a.send(request(3, 'inc')).settled).text).toContain('"result":3');
  });

  it('is not believed to be as it was though nobody has said that it was away', async () => {
    const store = createMemoryStore();
    const epochs = { a: 1, b: 2 };
    const a = await startKept({ modules, store, keeper: { epochOf: () => epochs.a } });
    const b = await startKept({ modules, store, keeper: { epochOf: () => epochs.b } });
    await a.send(request(1, 'inc')).settled;
    await b.send(request(2, 'inc')).settled;
    epochs.a = 3;
    expect((await a.send(request(3, 'get')).settled).text).toContain('N2O_BUSY_STORE');
    expect((await a.send(request(3, 'get')).settled).text).toContain('"result":2');
  });

  it('is nobody’s while its owner has no epoch any more', async () => {
    const store = new TestStore();
    let epoch: number | undefined = 1;
    const { send, keeper } = await startKept({
      modules,
      store,
      keeper: { epochOf: () => epoch },
    });
    await send(request(1, 'inc')).settled;
    const release = store.hold();
    const waiting = send(request(2, 'inc'));
    epoch = undefined;
    keeper.forget(7);
    release();
    expect((await waiting.settled).outcome).toBe('lost');
    expect((await send(request(3, 'inc')).settled).outcome).toBe('lost');
    expect((await send('hi', { module: 'plain' }).settled).text).toBe('hi');
  });
});

describe('the frame of an error that no worker answers', () => {
  const eventOf = (payload: string | Uint8Array) => ({
    route: { client: 'c', module: 'm', version: '1', vnode: 1, user: '', token: '' },
    payload: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
    qos: 1 as const,
    dup: false,
    settle: () => {},
  });
  const textOf = (payload: string | Uint8Array) =>
    new TextDecoder().decode(frame(eventOf(payload), 'N2O_BUSY_STORE'));

  it('speaks as the event does', () => {
    expect(JSON.parse(textOf(request(5, 'm')))).toMatchObject({ id: 5, error: { code: -32_000 } });
    expect(textOf('{"a":1}')).toContain('{"error":{"code":"N2O_BUSY_STORE"');
    expect(textOf('hi')).toContain('N2O_BUSY_STORE');
    expect(textOf('{"a":')).toContain('{"error":{"code":"N2O_BUSY_STORE"');
    const { bert } = createFormatters();
    const bytes = frame(eventOf(bert.encode({ a: 1 })), 'N2O_BUSY_STORE');
    expect(bert.decode(bytes)).toMatchObject({ code: 'N2O_BUSY_STORE' });
  });

  it('is there for a notification too, whose client is to know that it was given up', () => {
    expect(textOf('{"jsonrpc":"2.0","method":"m"}')).toContain('N2O_BUSY_STORE');
  });
});
