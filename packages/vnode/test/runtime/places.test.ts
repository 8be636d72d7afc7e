import { expect, it } from 'vitest';
import { Deadline } from '../../src/runtime/deadline.ts';

it('those who have left know nobody: one that is kept does not keep the others', () => {
  const deadline = new Deadline<number>(60_000, () => {});
  const places = [1, 2, 3].map((member) => deadline.add(member));
  for (const place of [places[1], places[0], places[2]]) {
    expect(place && deadline.delete(place)).toBe(true);
    expect([place?.before, place?.behind]).toEqual([undefined, undefined]);
  }
  deadline.close();
});
