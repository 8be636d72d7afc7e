/** Arbitrary values of all kinds that the formatters must bring back as they were. */
import fc from 'fast-check';
import { type Atom, atom } from '../../src/formatters/bert/atom.ts';
import { createBert } from '../../src/formatters/bert/bert.ts';
import { Bits, Float, ImproperList, Opaque, Tuple, tuple } from '../../src/formatters/bert/term.ts';
import { XmlElement } from '../../src/formatters/xml/element.ts';
import { ErrorFrame, Io } from '../../src/message.ts';

/** Atoms that are values of their own. */
const VALUES = new Set(['true', 'false', 'null', 'undefined']);

/** Well-formed text of any script. */
export const text: fc.Arbitrary<string> = fc.string({ unit: 'binary', maxLength: 40 });

/** Any string of JavaScript, half surrogate pairs among them. */
export const anyString: fc.Arbitrary<string> = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((chars) => String.fromCharCode(...chars));

/** What Erlang writes as a string. */
const latin1: fc.Arbitrary<string> = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 })
  .map((chars) => String.fromCharCode(...chars));

const anyAtom: fc.Arbitrary<Atom> = fc
  .oneof(fc.constantFrom('io', 'error', 'n2o', 'ok', ''), text)
  .filter((name) => !VALUES.has(name))
  .map(atom);

const bytes = fc.uint8Array({ maxLength: 40 });

const numbers: fc.Arbitrary<number | bigint | Float> = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.integer({ min: 0, max: 255 }),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((x) => (Number.isSafeInteger(x) && !Object.is(x, -0) ? new Float(x) : x)),
  fc.constant(-0),
  fc.bigInt().filter((x) => !Number.isSafeInteger(Number(x))),
);

const bits = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 7 }))
  .map(([held, last]) => {
    const end = held.length - 1;
    held[end] = (held[end] as number) & ~(0xff >> last);
    return new Bits(held, last);
  });

const opaque = bytes.map((id) => {
  const pid = Uint8Array.of(88, 119, 1, 97, ...id, ...new Uint8Array(12));
  return new Opaque('pid', pid.slice(0, 16));
});

const errors = fc.tuple(text, text).map(([code, message]) => new ErrorFrame(code, message));

const scalars = fc.oneof(
  fc.constantFrom(null, undefined, true, false),
  numbers,
  anyAtom,
  bytes,
  bits,
  opaque,
);

/** Containers of Erlang around what is given; no value that stands for another. */
function containers(inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown>[] {
  const items = fc.array(inner, { maxLength: 4 });
  return [
    items.map((held) => new Tuple(held)).filter((value) => !isFrame(value)),
    fc
      .tuple(anyAtom, items)
      .map(([name, held]) => new Tuple([name, ...held]))
      .filter((v) => !isFrame(v)),
    fc.tuple(inner, inner).map(([code, data]) => new Io(code, data)),
    errors,
    fc
      .tuple(fc.array(inner, { minLength: 1, maxLength: 3 }), inner)
      .filter(([, tail]) => !isList(tail))
      .map(([held, tail]) => new ImproperList(held, tail)),
    fc
      .uniqueArray(fc.tuple(inner, inner), { maxLength: 4, selector: ([key]) => keyOf(key) })
      .map((pairs) => new Map(pairs)),
  ];
}

function isFrame(value: Tuple): boolean {
  const [name, inner] = value.items;
  if (name === atom('io')) return value.length === 3;
  return name === atom('error') && inner instanceof Tuple && inner.items[0] === atom('n2o');
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || typeof value === 'string' || value instanceof ImproperList;
}

const bert = createBert();

/** What tells keys of a map apart: a list and a string may be the same key in Erlang. */
function keyOf(key: unknown): unknown {
  try {
    return Buffer.from(bert.encode(key === '' ? [] : key)).toString('latin1');
  } catch {
    return key;
  }
}

/** Does Erlang write this list as a string? */
function areBytes(items: readonly unknown[]): boolean {
  return items.every((x) => typeof x === 'number' && (x & 255) === x && !Object.is(x, -0));
}

/** Values that BERT brings back: strings of bytes, lists that are no strings, all else of Erlang. */
export const terms: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const term = tie('term');
  const lists = fc
    .array(term, { maxLength: 4 })
    .filter((items) => items.length === 0 || !areBytes(items));
  return {
    term: fc.oneof({ depthSize: 'small' }, scalars, latin1, lists, ...containers(term)),
  };
}).term;

/** Plain JSON, keys and shapes that are dangerous or look like something else among it. */
const plain = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}'),
    { name: 'io', eval: 'fire();', data: 1 },
    { name: 'io', eval: 'fire();', data: 1, more: 2 },
    { error: { code: 'E', message: 'no' } },
    { error: { code: -32601, message: 'no' } },
    { t: 104, v: [{ t: 100, v: 'io' }] },
    { t: 131, v: { t: 100, v: 'ok' } },
    { t: 131, v: { t: 131, v: { t: 100, v: 'ok' } } },
    { t: 100, v: 'ok' },
    { t: 21.5, v: 3.3 },
    ['io', 'fire();', 1],
    ['error', 'E', 'no'],
    ['error', 1, 'no'],
  ),
);

/** Values that JSON brings back: plain JSON, any string, plain objects, all of Erlang's terms. */
export const values: fc.Arbitrary<unknown> = fc.letrec((tie) => {
  const value = tie('value');
  const objects = fc.dictionary(
    fc.oneof(fc.constantFrom('t', 'v', 'name', '__proto__'), anyString),
    value.filter((held) => held !== undefined),
    { maxKeys: 4, noNullPrototype: true },
  );
  const lists = fc.array(value, { maxLength: 4 });
  return {
    value: fc.oneof(
      { depthSize: 'small' },
      scalars,
      plain,
      anyString,
      lists,
      objects,
      ...containers(value),
    ),
  };
}).value;

const names = fc
  .stringMatching(/^[A-Za-z_:é][-.A-Za-z0-9_:é]{0,8}$/)
  .filter((name) => name !== 'constructor' && name !== 'prototype');

/** Text that XML can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it cannot hold
const xmlText = text.map((held) => held.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ''));

/** Elements whose texts are not empty and have an element between them. */
export const elements: fc.Arbitrary<XmlElement> = fc.letrec<{ element: XmlElement }>((tie) => ({
  element: fc
    .tuple(
      names,
      fc.dictionary(names, xmlText, { maxKeys: 3, noNullPrototype: true }),
      fc.array(fc.oneof({ depthSize: 'small' }, xmlText, tie('element')), { maxLength: 4 }),
    )
    .map(([name, attributes, children]) => new XmlElement(name, attributes, joined(children))),
})).element;

function joined(children: readonly (XmlElement | string)[]): (XmlElement | string)[] {
  const result: (XmlElement | string)[] = [];
  for (const child of children) {
    const last = result.at(-1);
    if (typeof child === 'string' && typeof last === 'string')
      result[result.length - 1] = last + child;
    else if (child !== '') result.push(child);
  }
  return result;
}

/** A message that a client of N2O may send. */
export const pickle = tuple(
  atom('pickle'),
  Uint8Array.of(1, 2, 3),
  new Map<unknown, unknown>([[atom('k'), [1, 'x', 2.5]]]),
);
