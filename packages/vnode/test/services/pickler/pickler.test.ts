import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPickler } from '../../../src/services/pickler/pickler.ts';
import { createPlainPickler } from '../../../src/services/pickler/plain.ts';
import { conforms } from './conformance.ts';

const OLD = 'the secret of last year';
const NEW = 'the secret of this year';
const N2O = 'ThisIsClassified';

conforms('the pickler', { create: () => createPickler({ secrets: [NEW], legacy: false }) });
conforms('the pickler that reads the forms of N2O', {
  create: () => createPickler({ secrets: [N2O, NEW], legacy: true }),
});
conforms('the plain pickler', {
  create: createPlainPickler,
  believes: 'it hides nothing, and is only taken where it is asked for by name',
});

describe('the pickler', () => {
  const pickler = createPickler({ secrets: [NEW], legacy: false });

  it('writes the same value otherwise each time', () => {
    expect(pickler.pickle('same')).not.toBe(pickler.pickle('same'));
  });

  it('writes nothing that can be read', () => {
    const text = pickler.pickle({ password: 'open sesame' });
    expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('sesame');
  });

  it('refuses what was made under another secret', () => {
    const foreign = createPickler({ secrets: [OLD], legacy: false });
    expect(pickler.depickle(foreign.pickle({ module: 'admin' }))).toBeUndefined();
  });

  it('goes on reading what earlier secrets have sealed, and seals with the first', () => {
    const rotated = createPickler({ secrets: [NEW, OLD], legacy: false });
    const before = createPickler({ secrets: [OLD], legacy: false });
    expect(rotated.depickle(before.pickle('kept'))).toBe('kept');
    expect(before.depickle(rotated.pickle('new'))).toBeUndefined();
    expect(pickler.depickle(rotated.pickle('new'))).toBe('new');
  });

  it('reads nothing in any text, of whatever form', () => {
    const both = createPickler({ secrets: [N2O, NEW], legacy: true });
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('hex')),
      fc.base64String({ maxLength: 300 }),
      // As our own begin: the version, the id of the key.
      fc.string({ maxLength: 200 }).map((rest) => both.pickle(1).slice(0, 7) + rest),
    );
    fc.assert(fc.property(texts, (text) => both.depickle(text) === undefined));
  });

  it('takes its randomness from where it is told to', () => {
    const options = {
      secrets: [NEW],
      legacy: false,
      random: (size: number) => Buffer.alloc(size, 7),
    };
    expect(createPickler(options).pickle('x')).toBe(createPickler(options).pickle('x'));
  });

  it('is not made without a secret', () => {
    expect(() => createPickler({ secrets: [], legacy: false })).toThrow(
      expect.objectContaining({ code: 'N2O_CONFIG_OPTION' }),
    );
  });
});
