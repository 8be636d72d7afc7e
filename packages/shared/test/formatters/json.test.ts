/** How values look in JSON and WAMP, and what is refused. */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { atom } from '../../src/formatters/bert/atom.ts';
import { Bits, Float, ImproperList, Opaque, tuple } from '../../src/formatters/bert/term.ts';
import { createFormatters } from '../../src/formatters/formatters.ts';
import { binary, textOf } from '../../src/formatters/utf8.ts';
import { ErrorFrame, Io } from '../../src/message.ts';

const { json, wamp } = createFormatters();

const written = (value: unknown) => textOf(json.encode(value));
const read = (text: string) => json.decode(binary(text));

const code = (expected: string) => expect.objectContaining({ code: expected });

test.each<readonly [unknown, string]>([
  [{ set: 21.5, on: true, name: 'é', none: null }, '{"set":21.5,"on":true,"name":"é","none":null}'],
  [{ a: undefined, b: 1 }, '{"b":1}'],
  [[], '[]'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['\ud800', '"\\ud800"'],
])('plain values are written as they are: %j', (value, text) => {
  expect(written(value)).toBe(text);
});

test.each<readonly [string, unknown, string]>([
  ['an atom', atom('ok'), '{"t":131,"v":{"t":100,"v":"ok"}}'],
  ['a list with an atom', [atom('ok')], '{"t":131,"v":{"t":108,"v":[{"t":100,"v":"ok"}]}}'],
  ['bytes that are text', binary('é'), '{"t":131,"v":{"t":109,"v":"é"}}'],
  ['bytes that are not', Uint8Array.of(255), '{"t":131,"v":{"t":109,"v":[255]}}'],
  ['a Buffer', Buffer.from('a'), '{"t":131,"v":{"t":109,"v":"a"}}'],
  ['a bigint', 2n ** 64n, '{"t":131,"v":{"t":110,"v":"18446744073709551616"}}'],
  ['a float', new Float(1), '{"t":131,"v":{"t":70,"v":1}}'],
  ['-0', -0, '{"t":131,"v":{"t":70,"v":"-0.0"}}'],
  ['undefined', undefined, '{"t":131,"v":{"t":100,"v":"undefined"}}'],
  [
    'a map',
    new Map([[1, 2]]),
    '{"t":131,"v":{"t":116,"v":[{"k":{"t":97,"v":1},"v":{"t":97,"v":2}}]}}',
  ],
  [
    'an object with an atom',
    { a: atom('b') },
    '{"t":131,"v":{"t":116,"v":{"a":{"t":100,"v":"b"}}}}',
  ],
  [
    'an improper list',
    new ImproperList(['a'], true),
    '{"t":131,"v":{"t":108,"v":[{"t":107,"v":"a"}],"tail":{"t":100,"v":true}}}',
  ],
  ['a bitstring', new Bits(Uint8Array.of(128), 1), '{"t":131,"v":{"t":77,"v":[128],"bits":1}}'],
  [
    'a port',
    new Opaque('port', Uint8Array.of(102, 119, 1, 97, 0, 0, 0, 1, 0)),
    '{"t":131,"v":{"t":102,"v":[102,119,1,97,0,0,0,1,0]}}',
  ],
])('%s is written as a tree of tags', (_, value, text) => {
  expect(written(value)).toBe(text);
});

test('a tuple with a name is written as N2O does', () => {
  const text = '{"t":104,"v":[{"t":100,"v":"io"},{"t":109,"v":"fire();"},{"t":109,"v":""}]}';
  expect(written(new Io(binary('fire();'), binary('')))).toBe(text);
  expect(read(text)).toStrictEqual(new Io(binary('fire();'), binary('')));
  expect(read('{"t":104,"v":[{"t":100,"v":"init"},{"t":109,"v":""}]}')).toStrictEqual(
    tuple(atom('init'), binary('')),
  );
});

test('what N2O writes as the data of io is read as what it is', () => {
  const io = (data: string) =>
    read(`{"t":104,"v":[{"t":100,"v":"io"},{"t":109,"v":"x"},{"t":109,"v":${data}}]}`);
  for (const data of [1, true, null, { a: 1 }, ['a']]) {
    expect(io(JSON.stringify(data))).toStrictEqual(new Io(binary('x'), data));
  }
});

test.each([
  '{"t":100,"v":"ok"}',
  '{"t":97,"v":5}',
  '{"t":104,"v":[1,2]}',
  '{"t":104,"v":[]}',
  '{"t":21.5,"v":3.3}',
  '{"t":131,"v":5}',
  '{"t":131,"v":{"t":1,"v":2}}',
  '{"t":104,"v":[{"t":100,"v":"ok"}],"more":1}',
  '{"t":104,"v":[{"t":100,"v":"ok"},1]}',
  '{"name":"io","eval":"fire();"}',
  '{"name":"io","eval":"fire();","data":1,"more":2}',
  '{"error":{"code":-32601,"message":"no"}}',
  '{"error":{"code":"E","message":"no"},"id":1}',
])('measurements and the like are not taken for trees or messages: %s', (text) => {
  expect(read(text)).toStrictEqual(JSON.parse(text));
  expect(written(JSON.parse(text))).toBe(text);
});

test.each([
  { name: 'io', eval: 'fire();', data: 1 },
  { error: { code: 'E', message: 'no' } },
  { t: 104, v: [{ t: 100, v: 'io' }] },
  { t: 131, v: { t: 100, v: 'ok' } },
])('an object that looks like a message stays an object: %j', (value) => {
  expect(json.decode(json.encode(value))).toStrictEqual(value);
});

test('an array that looks like a message stays an array in WAMP', () => {
  for (const value of [
    ['io', 'fire();', 1],
    ['error', 'E', 'no'],
  ]) {
    expect(wamp.decode(wamp.encode(value))).toStrictEqual(value);
  }
  expect(textOf(wamp.encode([1, 2]))).toBe('[1,2]');
});

test('a property named __proto__ is a property, and nothing else', () => {
  const text = '{"__proto__":{"admin":true},"a":1}';
  const value = read(text) as Record<string, unknown>;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.hasOwn(value, '__proto__')).toBe(true);
  expect(value.admin).toBeUndefined();
  expect(written(value)).toBe(text);
  const tree =
    '{"t":131,"v":{"t":116,"v":{"__proto__":{"t":116,"v":{"admin":{"t":100,"v":true}}}}}}';
  const held = read(tree) as Record<string, unknown>;
  expect(Object.getPrototypeOf(held)).toBe(Object.prototype);
  expect(held.admin).toBeUndefined();
});

test.each(['', '{', '[1,]', '{a:1}', "{'a':1}", '01', 'nul', '[1] x', '"\t"'])(
  'what is not JSON is refused: %j',
  (text) => {
    expect(() => read(text)).toThrow(code('N2O_FORMAT_DECODE'));
  },
);

test('bytes that are not UTF-8 are refused', () => {
  expect(() => json.decode(Uint8Array.of(34, 255, 34))).toThrow(code('N2O_FORMAT_DECODE'));
});

const arrays = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test('what is within the limits is read, what is beyond is refused', () => {
  const strict = createFormatters({ depth: 10, terms: 20, bytes: 60, integer: 4 }).json;
  const decode = (text: string) => strict.decode(binary(text));
  expect(decode(arrays(10))).toStrictEqual(JSON.parse(arrays(10)));
  expect(() => decode(arrays(11))).toThrow(code('N2O_FORMAT_LIMIT'));
  expect(decode(JSON.stringify(new Array(20).fill(1)))).toHaveLength(20);
  expect(() => decode(JSON.stringify(new Array(21).fill(1)))).toThrow(code('N2O_FORMAT_LIMIT'));
  expect(decode(`"${'x'.repeat(58)}"`)).toBe('x'.repeat(58));
  expect(() => decode(`"${'x'.repeat(59)}"`)).toThrow(code('N2O_FORMAT_LIMIT'));
  // Brackets and quotes in strings do not count.
  expect(decode(`["${'['.repeat(20)}","\\"${'{'.repeat(12)}\\\\"]`)).toHaveLength(2);
  expect(decode('{"t":131,"v":{"t":110,"v":"4294967295"}}')).toBe(4294967295);
  expect(decode('{"t":131,"v":{"t":110,"v":"99999999999999"}}')).toHaveProperty('t');
  expect(() => strict.encode(JSON.parse(arrays(11)))).toThrow(code('N2O_FORMAT_ENCODE'));
});

test('the deepest value that is written is read', () => {
  let value: unknown = atom('leaf');
  for (;;) {
    let bytes: Uint8Array;
    try {
      bytes = json.encode(value);
    } catch (error) {
      expect(error).toMatchObject({ code: 'N2O_FORMAT_ENCODE' });
      break;
    }
    // Not `toStrictEqual`: it compares an iterable twice on each level.
    expect(isDeepStrictEqual(json.decode(bytes), value)).toBe(true);
    value = tuple(value);
  }
});

test('half a surrogate pair in an error that is part of a value becomes U+FFFD', () => {
  const { bert } = createFormatters();
  for (const formatter of [json, bert]) {
    const value = tuple(new ErrorFrame('E\ud800', `no ${'\udc00'.repeat(70)}`), 1n);
    const read = formatter.decode(formatter.encode(value).slice());
    expect(read).toStrictEqual(tuple(new ErrorFrame('E\ufffd', `no ${'\ufffd'.repeat(70)}`), 1));
  }
});

test.each<readonly [string, unknown]>([
  ['a function', { f: () => 1 }],
  ['a symbol', [Symbol('s')]],
  ['NaN', { n: Number.NaN }],
  ['a Set', new Set()],
  ['an Error', { e: new TypeError('x') }],
])('%s cannot be written', (_, value) => {
  expect(() => json.encode(value)).toThrow(code('N2O_FORMAT_ENCODE'));
});

test('a cycle cannot be written', () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  expect(() => json.encode(value)).toThrow(code('N2O_FORMAT_ENCODE'));
});

test('an instance of a class of the application is written like a plain object', () => {
  class Reading {
    readonly set = 21;
  }
  expect(written([new Reading()])).toBe('[{"set":21}]');
});
