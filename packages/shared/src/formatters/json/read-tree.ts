/** Reads values that were written as N2O's trees of BERT tags and contents. */
import { atom } from '../bert/atom.ts';
import { tupleOf } from '../bert/frame.ts';
import { kindOf, opaqueEnd } from '../bert/opaque.ts';
import { Bits, Float, ImproperList, Opaque } from '../bert/term.ts';
import type { FormatLimits } from '../formatter.ts';
import { define } from '../record.ts';
import { binary } from '../utf8.ts';

/** What is not a tree; not `undefined`, which a tree can stand for. */
export const noTree: unique symbol = Symbol('no tree');

/** 255 characters, each of which may be a pair of surrogates. */
const LONGEST_ATOM = 510;

/** The value that parsed JSON stands for as a tree; `noTree` when any part of it is none. */
export function readTree(json: unknown, limits: FormatLimits): unknown {
  if (!isObject(json)) return noTree;
  const { t, v } = json;
  switch (t) {
    case 70: // NEW_FLOAT_EXT
      return readFloat(v);
    case 77: // BIT_BINARY_EXT
      return readBits(v, json.bits);
    case 97: // SMALL_INTEGER_EXT
    case 98: // INTEGER_EXT
    case 110: // SMALL_BIG_EXT
      return readInteger(v, limits);
    case 100: // ATOM_EXT
      return readAtom(v);
    case 104: {
      // SMALL_TUPLE_EXT
      const items = readItems(v, limits);
      return items === noTree ? noTree : tupleOf(items);
    }
    case 106: // NIL_EXT
      return Array.isArray(v) && v.length === 0 ? [] : noTree;
    case 107: // STRING_EXT
      return typeof v === 'string' ? v : noTree;
    case 108: // LIST_EXT
      return readList(v, json.tail, limits);
    case 109: // BINARY_EXT
      return readBinary(v);
    case 116: // MAP_EXT
      return Array.isArray(v) ? readMap(v, limits) : readRecord(v, limits);
    default:
      return typeof t === 'number' ? readOpaque(t, v) : noTree;
  }
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function readFloat(v: unknown): unknown {
  if (v === '-0.0') return -0;
  if (typeof v !== 'number') return noTree;
  return Number.isSafeInteger(v) ? new Float(v) : v;
}

function readInteger(v: unknown, limits: FormatLimits): unknown {
  if (Number.isSafeInteger(v)) return v;
  // A byte has no more than 2.41 digits.
  if (typeof v !== 'string' || v.length > 2 + limits.integer * 2.41) return noTree;
  if (!/^-?\d+$/.test(v)) return noTree;
  const value = BigInt(v);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function readAtom(v: unknown): unknown {
  if (typeof v === 'boolean' || v === null) return v;
  if (typeof v !== 'string' || v.length > LONGEST_ATOM) return noTree;
  return v === 'undefined' ? undefined : atom(v);
}

function readItems(v: unknown, limits: FormatLimits): unknown[] | typeof noTree {
  if (!Array.isArray(v)) return noTree;
  const items = new Array<unknown>(v.length);
  for (let i = 0; i < v.length; i++) {
    const item = readTree(v[i], limits);
    if (item === noTree) return noTree;
    items[i] = item;
  }
  return items;
}

function readList(v: unknown, tail: unknown, limits: FormatLimits): unknown {
  const items = readItems(v, limits);
  if (items === noTree || tail === undefined) return items;
  const end = readTree(tail, limits);
  return end === noTree ? noTree : new ImproperList(items, end);
}

/** N2O labels whatever an `io` holds as a binary: what is neither text nor bytes stands for itself. */
function readBinary(v: unknown): unknown {
  if (typeof v === 'string') return binary(v);
  return readBytes(v) ?? v;
}

function readBytes(v: unknown): Uint8Array | undefined {
  if (!Array.isArray(v)) return undefined;
  for (const byte of v) {
    if (typeof byte !== 'number' || (byte & 255) !== byte) return undefined;
  }
  return Uint8Array.from(v);
}

function readBits(v: unknown, last: unknown): unknown {
  const bytes = readBytes(v);
  if (bytes === undefined || bytes.length === 0) return noTree;
  if (typeof last !== 'number' || (last & 7) !== last || last === 0) return noTree;
  return new Bits(bytes, last);
}

function readMap(v: readonly unknown[], limits: FormatLimits): unknown {
  const map = new Map<unknown, unknown>();
  for (const pair of v) {
    if (!isObject(pair)) return noTree;
    const key = readTree(pair.k, limits);
    const value = readTree(pair.v, limits);
    if (key === noTree || value === noTree) return noTree;
    map.set(key, value);
  }
  return map;
}

function readRecord(v: unknown, limits: FormatLimits): unknown {
  if (!isObject(v)) return noTree;
  const record: Record<string, unknown> = {};
  for (const key of Object.keys(v)) {
    const value = readTree(v[key], limits);
    if (value === noTree) return noTree;
    define(record, key, value);
  }
  return record;
}

function readOpaque(t: number, v: unknown): unknown {
  const kind = kindOf(t);
  const bytes = readBytes(v);
  if (kind === undefined || bytes === undefined || bytes[0] !== t) return noTree;
  return opaqueEnd(bytes, 0) === bytes.length ? new Opaque(kind, bytes) : noTree;
}
