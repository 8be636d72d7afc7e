import { type Change, type Fence, N2OError, type Store } from '@n2o/shared';
import { describe, expect, it, vi } from 'vitest';
import { startRedis } from '../../../test/support/redis.ts';
import { Journal } from '../src/journal.ts';
import { createMemoryStore } from '../src/memory.ts';
import { connectRedisStore } from '../src/redis/store.ts';

const value = Buffer.from('x');
const turn = () => new Promise<void>((done) => setImmediate(done));

/** A memory whose commits end when, and as, the test says. */
function heldStore() {
  const memory = createMemoryStore();
  const asked: { changes: readonly Change[]; fence: Fence | undefined }[] = [];
  const open: { keep(): Promise<void>; refuse(code: N2OError['code']): void }[] = [];
  const store: Store = {
    ...{ durable: false, get: memory.get.bind(memory), extent: memory.extent.bind(memory) },
    ...{ entries: memory.entries.bind(memory), range: memory.range.bind(memory) },
    close: memory.close.bind(memory),
    [Symbol.asyncDispose]: () => memory.close(),
    commit(changes, fence) {
      asked.push({ changes, fence });
      return new Promise((resolve, reject) => {
        open.push({
          async keep() {
            await memory.commit(changes);
            resolve();
            await turn();
          },
          refuse: (code) => reject(new N2OError(code)),
        });
      });
    },
  };
  const next = async () => {
    await vi.waitFor(() => expect(open.length).toBeGreaterThan(0));
    return open.shift() as (typeof open)[number];
  };
  return { store, asked, next };
}

/** The changes of a commit, for readers. */
function linesOf(commit: { changes: readonly Change[] } | undefined): string[] {
  return (commit?.changes ?? []).map((change) => {
    if ('drop' in change) return `drop ${change.group}`;
    if ('lifetime' in change) return `${change.group} for ${change.lifetime} ms`;
    return `${change.value ? 'put' : 'remove'} ${change.group}.${change.field}`;
  });
}

describe('a journal', () => {
  it('makes one commit of the changes of a turn, and one of those that come while it is under way', async () => {
    const { store, asked, next } = heldStore();
    const journal = new Journal({ store, fence: { name: 'f', epoch: 1 } });
    journal.put('g', 'a', value);
    journal.put('g', 'b', value);
    const first = await next();
    journal.put('g', 'c', value);
    await turn();
    journal.put('h', 'a', value);
    await turn();
    expect(asked.map(linesOf)).toEqual([['put g.a', 'put g.b']]);
    await first.keep();
    await (await next()).keep();
    expect(asked.map(linesOf)).toEqual([
      ['put g.a', 'put g.b'],
      ['put g.c', 'put h.a'],
    ]);
    expect(asked[0]?.fence).toEqual({ name: 'f', epoch: 1 });
  });

  it('writes what is asked for last of what is asked for twice', async () => {
    const { store, asked, next } = heldStore();
    const journal = new Journal({ store });
    journal.put('g', 'a', Buffer.from('old'));
    journal.put('g', 'a', Buffer.from('new'));
    journal.put('g', 'b', value);
    journal.remove('g', 'b');
    journal.remove('g', 'c');
    journal.put('g', 'c', value);
    journal.lifetime('g', 10);
    journal.lifetime('g', 20);
    await (await next()).keep();
    expect(linesOf(asked[0])).toEqual(['put g.a', 'remove g.b', 'put g.c', 'g for 20 ms']);
    expect(await store.get('g', ['a'])).toEqual([Buffer.from('new')]);
  });

  it('forgets what was to be in a group that is dropped, and keeps what comes after', async () => {
    const { store, asked, next } = heldStore();
    const journal = new Journal({ store });
    journal.put('g', 'a', value);
    journal.lifetime('g', 10);
    journal.drop('g');
    journal.put('g', 'b', value);
    journal.put('g', 'c', value);
    journal.remove('g', 'c');
    journal.remove('g', 'd');
    await (await next()).keep();
    expect(linesOf(asked[0])).toEqual(['drop g', 'put g.b']);
  });

  it('writes nothing of what was added and removed before it was under way', async () => {
    const { store, asked, next } = heldStore();
    const journal = new Journal({ store });
    const called: string[] = [];
    journal.add('g', 'a', value);
    journal.kept(() => called.push('a'));
    journal.remove('g', 'a');
    expect(journal.bytes).toBe(0);
    await journal.settled();
    expect(called).toEqual(['a']);
    expect(asked).toEqual([]);
    journal.add('g', 'b', value);
    const first = await next();
    journal.remove('g', 'b');
    journal.add('g', 'c', value);
    await first.keep();
    await (await next()).keep();
    expect(linesOf(asked[1])).toEqual(['remove g.b', 'put g.c']);
  });

  it('says at once that all is kept when nothing is open, else when it is, in the order of asking', async () => {
    const { store, next } = heldStore();
    const journal = new Journal({ store });
    const called: number[] = [];
    journal.kept(() => called.push(0));
    expect(called).toEqual([0]);
    journal.put('g', 'a', value);
    journal.kept(() => called.push(1));
    const first = await next();
    journal.kept(() => called.push(2));
    journal.put('g', 'b', value);
    journal.kept(() => called.push(3));
    await turn();
    expect(called).toEqual([0]);
    await first.keep();
    expect(called).toEqual([0, 1, 2]);
    await (await next()).keep();
    expect(called).toEqual([0, 1, 2, 3]);
  });

  it('knows how much is open, and when that is too much', async () => {
    const { store, next } = heldStore();
    const journal = new Journal({ store, limit: 10_000 });
    journal.put('g', 'a', Buffer.alloc(6_000));
    const first = await next();
    expect(journal.bytes).toBeGreaterThan(6_000);
    expect(journal.isFull).toBe(false);
    journal.put('g', 'b', Buffer.alloc(6_000));
    expect(journal.isFull).toBe(true);
    journal.put('g', 'b', Buffer.alloc(1));
    expect(journal.isFull).toBe(false);
    await first.keep();
    await (await next()).keep();
    expect(journal.bytes).toBe(0);
  });

  it('tries the same commit until the store takes it, and says when it does not and does again', async () => {
    const { store, asked, next } = heldStore();
    const states: (string | undefined)[] = [];
    const journal = new Journal({ store, onState: (down) => states.push(down?.code) });
    journal.put('g', 'a', value);
    (await next()).refuse('N2O_STORE_UNAVAILABLE');
    await vi.waitFor(() => expect(journal.down).toBe(true));
    journal.remove('g', 'a');
    (await next()).refuse('N2O_STORE_UNAVAILABLE');
    await (await next()).keep();
    expect(journal.down).toBe(false);
    expect(states).toEqual(['N2O_STORE_UNAVAILABLE', undefined]);
    await (await next()).keep();
    expect(asked.map(linesOf)).toEqual([['put g.a'], ['put g.a'], ['put g.a'], ['remove g.a']]);
  });

  it('is over when another owner has taken over: nobody who waits is told that anything is kept', async () => {
    const { store, asked, next } = heldStore();
    const states: (string | undefined)[] = [];
    const journal = new Journal({ store, onState: (down) => states.push(down?.code) });
    const called: string[] = [];
    journal.put('g', 'a', value);
    journal.kept(() => called.push('a'));
    const settled = expect(journal.settled()).rejects.toMatchObject({ code: 'N2O_STORE_FENCED' });
    (await next()).refuse('N2O_STORE_FENCED');
    await settled;
    journal.put('g', 'b', value);
    journal.kept(() => called.push('b'));
    await turn();
    expect(called).toEqual([]);
    expect(asked.length).toBe(1);
    expect(journal).toMatchObject({ bytes: 0, down: true });
    expect(states).toEqual(['N2O_STORE_FENCED']);
    await expect(journal.close()).rejects.toMatchObject({ code: 'N2O_STORE_FENCED' });
  });

  it('keeps what is open when it is closed, and takes no more', async () => {
    const { store, asked, next } = heldStore();
    const journal = new Journal({ store });
    journal.put('g', 'a', value);
    const closing = journal.close();
    await (await next()).keep();
    await closing;
    journal.put('g', 'b', value);
    await turn();
    expect(asked.length).toBe(1);
    await journal.close();
  });

  it('does not wait, when it is closed, for a store that does not answer', async () => {
    const { store, next } = heldStore();
    const journal = new Journal({ store });
    journal.put('g', 'a', value);
    (await next()).refuse('N2O_STORE_UNAVAILABLE');
    await vi.waitFor(() => expect(journal.down).toBe(true));
    const closing = expect(journal.close()).rejects.toMatchObject({
      code: 'N2O_STORE_UNAVAILABLE',
    });
    (await next()).refuse('N2O_STORE_UNAVAILABLE');
    await closing;
  });

  it('loses and swaps nothing while its Redis is killed and started again under load', async () => {
    await using redis = await startRedis({
      args: ['--appendonly', 'yes', '--appendfsync', 'always'],
    });
    await using store = await connectRedisStore({ url: `redis://${redis.address}` });
    const journal = new Journal({ store });
    const total = 30_000;
    const kills = new Set([5_000, 12_000, 20_000]);
    const confirmed: number[] = [];
    for (let i = 0; i < total; i++) {
      journal.put('log', `${i}`.padStart(6, '0'), Buffer.from(`${i}`));
      journal.put('state', 'last', Buffer.from(`${i}`));
      journal.kept(() => confirmed.push(i));
      if (i % 100 === 0) await turn();
      if (!kills.has(i)) continue;
      await redis.kill();
      const promised = confirmed.at(-1) ?? -1;
      await redis.start();
      expect(Number(await redis.ask('HGET', 'n2o/state', 'last'))).toBeGreaterThanOrEqual(promised);
      expect(Number(await redis.ask('HLEN', 'n2o/log'))).toBeGreaterThan(promised);
    }
    await journal.settled();
    expect(confirmed).toEqual(Array.from({ length: total }, (_, i) => i));
    expect(await store.extent('log')).toEqual({ first: '000000', last: '029999', count: total });
    expect(String((await store.get('state', ['last']))[0])).toBe(`${total - 1}`);
  });
});
