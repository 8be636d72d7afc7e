/** What every pickler does, whatever it makes of values. */
import { N2OError, type Pickler } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { VALUES } from '../vectors.ts';

export interface Subject {
  create(): Pickler;
  /** Why what was tampered with is believed; without a reason it must not be. */
  readonly believes?: string;
}

/** Texts that nobody made by pickling. */
const STRANGE = [
  '',
  ' ',
  'hello',
  'AQ',
  '0011',
  '***',
  '\0',
  '💥',
  'A'.repeat(59),
  'f'.repeat(64),
  '_'.repeat(100),
  'A'.repeat(100_000),
];

export function conforms(name: string, { create, believes }: Subject): void {
  describe(`${name}, as every pickler,`, () => {
    const pickler = create();

    for (const [what, value] of Object.entries(VALUES)) {
      it(`brings back ${what}`, () => {
        expect(pickler.depickle(pickler.pickle(value))).toStrictEqual(
          what === 'a member that is undefined' ? { kept: 1 } : value,
        );
      });
    }

    it('brings back a date as its text', () => {
      const when = new Date(0);
      expect(pickler.depickle(pickler.pickle({ when }))).toEqual({ when: when.toJSON() });
    });

    it('writes letters, digits, - and _', () => {
      for (const value of Object.values(VALUES)) expect(pickler.pickle(value)).toMatch(/^[\w-]+$/);
    });

    it('is read by another of the same settings', () => {
      expect(create().depickle(pickler.pickle(['a', 1]))).toEqual(['a', 1]);
    });

    it('refuses values that have no form', () => {
      const loop: { self?: unknown } = {};
      loop.self = loop;
      for (const value of [() => 1, Symbol('s'), Number.NaN, { deep: () => 1 }, new Set(), loop]) {
        expect(() => pickler.pickle(value)).toThrow(N2OError);
      }
    });

    it('writes nothing that it would not read, however large', () => {
      expect(pickler.depickle(pickler.pickle('x'.repeat(40_000)))).toHaveLength(40_000);
      expect(() => pickler.pickle('x'.repeat(60_000))).toThrow(/more than 65536 characters/);
    });

    it('reads nothing in what it did not write, and never throws', () => {
      for (const text of STRANGE) expect(pickler.depickle(text), text.slice(0, 20)).toBeUndefined();
      for (const value of [undefined, null, 1, {}, [], new Uint8Array(3)]) {
        expect(pickler.depickle(value as unknown as string)).toBeUndefined();
      }
    });

    it('reads no text that is spelled otherwise', () => {
      const text = pickler.pickle({ user: 'max' });
      for (const other of [`${text}=`, `${text}\n`, ` ${text}`, `${text}A`, text.slice(0, -1)]) {
        expect(pickler.depickle(other)).toBeUndefined();
      }
    });

    it(believes ? `believes what was changed: ${believes}` : 'refuses what was changed', () => {
      const text = pickler.pickle({ user: 'max', admin: false });
      if (believes !== undefined) {
        const forged = Buffer.from(JSON.stringify({ admin: true })).toString('base64url');
        expect(pickler.depickle(forged)).toEqual({ admin: true });
        return;
      }
      for (let i = 0; i < text.length; i++) {
        const changed = text[i] === 'A' ? 'B' : 'A';
        expect(pickler.depickle(text.slice(0, i) + changed + text.slice(i + 1))).toBeUndefined();
      }
    });
  });
}
