/** What a formatter wrote it reads back as it was. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBert } from '../../src/formatters/bert/bert.ts';
import type { Formatter } from '../../src/formatters/formatter.ts';
import { createFormatters } from '../../src/formatters/formatters.ts';
import { binary } from '../../src/formatters/utf8.ts';
import { ErrorFrame, Io } from '../../src/message.ts';
import { anyString, elements, terms, text, values } from './arbitrary.ts';

const formatters = createFormatters();

/** Holds for a value what a round trip must keep: the value, and the bytes. */
function expectBack(formatter: Formatter, value: unknown): void {
  const bytes = formatter.encode(value).slice();
  const back = formatter.decode(bytes);
  if (!isDeepStrictEqual(back, value)) expect(back).toStrictEqual(value);
  expect(formatter.encode(back)).toStrictEqual(bytes);
}

test('BERT brings back every term', () => {
  fc.assert(
    fc.property(terms, (value) => expectBack(formatters.bert, value)),
    { numRuns: 300 },
  );
});

test('BERT with the atoms of OTP 26 brings back every term', () => {
  const otp26 = createBert({ atoms: 'utf8' });
  fc.assert(fc.property(terms, (value) => expectBack(otp26, value)));
});

test('JSON brings back every value, whatever it looks like', () => {
  fc.assert(
    fc.property(values, (value) => expectBack(formatters.json, value)),
    { numRuns: 300 },
  );
});

test('WAMP brings back every value, whatever it looks like', () => {
  fc.assert(
    fc.property(values, (value) => expectBack(formatters.wamp, value)),
    { numRuns: 300 },
  );
});

test('text brings back every text', () => {
  fc.assert(fc.property(text, (value) => expectBack(formatters.text, value)));
});

/** The bytes of a message of N2O become text in formats that are text. */
const isBytes = (value: unknown) => value instanceof Uint8Array;
const fields = values.filter(
  (value) =>
    !isBytes(value) && !(value instanceof Io && (isBytes(value.eval) || isBytes(value.data))),
);

const frames = fc.oneof(
  fc.tuple(fields, fields).map(([code, data]) => new Io(code, data)),
  fc.tuple(anyString, anyString).map(([code, message]) => new ErrorFrame(code, message)),
);

test('text brings back every message of N2O', () => {
  fc.assert(
    fc.property(frames, (value) => expectBack(formatters.text, value)),
    { numRuns: 300 },
  );
});

test('XML brings back every element', () => {
  fc.assert(
    fc.property(elements, (value) => expectBack(formatters.xml, value)),
    { numRuns: 300 },
  );
});

test('XML brings back every message of N2O, with elements in it', () => {
  fc.assert(fc.property(frames, (value) => expectBack(formatters.xml, value)));
  fc.assert(
    fc.property(elements, elements, (code, data) => expectBack(formatters.xml, new Io(code, data))),
  );
});

test('XML brings back every other value', () => {
  fc.assert(fc.property(fields, (value) => expectBack(formatters.xml, value)));
});

test('binary brings back all bytes', () => {
  fc.assert(fc.property(fc.uint8Array(), (value) => expectBack(formatters.binary, value)));
});

test('any payload is read without a loss when it is not of another format', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), text.map(binary)), (bytes) => {
      fc.pre(['text', 'binary'].includes(formatters.detect(bytes)));
      const { format, value } = formatters.decode(bytes);
      expect(formatters[format].encode(value)).toStrictEqual(bytes);
    }),
  );
});
