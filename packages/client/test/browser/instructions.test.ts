import { atom, binary, Float, N2OError, tuple } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { bindingOf, instructionsOf } from '../../src/browser/nitro/read.ts';
import { plain } from '../../src/plain.ts';

describe('what came in BERT', () => {
  it('is what it would be in JSON', () => {
    const value = [
      [binary('update'), binary('id'), binary('ü')],
      tuple(atom('call'), new Map<unknown, unknown>([[binary('a'), new Float(1)]]), null, true),
    ];
    expect(plain(value)).toEqual([
      ['update', 'id', 'ü'],
      ['call', { a: 1 }, null, true],
    ]);
  });

  it('stays bytes where it is no text', () => {
    expect(plain(Uint8Array.of(255))).toEqual(Uint8Array.of(255));
  });

  it('sets no prototype', () => {
    const told = plain(new Map([[binary('__proto__'), binary('x')]])) as object;
    expect(Object.getPrototypeOf(told)).toBe(Object.prototype);
  });
});

describe('instructions', () => {
  it('are read from a list, and from JSON of one', () => {
    const list = [['remove', 'a']];
    expect(instructionsOf(list)).toEqual(list);
    expect(instructionsOf(JSON.stringify(list))).toEqual(list);
    expect(instructionsOf('[]')).toEqual([]);
  });

  it.each([
    ['text', 'remove'],
    ['an object', {}],
    ['a list of texts', ['remove']],
    ['an unknown one', [['explode', 'a']]],
    ["one of Object's", [['toString', 'a']]],
    ['one without its target', [['remove']]],
    ['one whose HTML is no text', [['fill', 'a', 1]]],
  ])('are not %s', (_, value) => {
    expect(instructionsOf(value)).toBeInstanceOf(N2OError);
  });
});

describe('a binding', () => {
  it('has what it needs, whatever was left out or is wrong', () => {
    expect(bindingOf(undefined)).toEqual({ pickle: '', source: [], passive: false });
    const wrong = { pickle: 1, source: 'x', delay: 'soon', key: 2, confirm: null, passive: 1 };
    expect(bindingOf(wrong)).toEqual({ pickle: '', source: [], passive: false });
    const right = { pickle: 'p', source: ['a'], delay: 5, key: 'k', confirm: '?', passive: true };
    expect(bindingOf(right)).toEqual(right);
  });
});
