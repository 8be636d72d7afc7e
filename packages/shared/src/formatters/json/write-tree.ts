/** Writes what JSON has no form for, in N2O's way: each value as its BERT tag and content. */
import { ErrorFrame, type Format, Io } from '../../message.ts';
import { Atom } from '../bert/atom.ts';
import { frameToTuple } from '../bert/frame.ts';
import { Bits, Float, ImproperList, Opaque, Tuple } from '../bert/term.ts';
import { unwritable } from '../formatter.ts';
import { define, hasToJson, isRecord, nameOf } from '../record.ts';
import { textOf } from '../utf8.ts';

/** A value as N2O's JSON has it: `{"t":100,"v":"ok"}` is the atom ok. */
export interface Tree {
  readonly t: number;
  readonly v: unknown;
  /** What an improper list ends in. */
  readonly tail?: Tree;
  /** How many bits of a bitstring's last byte count. */
  readonly bits?: number;
}

/**
 * The tree of a value.
 * @param depth how many levels of JSON it may take
 * @throws N2O_FORMAT_ENCODE
 */
export function writeTree(value: unknown, depth: number, format: Format): Tree {
  // An object and a list in it, at most, before anything else is nested.
  if (depth < 2) throw unwritable(format, 'a value nested so deeply');
  switch (typeof value) {
    case 'string':
      return { t: 107, v: value };
    case 'number':
      return numberTree(value, format);
    case 'bigint':
      return { t: 110, v: value.toString() };
    case 'boolean':
      return { t: 100, v: value };
    case 'undefined':
      return { t: 100, v: 'undefined' };
    case 'object':
      return value === null ? { t: 100, v: null } : objectTree(value, depth, format);
    default:
      throw unwritable(format, nameOf(value));
  }
}

function numberTree(value: number, format: Format): Tree {
  if (!Number.isFinite(value)) throw unwritable(format, String(value));
  if (Object.is(value, -0)) return { t: 70, v: '-0.0' };
  if (!Number.isSafeInteger(value)) return { t: 70, v: value };
  if (value >= 0 && value < 256) return { t: 97, v: value };
  return { t: (value | 0) === value ? 98 : 110, v: value };
}

function objectTree(value: object, depth: number, format: Format): Tree {
  if (value instanceof Atom) return { t: 100, v: value.name };
  if (value instanceof Float) return floatTree(value.value, format);
  if (value instanceof Uint8Array) return { t: 109, v: textOf(value) ?? [...value] };
  if (value instanceof Bits) return { t: 77, v: [...value.bytes], bits: value.last };
  if (value instanceof Opaque) return { t: value.bytes[0] as number, v: [...value.bytes] };
  if (value instanceof Io || value instanceof ErrorFrame) {
    return objectTree(frameToTuple(value), depth, format);
  }
  const trees = (items: readonly unknown[]) =>
    Array.from(items, (item) => writeTree(item, depth - 2, format));
  if (value instanceof Tuple) return { t: 104, v: trees(value.items) };
  if (Array.isArray(value)) {
    return value.length === 0 ? { t: 106, v: [] } : { t: 108, v: trees(value) };
  }
  if (value instanceof ImproperList) {
    const tail = writeTree(value.tail, depth - 1, format);
    return { t: 108, v: trees(value.items), tail };
  }
  if (value instanceof Map) {
    const v = Array.from(value, ([key, held]) => ({
      k: writeTree(key, depth - 3, format),
      v: writeTree(held, depth - 3, format),
    }));
    return { t: 116, v };
  }
  if (hasToJson(value)) return writeTree(value.toJSON(), depth - 1, format);
  if (!isRecord(value)) throw unwritable(format, nameOf(value));
  const v: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) define(v, key, writeTree(value[key], depth - 2, format));
  }
  return { t: 116, v };
}

function floatTree(value: number, format: Format): Tree {
  const tree = numberTree(value, format);
  return tree.t === 70 ? tree : { t: 70, v: value };
}
