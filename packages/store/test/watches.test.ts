import { expect, it, vi } from 'vitest';
import { Watches } from '../src/watches.ts';

it('are told of the next change of their group, once', () => {
  const watches = new Watches();
  const [first, second, other] = [vi.fn(), vi.fn(), vi.fn()];
  watches.add('a', first);
  watches.add('a', second);
  watches.add('b', other);
  watches.before([{ group: 'a', drop: true }]);
  watches.before([{ group: 'a', drop: true }]);
  expect([first, second, other].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0]);
  expect(watches.size).toBe(1);
});

it('are told when too many watch one group', () => {
  const watches = new Watches();
  const told = vi.fn();
  for (let i = 0; i < 64; i++) watches.add('a', told);
  expect(told).not.toHaveBeenCalled();
  watches.add('a', told);
  expect(told).toHaveBeenCalledTimes(64);
});

it('are no more than so many: those of the oldest group are told that it may have changed', () => {
  const watches = new Watches(2);
  const told: string[] = [];
  for (const group of ['a', 'b', 'b', 'c']) watches.add(group, () => told.push(group));
  expect(told).toEqual(['a', 'b', 'b']);
  expect(watches.size).toBe(1);
});

it('are all told when anything may have changed', () => {
  const watches = new Watches();
  const told: string[] = [];
  for (const group of ['a', 'b', 'b']) watches.add(group, () => told.push(group));
  watches.tellAll();
  expect(told).toEqual(['a', 'b', 'b']);
  expect(watches.size).toBe(0);
});
