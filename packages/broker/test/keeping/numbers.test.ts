import { expect, it } from 'vitest';
import { Numbers } from '../../src/keeping/numbers.ts';

const messages = (...numbers: number[]) => numbers.map((number) => ({ number }));

/** All that are in the queue, which is empty then. */
function drain(numbers: Numbers): number[] {
  const taken: number[] = [];
  while (!numbers.isEmpty) taken.push(numbers.shift());
  return taken;
}

it('follow each other', () => {
  const numbers = new Numbers();
  expect([numbers.pass(), numbers.pass()]).toEqual([1, 2]);
  expect(numbers.isEmpty).toBe(true);
  expect([numbers.append(), numbers.append()]).toEqual([3, 4]);
  expect([numbers.first, numbers.next]).toEqual([3, 5]);
  expect(drain(numbers)).toEqual([3, 4]);
});

it('have the gaps of what was in memory before, each time that it comes back', () => {
  const numbers = new Numbers();
  for (let i = 1; i <= 6; i++) numbers.pass();
  numbers.prepend(messages(2, 5));
  numbers.append();
  expect(numbers.first).toBe(2);
  // What is read of the queue leaves it, and some of that comes back.
  numbers.advance(6);
  numbers.prepend(messages(5));
  expect(drain(numbers)).toEqual([5, 7]);
  for (let i = 8; i <= 12; i++) numbers.append();
  numbers.advance(10);
  numbers.prepend(messages(8));
  numbers.prepend([]);
  expect(drain(numbers)).toEqual([8, 10, 11, 12]);
});

it('go on behind the last when nothing is left', () => {
  const numbers = new Numbers();
  for (let i = 1; i <= 3; i++) numbers.pass();
  numbers.prepend(messages(1, 3));
  numbers.clear();
  expect([numbers.isEmpty, numbers.append()]).toEqual([true, 4]);
  expect(drain(numbers)).toEqual([4]);
});

it('are those of the store after a restart', () => {
  const numbers = new Numbers();
  numbers.restore(7, 9);
  expect(drain(numbers)).toEqual([7, 8, 9]);
});
