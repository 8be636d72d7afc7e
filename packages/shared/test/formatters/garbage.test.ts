/** Whatever arrives, a formatter reads it or says with a code that it cannot, soon. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { N2OError } from '../../src/errors.ts';
import { createFormatters } from '../../src/formatters/formatters.ts';
import { binary } from '../../src/formatters/utf8.ts';
import { FORMATS, type Message } from '../../src/message.ts';
import { elements, terms, values } from './arbitrary.ts';

const formatters = createFormatters();

const CODES = new Set(['N2O_FORMAT_DECODE', 'N2O_FORMAT_LIMIT']);

/** The message, or `undefined` when it was refused as it should be. */
function attempt(read: () => Message): Message | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof N2OError && CODES.has(error.code)) return undefined;
    throw error;
  }
}

/** Reads a payload in every way; what was read can be written and is then read as the same. */
function tryAll(bytes: Uint8Array): void {
  attempt(() => formatters.decode(bytes));
  expect(FORMATS).toContain(formatters.detect(bytes));
  for (const format of FORMATS) {
    const message = attempt(() => formatters.decode(bytes, format));
    if (message === undefined) continue;
    const { value } = message;
    const back = formatters[format].decode(formatters[format].encode(value));
    if (!isDeepStrictEqual(back, value)) expect(back).toStrictEqual(value);
  }
}

/** Changes, cuts and doubles a few bytes. */
function damaged(payloads: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0, 255, 34, 60, 91)));
  return fc
    .tuple(payloads, fc.array(change, { maxLength: 4 }), fc.nat(), fc.boolean())
    .map(([payload, changes, cut, whole]) => {
      const bytes = payload.slice(0, whole ? payload.length : cut % (payload.length + 1));
      for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    });
}

const NUM_RUNS = { numRuns: 400 };

test('random bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), tryAll), NUM_RUNS);
  const marks = [131, 104, 108, 116, 80, 77, 99, 112, 123, 91, 60, 34, 0xff, 47, 62, 38];
  const begun = fc.array(fc.oneof(fc.constantFrom(...marks), fc.nat(255)), { maxLength: 30 });
  fc.assert(
    fc.property(begun, fc.constantFrom(131, 123, 91, 60), (rest, first) =>
      tryAll(Uint8Array.of(first, ...rest)),
    ),
    NUM_RUNS,
  );
});

test('random text', () => {
  const pieces = fc.constantFrom(
    ...['<', '>', '/', '<io>', '</io>', '<a b="', '"', '<!--', '-->', '<![CDATA[', ']]>', '&amp;'],
    ...['&#', ';', '<?', '?>', '{', '}', '[', ']', '"io"', ',', ':', '1', 'null', '\\', 'é', ' '],
    ...['<!DOCTYPE', '"t"', '"v"', '131', '104', '100', '__proto__', 'toString', '=', "'"],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (texts) => tryAll(binary(texts.join('')))),
    { numRuns: 1500 },
  );
});

test('damaged messages', () => {
  fc.assert(fc.property(damaged(terms.map((v) => formatters.bert.encode(v))), tryAll), NUM_RUNS);
  fc.assert(fc.property(damaged(values.map((v) => formatters.json.encode(v))), tryAll), NUM_RUNS);
  fc.assert(fc.property(damaged(values.map((v) => formatters.text.encode([v]))), tryAll), NUM_RUNS);
  fc.assert(fc.property(damaged(elements.map((v) => formatters.xml.encode(v))), tryAll), NUM_RUNS);
});
