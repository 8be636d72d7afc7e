import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Effect } from '../../src/effects/effect.ts';
import { NAME_LENGTH, nameOf } from '../../src/effects/name.ts';
import { packEffect, unpackEffect } from '../../src/effects/packed.ts';

const name = fc.string({ minLength: 1 }).map((key) => nameOf('m', key));
const effect: fc.Arbitrary<Effect> = fc.record({
  belief: fc.nat(),
  remember: fc.option(fc.record({ name, at: fc.nat() }), { nil: undefined }),
  evicted: fc.array(name, { maxLength: 5 }),
  state: fc.option(
    fc.record({ value: fc.option(fc.uint8Array({ maxLength: 20 }), { nil: undefined }) }),
    { nil: undefined },
  ),
  renew: fc.boolean(),
  isRepeat: fc.boolean(),
});

it('an effect is the same after its way between threads, whatever follows it', () => {
  fc.assert(
    fc.property(effect, fc.uint8Array({ maxLength: 20 }), (before, reply) => {
      const bytes = packEffect(before);
      const { effect: after, size } = unpackEffect(new Uint8Array([...bytes, ...reply]));
      expect(after).toEqual(before);
      expect(size).toBe(bytes.length);
    }),
  );
});

it('a name tells module, key and payload apart, wherever one ends and the next begins', () => {
  const payload = (text: string) => new TextEncoder().encode(text);
  const names = [
    nameOf('m', 'k', payload('p')),
    nameOf('m', 'kp', payload('')),
    nameOf('m', 'k', payload('')),
    nameOf('mk', '', payload('p')),
    nameOf('m', '', payload('kp')),
    nameOf('m', 'ö', payload('p')),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(names.map(({ length }) => length)).toEqual(names.map(() => NAME_LENGTH));
  expect(nameOf('m', 'k', payload('p'))).toBe(names[0]);
});
