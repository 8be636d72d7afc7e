/** What every store does, whatever it keeps things in. */
import { type Change, ORDERED, RANGE_BYTES, type Range, type Store } from '@n2o/shared';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

export interface Subject {
  /** Opens the store, with what it had kept when it is durable. */
  open(): Promise<Store>;
  /** Whether several may have it open at once. */
  readonly shared?: true;
  /** That the time of a group has come is seen only when it is removed, some seconds later. */
  readonly seesLater?: boolean;
}

const bytes = (text: string) => Buffer.from(text);
const put = (group: string, field: string, value: string): Change => ({
  group,
  field,
  value: bytes(value),
});
const remove = (group: string, field: string): Change => ({ group, field, value: undefined });
const drop = (group: string): Change => ({ group, drop: true });
const lifetime = (group: string, ms: number): Change => ({ group, lifetime: ms });

/** All of a group, as texts. */
async function contents(store: Store, group: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for await (const page of store.entries(group))
    for (const [field, value] of page) all[field] = Buffer.from(value).toString();
  return all;
}

/** The fields that a range has. */
async function fieldsOf(store: Store, group: string, range: Range): Promise<string[]> {
  return (await store.range(group, range)).map(([field]) => field);
}

async function textsOf(store: Store, group: string, ...fields: string[]) {
  const values = await store.get(group, fields);
  return values.map((value) => value && Buffer.from(value).toString());
}

export function conforms(name: string, subject: Subject): void {
  describe(`${name}, as every store,`, () => {
    let store: Store;
    let number = 0;
    /** The name of a group that no other test has. */
    const fresh = () => `{group ${number++}}`;

    beforeAll(async () => {
      store = await subject.open();
    });
    afterAll(async () => {
      await store.close();
    });

    it('has no group that nothing was put into', async () => {
      const group = fresh();
      expect(await store.get(group, ['a'])).toEqual([undefined]);
      expect(await store.extent(group)).toBeUndefined();
      expect(await contents(store, group)).toEqual({});
    });

    it('gives values in the order in which they are asked for', async () => {
      const group = fresh();
      await store.commit([put(group, 'a', '1'), put(group, 'b', '2')]);
      expect(await textsOf(store, group, 'b', 'c', 'a')).toEqual(['2', undefined, '1']);
      expect(await store.get(group, [])).toEqual([]);
    });

    it('sees all commits that were asked for before, in their order', async () => {
      const group = fresh();
      const commits = Array.from({ length: 100 }, (_, i) =>
        store.commit([put(group, 'last', `${i}`), put(group, `${i}`, '')]),
      );
      expect(await textsOf(store, group, 'last')).toEqual(['99']);
      expect((await store.extent(group))?.count).toBe(101);
      await Promise.all(commits);
    });

    it('makes the changes of one commit in their order', async () => {
      const [one, two] = [fresh(), fresh()];
      await store.commit([
        ...[put(one, 'a', '1'), put(two, 'a', '1'), put(one, 'a', '2'), remove(two, 'a')],
        ...[put(one, 'b', '1'), remove(one, 'b'), remove(one, 'c'), put(one, 'c', '1')],
      ]);
      expect(await contents(store, one)).toEqual({ a: '2', c: '1' });
      expect(await store.extent(two)).toBeUndefined();
    });

    it('drops a group with all in it, and keeps what is put after that', async () => {
      const group = fresh();
      await store.commit([put(group, 'a', '1'), put(group, 'b', '1')]);
      await store.commit([put(group, 'c', '1'), drop(group), put(group, 'd', '1')]);
      expect(await contents(store, group)).toEqual({ d: '1' });
      await store.commit([drop(group), drop(fresh())]);
      expect(await store.extent(group)).toBeUndefined();
    });

    it('is not harmed by a commit that is made again', async () => {
      const group = fresh();
      const changes = [drop(group), put(group, 'a', '1'), remove(group, 'b'), put(group, 'c', '2')];
      await store.commit(changes);
      await store.commit(changes);
      expect(await contents(store, group)).toEqual({ a: '1', c: '2' });
    });

    it('keeps every byte, and names as they are', async () => {
      const group = fresh();
      const value = Uint8Array.from({ length: 1024 }, (_, i) => i % 256);
      const inside = value.subarray(7, 300);
      const names = ['*', ' ', 'a:b/c', '{x}', 'ü', '漢字', '🙂', `${'n'.repeat(500)}`];
      await store.commit([
        ...names.map((field) => ({ group, field, value: inside })),
        { group, field: 'empty', value: new Uint8Array() },
      ]);
      for (const [i, kept] of (await store.get(group, names)).entries())
        expect(kept && Buffer.compare(kept, inside), names[i]).toBe(0);
      expect(Object.keys(await contents(store, group)).sort()).toEqual([...names, 'empty'].sort());
      expect((await store.get(group, ['empty']))[0]?.length).toBe(0);
    });

    it('tells groups apart whose names begin alike', async () => {
      const group = fresh();
      const near = [group, `${group}\u0001`, `${group}/a`, `${group}a`, `${group}é`];
      await store.commit(near.map((one, i) => put(one, 'a', `${i}`)));
      await store.commit([drop(group)]);
      const left = await Promise.all(near.map((one) => textsOf(store, one, 'a')));
      expect(left.flat()).toEqual([undefined, '1', '2', '3', '4']);
    });

    it('says what is first and last by their bytes in UTF-8, and how many there are', async () => {
      const group = fresh();
      const fields = ['b', 'a\u0001', '\uffee', '🙂', 'aa', 'Z'];
      await store.commit(fields.map((field) => put(group, field, '')));
      expect(await store.extent(group)).toEqual({ first: 'Z', last: '🙂', count: 6 });
      await store.commit([remove(group, 'Z'), remove(group, '🙂')]);
      expect(await store.extent(group)).toEqual({ first: 'a\u0001', last: '\uffee', count: 4 });
    });

    it('reads a group that is kept in order from either end, and on from where it was', async () => {
      const group = ORDERED + fresh();
      const sorted = ['', 'Z', 'a', 'a\u0001', 'aa', 'b', 'é', '\uffee', '🙂'];
      const mixed = [5, 2, 8, 0, 7, 1, 3, 6, 4].map((i) => sorted[i] as string);
      await store.commit(mixed.map((field) => put(group, field, `value of ${field}`)));
      const all = await store.range(group, { count: 100 });
      expect(all.map(([field]) => field)).toEqual(sorted);
      for (const [field, value] of all)
        expect(Buffer.from(value).toString()).toBe(`value of ${field}`);
      const backwards = [...sorted].reverse();
      expect(await fieldsOf(store, group, { count: 100, reverse: true })).toEqual(backwards);
      for (const [list, reverse] of [[sorted, false] as const, [backwards, true] as const]) {
        for (let i = 0; i < list.length; i++) {
          const range = { from: list[i], count: 2, reverse };
          expect(await fieldsOf(store, group, range)).toEqual(list.slice(i + 1, i + 3));
        }
      }
      const behind = { from: 'a\u0001x', count: 1 };
      expect(await fieldsOf(store, group, behind)).toEqual(['aa']);
      expect(await fieldsOf(store, group, { ...behind, reverse: true })).toEqual(['a\u0001']);
      for (const count of [0, -1]) expect(await fieldsOf(store, group, { count })).toEqual([]);
      expect(await fieldsOf(store, `${ORDERED}${fresh()}`, { count: 5 })).toEqual([]);
    });

    it('reads in order only what is kept in order', async () => {
      const group = fresh();
      await store.commit([put(group, 'a', '1')]);
      await expect(store.range(group, { count: 1 })).rejects.toMatchObject({
        code: 'N2O_STORE_ORDER',
      });
    });

    it('does with a group that is kept in order what it does with others', async () => {
      const group = ORDERED + fresh();
      const near = `${group}a`;
      await store.commit([put(near, 'n', '1'), put(group, 'a', '1'), put(group, 'b', '1')]);
      await store.commit([put(group, 'a', '2'), remove(group, 'b'), remove(group, 'none')]);
      expect(await contents(store, group)).toEqual({ a: '2' });
      await store.commit([put(group, 'aa', ''), put(group, 'b', '3')]);
      expect(await textsOf(store, group, 'b', 'none', 'aa', 'a')).toEqual([
        ...['3', undefined, '', '2'],
      ]);
      expect(await store.extent(group)).toEqual({ first: 'a', last: 'b', count: 3 });
      const value = Uint8Array.from({ length: 1024 }, (_, i) => i % 256).subarray(3, 900);
      await store.commit([drop(group), { group, field: 'c', value }]);
      const [[field, kept] = ['', bytes('')]] = await store.range(group, { count: 9 });
      expect(field).toBe('c');
      expect(Buffer.compare(kept, value)).toBe(0);
      await store.commit([remove(group, 'c')]);
      expect(await store.extent(group)).toBeUndefined();
      expect(await fieldsOf(store, near, { count: 9 })).toEqual(['n']);
      await store.commit([put(group, 'a', '1'), lifetime(group, 20)]);
      await vi.waitFor(async () => expect(await store.range(group, { count: 1 })).toEqual([]));
      await store.commit([put(group, 'z', '1')]);
      expect(await contents(store, group)).toEqual({ z: '1' });
    });

    it('sees in a range all commits that were asked for before', async () => {
      const group = ORDERED + fresh();
      const commits = Array.from({ length: 100 }, (_, i) => store.commit([put(group, `${i}`, '')]));
      const last = await fieldsOf(store, group, { count: 2, reverse: true });
      expect(last).toEqual(['99', '98']);
      await Promise.all(commits);
    });

    it('keeps out of a group in order, with all its changes, who has a lower epoch', async () => {
      const group = ORDERED + fresh();
      const fence = (epoch: number) => ({ name: group, epoch });
      await store.commit([put(group, 'a', '2'), put(group, 'b', '2')], fence(2));
      const late = [put(group, 'a', '1'), remove(group, 'b'), put(group, 'c', '1')];
      await expect(store.commit(late, fence(1))).rejects.toMatchObject({
        code: 'N2O_STORE_FENCED',
      });
      expect(await contents(store, group)).toEqual({ a: '2', b: '2' });
    });

    it('returns no more of a range than there should be in memory, but at least one', async () => {
      const group = ORDERED + fresh();
      const value = Buffer.alloc(RANGE_BYTES / 100 + 1);
      for (let i = 100; i < 250; i++) void store.commit([{ group, field: `${i}`, value }]);
      let from: string | undefined;
      const seen: string[] = [];
      for (;;) {
        const fields = await fieldsOf(store, group, { from, count: 1_000 });
        if (fields.length === 0) break;
        expect(fields.length).toBeLessThanOrEqual(100);
        seen.push(...fields);
        from = fields.at(-1);
      }
      expect(seen).toEqual(Array.from({ length: 150 }, (_, i) => `${100 + i}`));
      await store.commit([drop(group)]);
    });

    it('keeps thousands of fields in order, wherever they are put and whichever are removed', async () => {
      const group = ORDERED + fresh();
      const total = 5_000;
      const name = (i: number) => `${(i * 7_919) % total}`.padStart(8, '0');
      const numbers = Array.from({ length: total }, (_, i) => i);
      await store.commit(numbers.map((i) => put(group, name(i), '')));
      await store.commit(numbers.filter((i) => i % 3 === 0).map((i) => remove(group, name(i))));
      const left = numbers
        .filter((i) => i % 3 !== 0)
        .map(name)
        .sort();
      const seen: string[] = [];
      for (let count = 1_000; seen.length < left.length; ) {
        const page = await fieldsOf(store, group, { from: seen.at(-1), count });
        if (page.length === 0) break;
        seen.push(...page);
        count = 3_000;
      }
      expect(seen).toEqual(left);
      const last = await fieldsOf(store, group, { count: 1_500, reverse: true });
      expect(last).toEqual(left.slice(-1_500).reverse());
      expect(await store.extent(group)).toEqual({
        ...{ first: left[0], last: left.at(-1), count: left.length },
      });
      const all: string[] = [];
      for await (const page of store.entries(group)) all.push(...page.map(([field]) => field));
      expect(all.sort()).toEqual(left);
    });

    it('removes a group when its time has come, and begins anew with what is put then', async () => {
      const group = fresh();
      await store.commit([put(group, 'a', '1'), lifetime(group, 20)]);
      await vi.waitFor(async () => expect(await store.get(group, ['a'])).toEqual([undefined]), {
        timeout: subject.seesLater ? 10_000 : 1_000,
      });
      expect(await store.extent(group)).toBeUndefined();
      expect(await contents(store, group)).toEqual({});
      await store.commit([put(group, 'b', '2')]);
      expect(await contents(store, group)).toEqual({ b: '2' });
    });

    it('keeps a group whose time is set again, taken away, or dropped with what was in it', async () => {
      const [again, never, dropped, short] = [fresh(), fresh(), fresh(), fresh()];
      const all = [again, never, dropped, short];
      await store.commit(all.flatMap((group) => [put(group, 'a', '1'), lifetime(group, 500)]));
      await store.commit([lifetime(again, 60_000), lifetime(never, Number.POSITIVE_INFINITY)]);
      await store.commit([drop(dropped), put(dropped, 'b', '1')]);
      await vi.waitFor(async () => expect(await store.extent(short)).toBeUndefined(), 10_000);
      const counts = await Promise.all(all.map(async (one) => (await store.extent(one))?.count));
      expect(counts).toEqual([1, 1, 1, undefined]);
    });

    it('takes every number for a time: up to 0 it is over at once, beyond all sense it is for ever', async () => {
      const { MAX_SAFE_INTEGER, MAX_VALUE, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
      for (const ms of [2 ** 31, MAX_SAFE_INTEGER, 1e19, MAX_VALUE, POSITIVE_INFINITY]) {
        const group = fresh();
        await store.commit([put(group, 'a', '1'), lifetime(group, ms)]);
        expect(await contents(store, group), `${ms}`).toEqual({ a: '1' });
      }
      for (const ms of [0, -1, -MAX_VALUE, NEGATIVE_INFINITY]) {
        const group = fresh();
        // What comes while the first one is made is made together.
        const first = store.commit([put(fresh(), 'a', '1')]);
        const ended = store.commit([put(group, 'a', '1'), lifetime(group, ms)]);
        const anew = store.commit([put(group, 'b', '2')]);
        expect(await contents(store, group), `${ms}`).toEqual({ b: '2' });
        await Promise.all([first, ended, anew]);
      }
    });

    it('keeps out, with all its changes, who has a lower epoch than the highest', async () => {
      const group = fresh();
      const fence = (epoch: number) => ({ name: group, epoch });
      await store.commit([put(group, 'a', '2')], fence(2));
      await store.commit([put(group, 'b', '2')], fence(2));
      await store.commit([], fence(4));
      const late = [put(group, 'a', '3'), remove(group, 'b'), drop(group)];
      await expect(store.commit(late, fence(3))).rejects.toMatchObject({
        code: 'N2O_STORE_FENCED',
      });
      expect(await contents(store, group)).toEqual({ a: '2', b: '2' });
      await store.commit([put(group, 'a', '4')], fence(4));
      expect(await textsOf(store, group, 'a')).toEqual(['4']);
    });

    it('lets nobody in behind a higher epoch, however they come at once', async () => {
      const group = fresh();
      const other = subject.shared ? await subject.open() : store;
      const rivals = [store, other];
      const results = await Promise.allSettled(
        Array.from({ length: 100 }, (_, i) => {
          const epoch = 1 + ((i * 37) % 100);
          const rival = rivals[i % 2] as Store;
          return rival.commit([put(group, 'epoch', `${epoch}`)], { name: group, epoch });
        }),
      );
      if (other !== store) await other.close();
      expect(await textsOf(store, group, 'epoch')).toEqual(['100']);
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      for (const { reason } of refused) expect(reason.code).toBe('N2O_STORE_FENCED');
    });

    it('has a group of 100,000 fields without holding up its process', async () => {
      const group = fresh();
      const total = 100_000;
      const value = Buffer.alloc(100, 'x');
      const name = (i: number) => `${i}`.padStart(8, '0');
      await store.commit(
        Array.from({ length: total }, (_, i) => ({ group, field: name(i), value })),
      );
      expect(await store.extent(group)).toEqual({
        first: name(0),
        last: name(total - 1),
        count: total,
      });
      const seen = new Set<string>();
      let largest = 0;
      for await (const page of store.entries(group)) {
        largest = Math.max(largest, page.length);
        for (const [field] of page) seen.add(field);
      }
      expect(seen.size).toBe(total);
      expect(largest).toBeLessThanOrEqual(2_000);
      const some = Array.from({ length: 5_000 }, (_, i) => name(i * 20));
      const values = await store.get(group, some);
      expect(values.filter((one) => one?.length === 100).length).toBe(some.length);
      await store.commit([drop(group)]);
      expect(await store.extent(group)).toBeUndefined();
    });

    it('ends with what the changes say, whatever they are and however they are cut into commits', async () => {
      const change = fc.tuple(
        fc.constantFrom('put', 'put', 'put', 'remove', 'remove', 'drop'),
        fc.nat(2),
        fc.nat(4),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 8 }),
          async (plan) => {
            const groups = [fresh(), ORDERED + fresh(), fresh()] as const;
            const wanted: Record<string, string>[] = [{}, {}, {}];
            let value = 0;
            const commits = plan.map((part) =>
              store.commit(
                part.map(([what, index, number]): Change => {
                  const group = groups[index] as string;
                  const field = `f${number}`;
                  if (what === 'drop') {
                    wanted[index] = {};
                    return drop(group);
                  }
                  const { [field]: _, ...rest } = wanted[index] as Record<string, string>;
                  wanted[index] = rest;
                  if (what === 'remove') return remove(group, field);
                  wanted[index] = { ...rest, [field]: `${++value}` };
                  return put(group, field, `${value}`);
                }),
              ),
            );
            const found = await Promise.all(groups.map((group) => contents(store, group)));
            expect(found).toEqual(wanted);
            await Promise.all(commits);
          },
        ),
        { numRuns: 40 },
      );
    });

    it('lets what was asked for end when it is closed, and takes nothing afterwards', async () => {
      const group = fresh();
      const last = Promise.all([1, 2, 3].map((i) => store.commit([put(group, `${i}`, 'x')])));
      await Promise.all([store.close(), store.close()]);
      await last;
      await expect(store.commit([put(group, '4', 'x')])).rejects.toMatchObject({
        code: 'N2O_STORE_UNAVAILABLE',
      });
      const wasDurable = store.durable;
      store = await subject.open();
      expect((await store.extent(group))?.count).toBe(wasDurable ? 3 : undefined);
    });

    it('knows times and epochs after it was opened again', async () => {
      if (!store.durable) return expect(store.durable).toBe(false);
      const name = fresh();
      const [short, long] = [`${name}/short`, `${name}/long`];
      await store.commit([put(short, 'a', '1'), put(long, 'a', '1')], { name, epoch: 7 });
      await store.commit([lifetime(short, 20), lifetime(long, 60_000)]);
      await store.close();
      store = await subject.open();
      await vi.waitFor(async () => expect(await store.extent(short)).toBeUndefined());
      expect(await textsOf(store, long, 'a')).toEqual(['1']);
      await expect(store.commit([], { name, epoch: 6 })).rejects.toMatchObject({
        code: 'N2O_STORE_FENCED',
      });
    });
  });
}
