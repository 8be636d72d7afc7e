/** What a payload is by its content, and the forms of N2O's own messages in each format. */
import { expect, test } from 'vitest';
import { atom } from '../../src/formatters/bert/atom.ts';
import { tuple } from '../../src/formatters/bert/term.ts';
import { createFormatters } from '../../src/formatters/formatters.ts';
import { createPageFormatters } from '../../src/formatters/page.ts';
import { binary } from '../../src/formatters/utf8.ts';
import { XmlElement } from '../../src/formatters/xml/element.ts';
import { ErrorFrame, FORMATS, type Format, Io } from '../../src/message.ts';

const formatters = createFormatters();

/** Bytes of text in which \xff is that byte. */
const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

const IO_FORMS: readonly (readonly [Format, string])[] = [
  ['bert', '\x83h\x03d\x00\x02iok\x00\x07fire();a\x01'],
  ['wamp', '["io","fire();",1]'],
  ['json', '{"name":"io","eval":"fire();","data":1}'],
  ['text', 'IO \xff fire(); \xff 1\n'],
  ['xml', '<io><eval>fire();</eval><data>1</data></io>'],
];

test.each(IO_FORMS)('io has the form of N2O in %s', (format, form) => {
  const io = new Io('fire();', 1);
  expect(formatters[format].encode(io)).toStrictEqual(latin1(form));
  expect(formatters.decode(latin1(form))).toStrictEqual({ format, value: io });
  expect(formatters.detect(latin1(form))).toBe(format);
});

const ERROR_FORMS: readonly (readonly [Format, string])[] = [
  ['bert', '\x83h\x02d\x00\x05errorh\x03d\x00\x03n2om\x00\x00\x00\x06N2O_XYm\x00\x00\x00\x02no'],
  ['wamp', '["error","N2O_XY","no"]'],
  ['json', '{"error":{"code":"N2O_XY","message":"no"}}'],
  ['text', 'ERROR \xff N2O_XY \xff no\n'],
  ['xml', '<error><code>N2O_XY</code><message>no</message></error>'],
];

test.each(ERROR_FORMS)('an error has a form in %s', (format, form) => {
  const frame = new ErrorFrame('N2O_XY', 'no');
  expect(formatters[format].encode(frame)).toStrictEqual(latin1(form));
  expect(formatters.decode(latin1(form))).toStrictEqual({ format, value: frame });
  expect(formatters.detect(latin1(form))).toBe(format);
});

test('an error in binary is its line of text', () => {
  const frame = new ErrorFrame('N2O_XY', 'no');
  expect(formatters.binary.encode(frame)).toStrictEqual(formatters.text.encode(frame));
});

test.each<readonly [string, Format, unknown]>([
  ['', 'text', ''],
  ['PING', 'text', 'PING'],
  ['42', 'text', '42'],
  [' {"a":1}', 'text', ' {"a":1}'],
  ['IO ready', 'text', 'IO ready'],
  ['{"a":1}', 'json', { a: 1 }],
  ['[1,"io"]', 'json', [1, 'io']],
  ['["io"]', 'json', ['io']],
  ['["io",1]', 'json', ['io', 1]],
  ['["error","a",1]', 'json', ['error', 'a', 1]],
  ['[ "io", "f", {} ]', 'wamp', new Io('f', {})],
  ['<a/>', 'xml', new XmlElement('a')],
  ['\x83a\x07', 'bert', 7],
  ['\x83h\x00', 'bert', tuple()],
])('%j is %s', (text, format, value) => {
  expect(formatters.detect(latin1(text))).toBe(format);
  expect(formatters.decode(latin1(text))).toStrictEqual({ format, value });
});

test.each(['\xff\xd8\xff\xe0', '\x80', 'a\xc3', '\xc0\x80', '\xed\xa0\x80', '\xf5\x80\x80\x80'])(
  'bytes that are not UTF-8 are binary: %j',
  (text) => {
    const bytes = latin1(text);
    expect(formatters.detect(bytes)).toBe('binary');
    expect(formatters.decode(bytes)).toStrictEqual({ format: 'binary', value: bytes });
  },
);

test.each([10, 19, 20, 100, 255, 256, 257, 300, 5000])(
  'a text of %i characters beyond ASCII is read as it is, and one bad byte makes it binary',
  (length) => {
    const text = 'жé🔥'.repeat(length).slice(0, length * 2);
    const bytes = binary(text);
    expect(formatters.decode(bytes)).toStrictEqual({ format: 'text', value: text });
    for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const bad = bytes.slice();
      bad[at] = 0xff;
      expect(formatters.decode(bad).format).toBe('binary');
    }
  },
);

test('a replacement character and a byte order mark are text like any other', () => {
  const text = '\ufeff a \ufffd and so on and on and on';
  expect(formatters.decode(binary(text))).toStrictEqual({ format: 'text', value: text });
});

test.each([
  '\x83',
  '\x83zzz',
  '{"a":',
  '[1,',
  '<a>',
  '<3',
  'IO \xff',
  'ERROR \xff x',
  'IO \xff \xc3 \xff 1\n',
])('what begins like a format and is malformed is an error: %j', (text) => {
  expect(() => formatters.decode(latin1(text))).toThrow(
    expect.objectContaining({ code: 'N2O_FORMAT_DECODE' }),
  );
});

test('a format that is named is used whatever the payload looks like', () => {
  expect(formatters.decode(binary('{"a":'), 'text')).toStrictEqual({
    format: 'text',
    value: '{"a":',
  });
  expect(formatters.decode(binary('<3'), 'text')).toStrictEqual({ format: 'text', value: '<3' });
  expect(formatters.decode(binary('42'), 'json')).toStrictEqual({ format: 'json', value: 42 });
  expect(formatters.decode(binary('["io",1,2]'), 'json').value).toStrictEqual(['io', 1, 2]);
  expect(formatters.decode(binary('[1]'), 'wamp')).toStrictEqual({ format: 'wamp', value: [1] });
  const bytes = binary('\u0083');
  expect(formatters.decode(bytes, 'binary').value).toBe(bytes);
});

test('a format that there is not is refused', () => {
  for (const name of ['yaml', 'decode', 'constructor']) {
    expect(() => formatters.decode(binary('x'), name as Format)).toThrow(
      expect.objectContaining({ code: 'N2O_FORMAT_UNKNOWN' }),
    );
  }
});

test('a page reads and writes what others do, but for what is compressed or in a format that it lacks', () => {
  const page = createPageFormatters();
  for (const value of [tuple(atom('io'), binary('fire();'), 1), { a: [1] }, 'text']) {
    for (const format of ['bert', 'json'] as const) {
      const bytes = formatters[format].encode(value);
      expect(page[format].encode(value)).toStrictEqual(bytes);
      expect(page.decode(bytes)).toStrictEqual(formatters.decode(bytes));
    }
  }
  const compressed = latin1('\x83P\0\0\0\x02\x78\x9c\x4b\x64\x04\0\0\xc5\0\x63');
  expect(formatters.decode(compressed).value).toBe(1);
  expect(() => page.decode(compressed)).toThrow(
    expect.objectContaining({ code: 'N2O_FORMAT_DECODE' }),
  );
  expect(() => page.decode(binary('<a/>'), 'xml')).toThrow(
    expect.objectContaining({ code: 'N2O_FORMAT_UNKNOWN' }),
  );
});

test('a part of a larger buffer is read as any other', () => {
  const wire = formatters.bert.encode(tuple(atom('bin'), binary('payload'), 1.5));
  const buffer = Buffer.concat([Buffer.from('xyz'), wire, Buffer.from('xyz')]);
  const { value } = formatters.decode(buffer.subarray(3, 3 + wire.length));
  expect(value).toStrictEqual(tuple(atom('bin'), binary('payload'), 1.5));
});

test.each(FORMATS)('what %s wrote stays as it is while more is written', (format) => {
  const written = Array.from({ length: 3000 }, (_, i) => {
    const text = `${i} ${'x'.repeat(i % 97)}`;
    return { text, bytes: formatters[format].encode(text) };
  });
  for (const { text, bytes } of written) {
    const value = formatters[format].decode(bytes);
    expect(value instanceof Uint8Array ? Buffer.from(value).toString() : value).toBe(text);
  }
});

test.each(FORMATS)('%s writes messages of any length', (format) => {
  for (const length of [0, 1, 39, 40, 4095, 4096, 4097, 8191, 8192, 9000, 65_535]) {
    const text = 'é'.repeat(length);
    const value = format === 'bert' ? binary(text) : text;
    const bytes = formatters[format].encode(value);
    expect(bytes.buffer.byteLength).toBeLessThan(4 * bytes.length + 10_000);
    const back = formatters[format].decode(bytes);
    expect(back instanceof Uint8Array ? Buffer.from(back).toString() : back).toBe(text);
  }
});
