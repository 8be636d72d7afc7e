/** How BERT's terms and JavaScript's values stand for each other, and what is refused. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { N2OError } from '../../src/errors.ts';
import { Atom, atom } from '../../src/formatters/bert/atom.ts';
import { createBert } from '../../src/formatters/bert/bert.ts';
import { Float, ImproperList, Tuple, tuple } from '../../src/formatters/bert/term.ts';
import { FORMAT_LIMITS } from '../../src/formatters/formatter.ts';
import { binary, textOf } from '../../src/formatters/utf8.ts';
import { ErrorFrame, Io } from '../../src/message.ts';
import { bytesOf, hexOf } from './vectors.ts';

const bert = createBert();

/** What a value is on the wire, after the version byte. */
const wire = (value: unknown) => hexOf(bert.encode(value)).slice(2);

/** What bytes after the version byte stand for. */
const read = (hex: string) => bert.decode(bytesOf(`83${hex}`));

const code = (expected: string) => expect.objectContaining({ code: expected });

test('a plain object is written as a map whose keys are binaries', () => {
  expect(wire({ id: 1, é: null })).toBe('74000000026d00000002696461016d00000002c3a96400046e756c6c');
  expect(read('74000000016d0000000269646101')).toStrictEqual(new Map([[binary('id'), 1]]));
});

test('keys of any length and script are written whole wherever they fall in memory', () => {
  for (let length = 0; length < 600; length++) {
    const object = { [`${'é'.repeat(length)}1`]: 1, [`${'x'.repeat(length)}2`]: length };
    const keys = [...(bert.decode(bert.encode(object)) as Map<Uint8Array, unknown>).keys()];
    expect(keys.map(textOf)).toStrictEqual(Object.keys(object));
  }
});

test('an instance of a class of the application is written like a plain object', () => {
  class Reading {
    readonly set = 21;
  }
  expect(wire(new Reading())).toBe(wire({ set: 21 }));
});

test('an object that says what it is in JSON is written as that', () => {
  expect(wire(new Date(0))).toBe(wire('1970-01-01T00:00:00.000Z'));
});

test('a Buffer is a binary', () => {
  expect(wire(Buffer.from('ab'))).toBe('6d000000026162');
});

test('text beyond Latin-1 is a list of code points, as in Erlang', () => {
  expect(wire('да')).toBe('6c00000002620000043462000004306a');
  expect(wire('🔥')).toBe('6c00000001620001f5256a');
  expect(read(wire('да🔥'))).toStrictEqual([0x434, 0x430, 0x1f525]);
});

test('a string too long for Erlang is a list', () => {
  expect(wire('a'.repeat(65_535)).slice(0, 6)).toBe('6bffff');
  expect(wire('a'.repeat(65_536)).slice(0, 10)).toBe('6c00010000');
});

test('a list of bytes is a string, as in Erlang', () => {
  expect(wire([104, 105])).toBe(wire('hi'));
  expect(read(wire([104, 105]))).toBe('hi');
  expect(wire([])).toBe('6a');
  expect(wire([-0])).toBe('6c000000014680000000000000006a');
});

test('a float of integral value is a Float, and counts as its value', () => {
  const value = read('464035000000000000');
  expect(value).toStrictEqual(new Float(21));
  expect((value as unknown as number) + 0.5).toBe(21.5);
  expect(wire(value)).toBe('464035000000000000');
  expect(wire(1e300)).toBe(wire(new Float(1e300)));
});

test('binaries are views: nothing is copied', () => {
  const bytes = bytesOf('8368026d00000001616d0000000162');
  const [first] = bert.decode(bytes) as Tuple<Uint8Array[]>;
  expect(first?.buffer).toBe(bytes.buffer);
});

test('an atom is one object wherever it comes from', () => {
  expect(atom('ok')).toBe(atom('ok'));
  expect(read('6400026f6b')).toBe(atom('ok'));
  expect(read('77026f6b')).toBe(atom('ok'));
  expect(createBert().decode(bytesOf('836400026f6b'))).toBe(atom('ok'));
  const map = read('74000000016400016b6101') as Map<unknown, unknown>;
  expect(map.get(atom('k'))).toBe(1);
  expect(`${atom('ok')}`).toBe('ok');
});

test('names with the same bytes in two encodings are two atoms', () => {
  // é in UTF-8, then the two characters that these bytes are in Latin-1.
  expect(read('7702c3a9')).toBe(atom('é'));
  expect(read('640002c3a9')).toBe(atom('Ã©'));
  expect(read('7702c3a9')).toBe(atom('é'));
});

test('atoms that nobody holds are forgotten', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const names = Array.from({ length: 20_000 }, (_, i) => `unheld_${i}`);
  for (const name of names) bert.decode(bert.encode(tuple(atom(name))));
  const held = atom('held');
  await new Promise(setImmediate);
  collect();
  expect(names.filter((name) => Atom.known(name) !== undefined).length).toBeLessThanOrEqual(512);
  expect(atom('held')).toBe(held);
});

test('{io, Eval, Data} and {error, {n2o, Code, Message}} stand for messages at any depth', () => {
  const value = [new Io(binary('f();'), tuple(atom('ok'))), new ErrorFrame('E', 'é')];
  expect(bert.decode(bert.encode(value))).toStrictEqual(value);
  const others = [
    tuple(atom('io')),
    tuple(atom('io'), 1, 2, 3),
    tuple(atom('error'), 1, 2),
    tuple(atom('error'), tuple(atom('n2o'), 'a', 'b')),
    tuple(atom('error'), tuple(atom('n2o'), Uint8Array.of(255), binary('b'))),
    tuple(atom('error'), tuple(atom('n2o'), binary('a'), binary('b'), 1)),
  ];
  expect(bert.decode(bert.encode(others))).toStrictEqual(others);
});

test('a tuple is typed and iterable', () => {
  const [name, count] = tuple(atom('n'), 2);
  expect([name, count]).toStrictEqual([atom('n'), 2]);
  expect(tuple(1, 2).length).toBe(2);
});

test('zeros may follow a term where that is asked for, and nothing else', () => {
  const padded = bytesOf('8361070000000000');
  expect(() => bert.decode(padded)).toThrow(code('N2O_FORMAT_DECODE'));
  const pickles = createBert({ trailing: 'zeros' });
  expect(pickles.decode(padded)).toBe(7);
  expect(() => pickles.decode(bytesOf('83610700000001'))).toThrow(code('N2O_FORMAT_DECODE'));
});

test('binary text comes back as text', () => {
  expect(textOf(binary('їжак'))).toBe('їжак');
  expect(textOf(Uint8Array.of(0xc3))).toBeUndefined();
});

test.each<readonly [string, unknown]>([
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['NaN', Number.NaN],
  ['Infinity', [Number.POSITIVE_INFINITY]],
  ['an infinite Float', new Float(Number.POSITIVE_INFINITY)],
  ['a Set', new Set([1])],
  ['an Error', new TypeError('x')],
  ['a promise', Promise.resolve(1)],
  ['an atom that is too long', atom('a'.repeat(256))],
  ['half a surrogate pair in a key', { '\ud800': 1 }],
])('%s cannot be written', (_, value) => {
  expect(() => bert.encode({ value })).toThrow(code('N2O_FORMAT_ENCODE'));
  expect(wire(1)).toBe('6101');
});

test('a cycle cannot be written', () => {
  const list: unknown[] = [];
  list.push(list);
  expect(() => bert.encode(list)).toThrow(code('N2O_FORMAT_ENCODE'));
});

test('what a getter throws is the cause', () => {
  const cause = new TypeError('not now');
  const value = {
    get held() {
      throw cause;
    },
  };
  expect(() => bert.encode(value)).toThrow(expect.objectContaining({ cause }));
});

test('a getter may itself write something', () => {
  const value = {
    before: 'x',
    get nested() {
      return bert.encode('y'.repeat(9000));
    },
    after: 'z',
  };
  const map = bert.decode(bert.encode(value)) as Map<unknown, unknown>;
  const [before, nested, after] = map.values();
  expect([before, after]).toStrictEqual(['x', 'z']);
  expect(bert.decode(nested as Uint8Array)).toBe('y'.repeat(9000));
});

test('an error says where', () => {
  expect(() => read('6802610a6d0000000961')).toThrow('bert: cut short, at byte 10');
});

const nested = (depth: number, inner: unknown): unknown =>
  depth === 0 ? inner : new Tuple([nested(depth - 1, inner)]);

test('what is within the limits is read, what is beyond is refused', () => {
  const limits = { bytes: 64, depth: 3, terms: 5, atoms: 2, integer: 9, inflated: 20 };
  const strict = createBert({ limits });
  const fine: unknown[] = [
    new Uint8Array(58),
    nested(3, 1),
    [1, 2, 3, 1000],
    tuple(atom('l1'), atom('l2')),
    2n ** 72n - 1n,
  ];
  for (const value of fine) expect(strict.decode(bert.encode(value))).toStrictEqual(value);
  const beyond: unknown[] = [
    new Uint8Array(59),
    nested(4, 1),
    [1, 2, 3, 4, 1000],
    new Map([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
    2n ** 72n,
  ];
  for (const value of beyond) {
    const bytes = bert.encode(value);
    expect(() => strict.decode(bytes)).toThrow(code('N2O_FORMAT_LIMIT'));
  }
  // Written by hand, since an atom that is held is not counted.
  const three = '6803640002f1f1640002f2f2640002f3f3';
  expect(() => strict.decode(bytesOf(`83${three}`))).toThrow(code('N2O_FORMAT_LIMIT'));
  expect(() => strict.encode(nested(4, 1))).toThrow(code('N2O_FORMAT_ENCODE'));
});

test('a list that goes on in its tail is one list', () => {
  expect(read('6c0000000161016c0000000161026a')).toStrictEqual([1, 2]);
  expect(read('6c0000000161016b00020203')).toStrictEqual([1, 2, 3]);
  expect(read('6c0000000161016c0000000161026103')).toStrictEqual(new ImproperList([1, 2], 3));
});

test('an error is one of N2O', () => {
  expect(() => read('ff')).toThrow(N2OError);
});

test('keys that are objects are told apart by what is in them', () => {
  const pairs = [tuple(1, 2), tuple(1, 3), new Map([[tuple(4), 1]]), [5, 600], tuple(1, 4)];
  const map = new Map(pairs.map((key, i) => [key, i]));
  expect(bert.decode(bert.encode(map))).toStrictEqual(map);
});

test.each([
  ['tuples', tuple(1, 2), tuple(1, 3), tuple(1, 2)],
  ['maps', new Map([[[1], 2]]), tuple(1), new Map([[[1], 2]])],
  ['the last two', tuple(1, 2), tuple(1, 3), tuple(1, 3)],
  ['binaries', binary('ab'), [], binary('ab')],
])('a map with the same object twice as a key is refused: %s', (_, ...keys) => {
  const map = new Map<unknown, unknown>(keys.map((key) => [key, 1]));
  const twice = { code: 'N2O_FORMAT_DECODE', message: expect.stringContaining('same key') };
  expect(() => bert.decode(bert.encode(map))).toThrow(expect.objectContaining(twice));
});

test('keys that are made to look alike are told apart all the same', () => {
  // Either half of each pair leads to the same digest.
  const pairs = ['958ee771af7c0858', '7da5dce0c93a2448', '1ac041500c5a30a1', '25d1009186e3cb50'];
  let texts = [''];
  for (const pair of pairs) {
    texts = texts.flatMap((text) => [text + pair.slice(0, 8), text + pair.slice(8)]);
  }
  const keys = texts.map((text) => tuple(bytesOf(text)));
  const written = (all: readonly unknown[]) => bert.encode(new Map(all.map((key) => [key, 1])));
  expect(bert.decode(written(keys))).toStrictEqual(new Map(keys.map((key) => [key, 1])));
  for (const text of [texts[0], texts[9], texts[15]]) {
    const twice = tuple(bytesOf(text as string));
    expect(() => bert.decode(written([...keys, twice]))).toThrow(code('N2O_FORMAT_DECODE'));
  }
});

test('bytes in keys of keys are not looked at again on each level', () => {
  const levels = 900;
  const filling = Buffer.alloc(12 * 1024 * 1024);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(filling.length);
  // Each map has two keys: what is nested, and an empty list.
  const begin = Buffer.from(`83${'7400000002'.repeat(levels)}6d`, 'hex');
  const end = Buffer.from('61016a6102'.repeat(levels), 'hex');
  const deep = createBert({ limits: { ...FORMAT_LIMITS, depth: levels + 1 } });
  expect(deep.decode(Buffer.concat([begin, size, filling, end]))).toBeInstanceOf(Map);
});
