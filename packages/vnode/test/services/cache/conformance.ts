/** What every cache does, whatever it keeps things in. */
import type { Cache } from '@n2o/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

export interface CacheSettings {
  readonly ttl: number;
  readonly entries: number;
}

/** @param create makes one whose clock is `Date.now` and whose timers are those of the platform */
export function conforms(name: string, create: (settings: CacheSettings) => Cache): void {
  describe(`${name}, as every cache,`, () => {
    let cache: Cache;
    beforeEach(() => {
      vi.useFakeTimers();
      cache = create({ ttl: 60_000, entries: 100 });
    });
    afterEach(() => {
      cache.close();
      vi.useRealTimers();
    });

    it('gives what was set, in its own table, and any value as it is', () => {
      const [one, two] = [cache.table('one'), cache.table('two')];
      const value = { a: [1] };
      one.set('a', value);
      two.set('a', null);
      two.set('__proto__', 0);
      expect(one.get('a')).toBe(value);
      expect(two.get('a')).toBeNull();
      expect(two.get('__proto__')).toBe(0);
      expect(one.get('b')).toBeUndefined();
      expect([one.size, two.size, cache.table('three').size]).toEqual([1, 2, 0]);
      expect(cache.table('one').get('a')).toBe(value);
    });

    it('replaces, deletes and clears', () => {
      const [one, two] = [cache.table('one'), cache.table('two')];
      for (const table of [one, two]) for (const key of ['a', 'b', 'c']) table.set(key, key);
      one.set('a', 'new');
      expect(one.get('a')).toBe('new');
      expect(one.delete('a')).toBe(true);
      expect(one.delete('a')).toBe(false);
      expect([one.get('a'), one.size]).toEqual([undefined, 2]);
      one.clear();
      expect([one.get('b'), one.size, two.size]).toEqual([undefined, 0, 3]);
      one.set('b', 'again');
      expect(cache.table('one').get('b')).toBe('again');
    });

    it('lets go of an entry when its time is over, not before', () => {
      const table = cache.table('t');
      table.set('default', 1);
      table.set('short', 2, 1_500);
      table.set('ever', 3, Number.POSITIVE_INFINITY);
      table.set('none', 4, 0);
      table.set('ever so short', 5, Number.NaN);
      vi.advanceTimersByTime(1_499);
      expect([table.get('short'), table.size]).toEqual([2, 3]);
      vi.advanceTimersByTime(1);
      expect([table.get('short'), table.delete('short'), table.size]).toEqual([
        ...[undefined, false, 2],
      ]);
      vi.advanceTimersByTime(58_499);
      expect(table.get('default')).toBe(1);
      vi.advanceTimersByTime(1);
      expect([table.get('default'), table.size]).toEqual([undefined, 1]);
      vi.advanceTimersByTime(1e12);
      expect(table.get('ever')).toBe(3);
    });

    it('begins the time of an entry anew when it is set, not when it is read', () => {
      const table = cache.table('t');
      table.set('a', 1, 2_000);
      vi.advanceTimersByTime(1_500);
      expect(table.get('a')).toBe(1);
      table.set('a', 2, 2_000);
      vi.advanceTimersByTime(1_999);
      expect(table.get('a')).toBe(2);
      vi.advanceTimersByTime(1);
      expect(table.get('a')).toBeUndefined();
    });

    it('counts what is there, however much of it has ended meanwhile', () => {
      const table = cache.table('t');
      const start = Date.now();
      for (let i = 0; i < 100; i++) table.set(`${i}`, i, 100 * (i + 1));
      for (const ms of [99, 100, 1_050, 9_900, 10_000]) {
        vi.setSystemTime(start + ms);
        expect(table.size).toBe(100 - Math.floor(ms / 100));
      }
    });

    it('has room for so many entries, of all tables, and gives up what was longest not used', () => {
      const [one, two] = [cache.table('one'), cache.table('two')];
      for (let i = 0; i < 60; i++) one.set(`${i}`, i);
      for (let i = 0; i < 40; i++) two.set(`${i}`, i);
      expect(one.get('0')).toBe(0);
      one.set('1', 'set anew');
      two.set('more', 1);
      two.set('and more', 1);
      expect([one.get('0'), one.get('1')]).toEqual([0, 'set anew']);
      expect([one.get('2'), one.get('3')]).toEqual([undefined, undefined]);
      expect(one.size + two.size).toBe(100);
      for (let i = 0; i < 1_000; i++) cache.table(`t${i}`).set('a', i);
      expect([one.size, two.size]).toEqual([0, 0]);
      expect(cache.table('t899').get('a')).toBeUndefined();
      expect(cache.table('t900').get('a')).toBe(900);
    });

    it('forgets all when it is closed, leaves no timer, and keeps nothing afterwards', () => {
      const table = cache.table('t');
      table.set('a', 1);
      cache.close();
      cache.close();
      table.set('b', 1);
      expect([table.get('a'), table.get('b'), table.size]).toEqual([undefined, undefined, 0]);
      expect(vi.getTimerCount()).toBe(0);
    });
  });
}
