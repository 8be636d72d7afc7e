import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type N2OError, ORDERED, type Store } from '@n2o/shared';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { contentsOf, createAuthority } from '../../../test/support/certificates.ts';
import { freePort, type RedisServer, startRedis } from '../../../test/support/redis.ts';
import { connectRedisStore, type RedisStoreOptions } from '../src/redis/store.ts';
import { conforms } from './conformance.ts';

const shared = await startRedis();
afterAll(() => shared[Symbol.asyncDispose]());

conforms('Redis', {
  open: () => connectRedisStore({ url: `redis://${shared.address}/3` }),
  shared: true,
});

const UNAVAILABLE = { code: 'N2O_STORE_UNAVAILABLE' };
const value = Buffer.from('x');

async function server(...args: readonly string[]): Promise<RedisServer> {
  const redis = await startRedis({ args });
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return redis;
}

/** A store that is closed with the test, and what it said of its state. */
async function open(options: RedisStoreOptions) {
  const states: (N2OError | undefined)[] = [];
  const store = await connectRedisStore({ ...options, onState: (down) => states.push(down) });
  onTestFinished(() => store.close());
  return { store, states };
}

async function put(store: Store, field: string, text = 'x'): Promise<void> {
  await store.commit([{ group: 'g', field, value: Buffer.from(text) }]);
}

describe('Redis', () => {
  it('is tried until it is there, each failure is told with address, reason and next try', async () => {
    const port = await freePort();
    const states: (N2OError | undefined)[] = [];
    const opening = connectRedisStore({
      url: `redis://user:secret@127.0.0.1:${port}`,
      onState: (down) => states.push(down),
    });
    await vi.waitFor(() => expect(states.length).toBeGreaterThanOrEqual(2));
    expect(states[0]?.message).toMatch(
      `Redis at redis://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}; next try in 50 ms`,
    );
    expect(states[1]?.message).toContain('next try in 100 ms');
    const redis = await startRedis({
      port,
      args: ['--user', 'user', 'on', '>secret', '~*', '&*', '+@all'],
    });
    onTestFinished(() => redis[Symbol.asyncDispose]());
    const store = await opening;
    expect(states.at(-1)).toBeUndefined();
    await store.close();
  });

  it('keeps the order of a commit that takes several calls, also when it has forgotten its script', async () => {
    const { store } = await open({ url: `redis://${shared.address}/5` });
    await put(store, 'script is known');
    const field = 'set and removed, over and over';
    const toggled = (i: number) => ({ group: 'g', field, value: i % 2 ? undefined : value });
    for (const last of [1_000, 1_001]) {
      await shared.ask('SCRIPT', 'FLUSH');
      await store.commit(Array.from({ length: last }, (_, i) => toggled(i)));
      expect(await store.get('g', [field])).toEqual([last % 2 ? value : undefined]);
    }
  });

  it('is no longer tried when the signal says so', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    const ended = { ...UNAVAILABLE, message: expect.stringContaining('no connection was made') };
    const giveUp = new AbortController();
    const onState = () => giveUp.abort();
    await expect(connectRedisStore({ url, onState, signal: giveUp.signal })).rejects.toMatchObject(
      ended,
    );
    await expect(connectRedisStore({ url, signal: giveUp.signal })).rejects.toMatchObject(ended);
  });

  it.each([
    ['a wrong password', 'redis://:wrong@', /WRONGPASS/],
    ['no password', 'redis://', /NOAUTH/],
  ])(
    'that wants another one than %s says so, and lets in when it does no longer',
    async (...given) => {
      const [, scheme, reason] = given;
      const redis = await startRedis({ args: ['--requirepass', 'right'], cli: ['-a', 'right'] });
      onTestFinished(() => redis[Symbol.asyncDispose]());
      const states: (N2OError | undefined)[] = [];
      const opening = connectRedisStore({
        url: `${scheme}${redis.address}`,
        onState: (down) => states.push(down),
      });
      await vi.waitFor(() => expect(states[0]?.message).toMatch(reason));
      expect(inspect(states[0])).not.toMatch(/wrong['@]/);
      const password = scheme.includes('wrong') ? 'wrong' : '';
      await redis.ask('CONFIG', 'SET', 'requirepass', password);
      await (await opening).close();
    },
  );

  it('that does not have the database says so, in longer and longer intervals, and writes into no other', async () => {
    const redis = await server('--databases', '4');
    const states: (N2OError | undefined)[] = [];
    const giveUp = new AbortController();
    const opening = connectRedisStore({
      url: `redis://${redis.address}/4`,
      onState: (down) => states.push(down),
      signal: giveUp.signal,
    });
    await vi.waitFor(() => expect(states.length).toBe(3), 5_000);
    expect(states[0]?.message).toMatch(/DB index is out of range; next try in 50 ms/);
    expect(states[2]?.message).toMatch(/DB index is out of range; next try in 200 ms/);
    giveUp.abort();
    await expect(opening).rejects.toMatchObject(UNAVAILABLE);
  });

  it('needs no more rights than the manual says', async () => {
    const manual = await readFile(join(import.meta.dirname, '../../../docs/stores.md'), 'utf8');
    const rights = /needs `([^`]+)`\s+on keys `([^`]+)`/.exec(manual);
    const rules = ['on', '>secret', `~${rights?.[2]}`, ...(rights?.[1]?.split(' ') ?? [])];
    const redis = await server('--user', 'n2o', ...rules);
    const { store } = await open({ url: `redis://n2o:secret@${redis.address}` });
    const change = { group: 'g', field: 'a', value };
    await store.commit([change, { group: 'g', lifetime: 60_000 }], { name: 'f', epoch: 1 });
    await store.commit([{ group: 'h', drop: true }, change]);
    expect((await store.extent('g'))?.count).toBe(1);
    for await (const page of store.entries('g')) expect(page.length).toBe(1);
    const ordered = `${ORDERED}g`;
    await store.commit([{ group: ordered, field: 'a', value }]);
    expect(await store.get(ordered, ['a'])).toEqual([value]);
    for (const reverse of [false, true])
      expect(await store.range(ordered, { count: 1, reverse })).toEqual([['a', value]]);
    expect((await store.extent(ordered))?.count).toBe(1);
    await store.commit([{ group: ordered, field: 'a', value: undefined }]);
    // The next connection ends this one: it may.
    await redis.ask('CLIENT', 'KILL', 'USER', 'n2o');
    await vi.waitFor(() => put(store, 'b'), { timeout: 5_000 });
    expect(await redis.ask('ACL', 'LOG')).toBe('');
  });

  it('that is lost rejects at once, and is there again when it is back', async () => {
    const redis = await server('--appendonly', 'yes', '--appendfsync', 'always');
    const { store, states } = await open({ url: `redis://${redis.address}` });
    await put(store, 'before');
    await redis.kill();
    await vi.waitFor(() => expect(states.at(-1)).toMatchObject(UNAVAILABLE));
    await expect(put(store, 'meanwhile')).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.get('g', ['before'])).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.extent('g')).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.entries('g')[Symbol.asyncIterator]().next()).rejects.toMatchObject(
      UNAVAILABLE,
    );
    await redis.start();
    await vi.waitFor(() => expect(states.at(-1)).toBeUndefined(), { timeout: 5_000 });
    await put(store, 'after');
    expect(await store.extent('g')).toEqual({ first: 'after', last: 'before', count: 2 });
  });

  it('that is killed with commits under way rejects them, with the cause', async () => {
    const redis = await server();
    const { store } = await open({ url: `redis://${redis.address}` });
    redis.signal('SIGSTOP');
    const commits = ['a', 'b'].map((field) => put(store, field));
    const reading = store.get('g', ['a']);
    const settled = Promise.allSettled([...commits, reading]);
    await redis.kill();
    for (const result of await settled)
      expect(result).toMatchObject({ reason: { ...UNAVAILABLE, cause: expect.any(Error) } });
  });

  it('that does not answer in time counts as lost until it answers', async () => {
    const redis = await server();
    const { store } = await open({ url: `redis://${redis.address}`, timeout: 200 });
    redis.signal('SIGSTOP');
    await expect(put(store, 'a')).rejects.toMatchObject(UNAVAILABLE);
    redis.signal('SIGCONT');
    await vi.waitFor(() => put(store, 'b'), { timeout: 5_000 });
  });

  it('that refuses a change says why', async () => {
    const redis = await server();
    const { store } = await open({ url: `redis://${redis.address}` });
    await redis.ask('SET', 'n2o/g', 'no hash');
    await expect(put(store, 'a')).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: expect.stringContaining('WRONGTYPE'),
    });
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    await expect(store.commit([{ group: 'h', field: 'a', value }])).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: expect.stringContaining('OOM'),
    });
  });

  it.each([
    ['small', 1],
    ['large', 600],
  ])('that has become a replica is left, by a %s commit, for who took over', async (...given) => {
    const [, count] = given;
    const [former, next] = [await server(), await server()];
    const road = await startRoad(former.port);
    const { store } = await open({ url: `redis://127.0.0.1:${road.port}` });
    await former.ask('REPLICAOF', '127.0.0.1', `${next.port}`);
    road.lead(next.port);
    const changes = Array.from({ length: count }, (_, i) => ({ group: 'g', field: `${i}`, value }));
    await expect(store.commit(changes)).rejects.toMatchObject(UNAVAILABLE);
    await vi.waitFor(() => store.commit(changes), { timeout: 5_000 });
    expect(await next.ask('HLEN', 'n2o/g')).toBe(`${count}`);
  });

  it('keeps what is under a prefix apart from all else', async () => {
    const url = `redis://${shared.address}/4`;
    const [one, two] = await Promise.all([
      open({ url, prefix: 'one' }),
      open({ url, prefix: 'two' }),
    ]);
    await put(one.store, 'a');
    expect(await two.store.extent('g')).toBeUndefined();
    expect(await shared.ask('-n', '4', 'KEYS', '*')).toBe('one/g');
  });

  it('does not make what a broken connection had sent after what the next one says', async () => {
    const redis = await server();
    const road = await startRoad(redis.port);
    const { store } = await open({ url: `redis://127.0.0.1:${road.port}`, timeout: 300 });
    await put(store, 'a', 'first');
    const stuck = road.block();
    await expect(put(store, 'a', 'second')).rejects.toMatchObject(UNAVAILABLE);
    await vi.waitFor(() => put(store, 'a', 'third'), { timeout: 5_000 });
    await stuck.arrive();
    const [kept] = await store.get('g', ['a']);
    expect(String(kept)).toBe('third');
  });

  it('is reached over TLS by who trusts its certificate, and shows one itself', async () => {
    const authority = await createAuthority();
    onTestFinished(() => authority[Symbol.asyncDispose]());
    const [own, ours] = [await authority.issue('redis'), await authority.issue('n2o')];
    const port = await freePort();
    const redis = await startRedis({
      args: [
        ...['--tls-port', `${port}`, '--tls-cert-file', own.cert, '--tls-key-file', own.key],
        ...['--tls-ca-cert-file', authority.ca],
      ],
    });
    onTestFinished(() => redis[Symbol.asyncDispose]());
    const url = `rediss://localhost:${port}`;
    const { ca, cert, key } = await contentsOf({ ca: authority.ca, ...ours });
    const giveUp = new AbortController();
    const told: (N2OError | undefined)[] = [];
    const onState = (down: N2OError | undefined) => {
      told.push(down);
      giveUp.abort();
    };
    await expect(connectRedisStore({ url, onState, signal: giveUp.signal })).rejects.toMatchObject(
      UNAVAILABLE,
    );
    expect(told[0]?.message).toMatch(/certificate/);
    const { store } = await open({ url, tls: { ca, cert, key } });
    await put(store, 'a');
    expect((await store.extent('g'))?.count).toBe(1);
  });
});

/** A way to a server that can be blocked: what was sent on it stays on it until it arrives after all. */
async function startRoad(to: number) {
  let goal = to;
  let open: { near: Socket; far: Socket } | undefined;
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(goal, '127.0.0.1');
    open = { near, far };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    near.pipe(far);
    far.pipe(near);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = listener.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    port,
    /** Where it leads who comes from now on. */
    lead(port: number) {
      goal = port;
    },
    block() {
      const { near, far } = open as { near: Socket; far: Socket };
      const held: Buffer[] = [];
      near.unpipe(far);
      near.on('data', (chunk) => held.push(chunk)).resume();
      let isOver = false;
      far.on('close', () => {
        isOver = true;
      });
      return {
        /** Resolves when the server has read it, or has ended the connection. */
        async arrive() {
          if (isOver) return;
          expect(Buffer.concat(held).toString()).toContain('second');
          far.resume();
          far.write(Buffer.concat(held));
          await Promise.race([once(far, 'data'), once(far, 'close')]);
        },
      };
    },
  };
}
