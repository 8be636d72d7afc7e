/** What every key-value store does, whatever it keeps things in. */
import {
  atom,
  type Entry,
  ErrorFrame,
  type Feed,
  Float,
  Io,
  type Kvs,
  type TakeOptions,
  tuple,
} from '@n2o/shared';
import { describe, expect, it } from 'vitest';

/** @param open gives one with nothing in it, or one where no test has used these names before */
export function conforms(name: string, open: () => Promise<Kvs>): void {
  describe(`${name}, as every key-value store,`, () => {
    it('has nothing that was not put', async () => {
      const kvs = await open();
      expect(await kvs.get('none', 'a')).toBeUndefined();
      expect(await listOf(kvs.all('none'))).toEqual([]);
      await kvs.delete('none', 'a');
      const feed = kvs.feed('none');
      expect(await feed.take()).toEqual({ entries: [], next: undefined });
      expect(await feed.count()).toBe(0);
      expect(await feed.get('a')).toBeUndefined();
      await feed.remove('a');
    });

    it('gives back every value as it was', async () => {
      const kvs = await open();
      for (const [i, value] of VALUES.entries()) {
        await kvs.put('values', `${i}`, value);
        expect(await kvs.get('values', `${i}`), `number ${i}`).toStrictEqual(value);
      }
      const feed = kvs.feed('values');
      for (const value of VALUES) await feed.append(value);
      const { entries } = await feed.take({ count: 100, order: 'oldest' });
      expect(entries.map(({ value }) => value)).toStrictEqual(VALUES);
    });

    it('replaces and deletes, each key of each table by itself', async () => {
      const kvs = await open();
      for (const table of ['one', 'one/a', 'o', 'one ']) {
        for (const key of ['a', 'b', 'a/b', '🙂']) await kvs.put(table, key, `${table}.${key}`);
      }
      await kvs.put('one', 'a', 'another');
      await kvs.delete('one', 'b');
      expect(await kvs.get('one', 'a')).toBe('another');
      expect(await kvs.get('one', 'b')).toBeUndefined();
      expect(await kvs.get('one/a', 'b')).toBe('one/a.b');
      expect(await listOf(kvs.all('one'))).toEqual([
        { key: 'a', value: 'another' },
        { key: 'a/b', value: 'one.a/b' },
        { key: '🙂', value: 'one.🙂' },
      ]);
    });

    it('gives all of a large table in the order of its keys', async () => {
      const kvs = await open();
      const keys = Array.from({ length: 1_234 }, (_, i) => `${(i * 789) % 1_234}`.padStart(4, '0'));
      await Promise.all(keys.map((key) => kvs.put('large', key, { key })));
      const all = await listOf(kvs.all<{ key: string }>('large'));
      expect(all.map(({ key }) => key)).toEqual([...keys].sort());
      for (const { key, value } of all) expect(value.key).toBe(key);
    });

    it('gives a feed in pages from either end, and on from where the last one ended', async () => {
      const feed = (await open()).feed<number>('paged');
      const numbers = Array.from({ length: 50 }, (_, i) => i);
      const ids = await Promise.all(numbers.map((number) => feed.append(number)));
      expect(ids).toEqual([...ids].sort());
      expect(new Set(ids).size).toBe(50);
      expect(await pagesOf(feed, { count: 20 })).toEqual([
        numbers.slice(30).reverse(),
        numbers.slice(10, 30).reverse(),
        numbers.slice(0, 10).reverse(),
      ]);
      expect(await pagesOf(feed, { count: 25, order: 'oldest' })).toEqual([
        numbers.slice(0, 25),
        numbers.slice(25),
      ]);
      const { entries } = await feed.take();
      expect(entries.map(({ key }) => key)).toEqual(ids.slice(30).reverse());
      expect((await feed.take({ count: 0 })).entries.length).toBe(1);
      expect((await feed.take({ count: 1e9 })).entries.length).toBe(50);
    });

    it('goes on in a feed that is appended to and removed from between its pages', async () => {
      const feed = (await open()).feed<string>('changed');
      const ids: string[] = [];
      for (const value of ['a', 'b', 'c', 'd']) ids.push(await feed.append(value));
      const first = await feed.take({ count: 2 });
      expect(valuesOf(first)).toEqual(['d', 'c']);
      await feed.append('e');
      await feed.remove(ids[2] as string);
      expect(await feed.get(ids[2] as string)).toBeUndefined();
      expect(await feed.get(ids[3] as string)).toBe('d');
      expect(await feed.count()).toBe(4);
      const second = await feed.take({ from: first.next });
      expect(valuesOf(second)).toEqual(['b', 'a']);
      expect(second.next).toBeUndefined();
    });

    it('gives large values in smaller pages', async () => {
      const feed = (await open()).feed<Uint8Array>('heavy');
      for (let i = 0; i < 6; i++) await feed.append(new Uint8Array(500_000).fill(i));
      const page = await feed.take({ count: 6, order: 'oldest' });
      expect(page.next).toBe(page.entries.at(-1)?.key);
      const pages = await pagesOf(feed, { count: 6, order: 'oldest' });
      expect(pages.flat().map((value) => value[0])).toEqual([0, 1, 2, 3, 4, 5]);
    });

    it('refuses values that it cannot keep, and keeps what was there', async () => {
      const kvs = await open();
      await kvs.put('kept', 'a', 1);
      const circle: unknown[] = [];
      circle.push(circle);
      for (const value of [undefined, () => {}, Symbol('a'), Number.NaN, circle]) {
        const refused = { code: 'N2O_FORMAT_ENCODE' };
        await expect(kvs.put('kept', 'a', value)).rejects.toMatchObject(refused);
        await expect(kvs.feed('kept').append(value)).rejects.toMatchObject(refused);
      }
      for (const value of ['x'.repeat(1_048_576), new Uint8Array(1_048_576)]) {
        const refused = { code: 'N2O_KVS_LIMIT' };
        await expect(kvs.put('kept', 'a', value)).rejects.toMatchObject(refused);
        await expect(kvs.feed('kept').append(value)).rejects.toMatchObject(refused);
      }
      expect(await kvs.get('kept', 'a')).toBe(1);
      expect(await kvs.feed('kept').count()).toBe(0);
    });

    it('refuses names that it cannot keep', async () => {
      const kvs = await open();
      const refused = { code: 'N2O_KVS_NAME' };
      for (const bad of ['', 'a\0b', '\ud800', 'x'.repeat(513), 7 as unknown as string]) {
        await expect(kvs.get(bad, 'a')).rejects.toMatchObject(refused);
        await expect(kvs.get('a', bad)).rejects.toMatchObject(refused);
        await expect(kvs.put('a', bad, 1)).rejects.toMatchObject(refused);
        await expect(kvs.delete(bad, 'a')).rejects.toMatchObject(refused);
        expect(() => kvs.all(bad)).toThrow(expect.objectContaining(refused));
        expect(() => kvs.feed(bad)).toThrow(expect.objectContaining(refused));
        await expect(kvs.feed('a').take({ from: bad })).rejects.toMatchObject(refused);
        await expect(kvs.feed('a').get(bad)).rejects.toMatchObject(refused);
      }
    });
  });
}

const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1.5, -0, 'text', '', 'ü 漢 🙂', '\ud800', [], {}],
  { name: 'io', eval: 'x', data: 1 },
  { t: 131, v: { t: 100, v: 'a' } },
  { error: { code: 'x', message: 'y' } },
  [1, [2, { a: [null] }]],
  ...[atom('ok'), tuple(atom('user'), 'name', [tuple()]), new Float(1), 2n ** 80n, -(2n ** 70n)],
  new Map<unknown, unknown>([
    [atom('a'), 1],
    ['b', new Map([[1, tuple(2)]])],
  ]),
  ...[new Uint8Array(), Uint8Array.of(0, 255, 131, 7), { at: Uint8Array.of(0, 200) }],
  ...[new Io(Uint8Array.of(97), Uint8Array.of(98)), new ErrorFrame('N2O_X', 'text')],
  Array.from({ length: 150_000 }, () => 1),
];

async function listOf<Value>(all: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = [];
  for await (const one of all) list.push(one);
  return list;
}

function valuesOf<Value>({ entries }: { readonly entries: readonly Entry<Value>[] }): Value[] {
  return entries.map(({ value }) => value);
}

/** The values of all pages. */
async function pagesOf<Value>(feed: Feed<Value>, options: TakeOptions): Promise<Value[][]> {
  const pages: Value[][] = [];
  for (let from: string | undefined; ; ) {
    const page = await feed.take({ ...options, from });
    pages.push(valuesOf(page));
    from = page.next;
    if (from === undefined) return pages;
  }
}
