/** Erlang terms as the vectors write them in JSON, and as values. */
import { atom } from '../../src/formatters/bert/atom.ts';
import { Bits, Float, ImproperList, Tuple } from '../../src/formatters/bert/term.ts';
import { Io } from '../../src/message.ts';
import { bytesOf } from './vectors.ts';

type Term = Readonly<Record<string, unknown>>;

/** The value that a term of the vectors stands for; its lists are arrays, its `{"s"}` are strings. */
export function fromTerm(term: unknown): unknown {
  const [entry] = Object.entries(term as Term);
  if (entry === undefined) throw new TypeError(`no term: ${JSON.stringify(term)}`);
  const [kind, held] = entry;
  switch (kind) {
    case 'a':
      return atomOf(String(held));
    case 'b':
      return bytesOf(held);
    case 'i':
      return integerOf(String(held));
    case 'f':
      return floatOf(Number(held));
    case 's':
      return held;
    case 't':
      return tupleOf((held as readonly unknown[]).map(fromTerm));
    case 'l':
      return (held as readonly unknown[]).map(fromTerm);
    case 'lrep': {
      const [item, times] = held as readonly [unknown, number];
      return new Array(times).fill(fromTerm(item));
    }
    case 'il': {
      const [items, tail] = held as readonly [readonly unknown[], unknown];
      return new ImproperList(items.map(fromTerm), fromTerm(tail));
    }
    case 'm': {
      const pairs = held as readonly (readonly [unknown, unknown])[];
      return new Map(pairs.map(([key, value]) => [fromTerm(key), fromTerm(value)]));
    }
    case 'bits': {
      const [hex, count] = held as readonly [string, number];
      return new Bits(bytesOf(hex), count % 8);
    }
    default:
      throw new TypeError(`no term: ${kind}`);
  }
}

function atomOf(name: string): unknown {
  if (name === 'true') return true;
  if (name === 'false') return false;
  if (name === 'null') return null;
  return name === 'undefined' ? undefined : atom(name);
}

function integerOf(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function floatOf(value: number): number | Float {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? new Float(value) : value;
}

function tupleOf(items: readonly unknown[]): Tuple | Io {
  return items[0] === atom('io') && items.length === 3
    ? new Io(items[1], items[2])
    : new Tuple(items);
}

/** The value with all its strings as lists of their chars: in Erlang they are one thing. */
export function asLists(value: unknown): unknown {
  if (typeof value === 'string') return Array.from(value, (char) => char.codePointAt(0));
  if (Array.isArray(value)) return value.map(asLists);
  if (value instanceof Tuple) return new Tuple(value.items.map(asLists));
  if (value instanceof Io) return new Io(asLists(value.eval), asLists(value.data));
  if (value instanceof ImproperList) {
    return new ImproperList(value.items.map(asLists), asLists(value.tail));
  }
  if (value instanceof Map) {
    return new Map([...value].map(([key, held]) => [asLists(key), asLists(held)]));
  }
  return value;
}
