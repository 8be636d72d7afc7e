/** How values look in text and in binary. */
import { expect, test } from 'vitest';
import { atom } from '../../src/formatters/bert/atom.ts';
import { createFormatters } from '../../src/formatters/formatters.ts';
import { binary } from '../../src/formatters/utf8.ts';
import { ErrorFrame, Io } from '../../src/message.ts';

const formatters = createFormatters({ bytes: 100 });
const { text } = formatters;

const latin1 = (form: string) => Uint8Array.from(Buffer.from(form, 'latin1'));
const written = (value: unknown) => Buffer.from(text.encode(value)).toString('latin1');

const code = (expected: string) => expect.objectContaining({ code: expected });

test.each<readonly [unknown, string]>([
  ['status', 'status'],
  [21.5, '21.5'],
  [{ set: 21.5 }, '{"set":21.5}'],
  [binary('status'), 'status'],
  [atom('ok'), '{"t":131,"v":{"t":100,"v":"ok"}}'],
  [new Io('fire();', 'hello'), 'IO \xff fire(); \xff hello\n'],
  [new Io('fire();', '1'), 'IO \xff fire(); \xff "1"\n'],
  [new Io('1', ''), 'IO \xff "1" \xff \n'],
  [new Io(binary('fire();'), { a: [1] }), 'IO \xff fire(); \xff {"a":[1]}\n'],
  [new Io('a\nb', null), 'IO \xff a\nb \xff null\n'],
  [new ErrorFrame('E', 'two\nlines'), 'ERROR \xff E \xff "two\\nlines"\n'],
])('%j', (value, form) => {
  expect(written(value)).toBe(form);
});

test.each<readonly [string, unknown]>([
  ['IO \xff fire(); \xff 1', new Io('fire();', 1)],
  ['IO \xfffire();\xff1\n', new Io('fire();', 1)],
  ['IO \xff  x  \xff  y \n\n', new Io(' x ', ' y \n')],
  ['IO \xff \xff ', new Io('', '')],
  ['IO \xff {not json} \xff truely', new Io('{not json}', 'truely')],
  ['ERROR \xff 1 \xff 2\n', new ErrorFrame('1', '2')],
])('%j is read', (form, value) => {
  expect(text.decode(latin1(form))).toStrictEqual(value);
});

test('a second mark in the data is refused', () => {
  expect(() => text.decode(latin1('IO \xff a \xff b \xff c\n'))).toThrow(code('N2O_FORMAT_DECODE'));
});

test('half a surrogate pair cannot be written as text, and is quoted in a message', () => {
  expect(() => text.encode('\ud800')).toThrow(code('N2O_FORMAT_ENCODE'));
  expect(() => text.encode(`${'long '.repeat(20)}\ud800`)).toThrow(code('N2O_FORMAT_ENCODE'));
  expect(written(new Io('\ud800', 1))).toBe('IO \xff "\\ud800" \xff 1\n');
});

test('bytes that are not UTF-8 are binary, never text', () => {
  expect(() => text.encode(Uint8Array.of(255))).toThrow(code('N2O_FORMAT_ENCODE'));
  expect(formatters.binary.encode(Uint8Array.of(255))).toStrictEqual(Uint8Array.of(255));
});

test('binary takes bytes, text and messages, and nothing else', () => {
  expect(formatters.binary.encode('é')).toStrictEqual(binary('é'));
  expect(formatters.binary.encode(new Io('a', 1))).toStrictEqual(latin1('IO \xff a \xff 1\n'));
  expect(() => formatters.binary.encode({ a: 1 })).toThrow(code('N2O_FORMAT_ENCODE'));
  expect(() => formatters.binary.encode(1)).toThrow(code('N2O_FORMAT_ENCODE'));
});

test('what is longer than the limit is refused in every format', () => {
  for (const first of ['x', '\xff', '{', '[', '<', '\x83', 'IO \xff']) {
    const payload = latin1(first.padEnd(101, 'x'));
    expect(() => formatters.decode(payload)).toThrow(code('N2O_FORMAT_LIMIT'));
  }
});
