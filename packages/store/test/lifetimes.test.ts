import { expect, it, onTestFinished } from 'vitest';
import { Lifetimes } from '../src/lifetimes.ts';

it('lifetimes are looked at once each until all were, however many groups are over or are not', () => {
  const lifetimes = new Lifetimes(() => {});
  onTestFinished(() => lifetimes.close());
  const isLong = (i: number) => i % 2 === 0;
  for (let i = 0; i < 1_000; i++) lifetimes.set(`${i}`, isLong(i) ? Date.now() + 60_000 : 0);
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let over = lifetimes.over(); over.length > 0; over = lifetimes.over()) {
    sizes.push(over.length);
    seen.push(...over);
    if (sizes.length === 3) break;
  }
  expect(sizes).toEqual([200, 200, 100]);
  expect(new Set(seen).size).toBe(500);
  expect(seen.some((name) => isLong(Number(name)))).toBe(false);
  for (const group of seen) lifetimes.set(group, Number.POSITIVE_INFINITY);
  expect(lifetimes.over()).toEqual([]);
});
