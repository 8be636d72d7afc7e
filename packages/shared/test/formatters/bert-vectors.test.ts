/** BERT as Erlang writes it, as N2O's browser code writes it, and as an attacker would. */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { N2OError } from '../../src/errors.ts';
import { createBert } from '../../src/formatters/bert/bert.ts';
import { Opaque, Tuple } from '../../src/formatters/bert/term.ts';
import { binary } from '../../src/formatters/utf8.ts';
import { asLists, fromTerm } from './terms.ts';
import { bytesOf, type Difference, hexOf, type Line, lines, payloadOf, run } from './vectors.ts';

const bert = createBert();
const otp26 = createBert({ atoms: 'utf8' });

/** Reads the bytes and compares them with a term of the vectors. */
function expectTerm(bytes: Uint8Array, term: unknown): void {
  // Not `toStrictEqual`: it compares an iterable twice on each level, and some have fifty.
  const same = isDeepStrictEqual(asLists(bert.decode(bytes)), asLists(fromTerm(term)));
  expect(same, 'another term was read').toBe(true);
}

function isOpaque(line: Line): boolean {
  return JSON.stringify(line.term).includes('"opaque"');
}

/** What only Erlang understands must come back byte for byte. */
function expectCarried(bytes: Uint8Array): void {
  const value = bert.decode(bytes);
  const carried =
    value instanceof Tuple ? value.items.find((item: unknown) => item instanceof Opaque) : value;
  expect(carried).toBeInstanceOf(Opaque);
  expect(hexOf(bert.encode(value))).toBe(hexOf(bytes));
}

const renamed: Difference = {
  reason: 'n2o_bert writes the record ftp as ftpack; here the ftp protocol does, not the codec',
  covers: (line) =>
    JSON.stringify(line.term ?? null).startsWith('{"t":[{"a":"ftp"}') &&
    hexOf(payloadOf(line)).includes(hexOf(binary('ftpack'))),
};

test('BERT is read and written byte for byte as Erlang does', () => {
  run(
    'bert.jsonl',
    (line) => {
      const bytes = payloadOf(line);
      if (line.dir === 'opaque') return expectCarried(bytes);
      if (line.dir !== 'encode') expectTerm(bytes, line.term);
      if (line.dir === 'decode') return;
      const value = fromTerm(line.term);
      expect(hexOf(bert.encode(value))).toBe(hexOf(bytes));
      if (line.hex_mv0 !== undefined) expectTerm(bytesOf(line.hex_mv0), line.term);
      if (line.hex_mv2 !== undefined) {
        expectTerm(bytesOf(line.hex_mv2), line.term);
        expect(hexOf(otp26.encode(value))).toBe(line.hex_mv2);
      }
    },
    [renamed],
  );
});

test('what the browser code of N2O sends is read as Erlang reads it', () => {
  run(
    'bertjs.jsonl',
    (line) => {
      const bytes = bytesOf(line.hex);
      if (line.kind === 'dec') {
        if (isOpaque(line)) expectCarried(bytes);
        else expectTerm(bytes, line.term);
        return;
      }
      const erlang = line.erlang as Line;
      expect(erlang.used ?? bytes.length).toBe(erlang.bytes ?? bytes.length);
      // `[safe]` refuses atoms that the node has not seen; here no atom is refused for its name.
      expectTerm(bytes, erlang.term ?? erlang.unsafe);
    },
    [renamed],
  );
});

test('malformed BERT is refused, and what is well formed is read', () => {
  const note =
    (...parts: string[]) =>
    (line: Line) =>
      parts.some((part) => String(line.note).includes(part));
  const differences: Difference[] = [
    {
      reason: 'nothing may follow a term, unless asked for',
      covers: note('trailing', 'two terms one after', 'garbage after the zlib stream'),
    },
    {
      reason: 'nested more deeply than the limit',
      covers: note('nested one-element', 'nested maps'),
    },
    {
      reason: 'inflates to more than the limit',
      covers: note('zip bomb: 16 MiB'),
    },
    {
      reason: 'more elements than the limit',
      covers: note('(amplification)'),
    },
  ];
  run(
    'bert-bad.jsonl',
    (line) => {
      const verdict = (line.unsafe === 'same' ? line.safe : line.unsafe) as Line;
      const bytes = payloadOf(line);
      if (verdict.error !== undefined) {
        expect(() => bert.decode(bytes)).toThrow(N2OError);
      } else if (JSON.stringify(verdict.value ?? '').includes('"opaque"')) {
        expectCarried(bytes);
      } else {
        expect(verdict.used).toBe(bytes.length);
        expectTerm(bytes, verdict.value);
      }
    },
    differences,
  );
});

test('the plaintext of a pickle is read with the zeros that fill its last block', () => {
  const pickles = createBert({ trailing: 'zeros' });
  const padded = lines('pickle.jsonl').filter(
    (line) => line.kind === 'valid' && line.plain !== undefined && line.form !== 'gcm-hex',
  );
  for (const line of padded) {
    const plain = bytesOf(line.plain);
    const value = pickles.decode(plain);
    const term = fromTerm(line.plain_term ?? line.term);
    expect(isDeepStrictEqual(asLists(value), asLists(term)), 'another term was read').toBe(true);
    const bytes = plain.subarray(0, Number(line.plain_bert_bytes));
    expect(hexOf(bert.encode(value))).toBe(hexOf(bytes));
  }
  console.info(`pickle.jsonl: ${padded.length} padded plaintexts read, all passed`);
  expect(padded.length).toBeGreaterThan(0);
});
