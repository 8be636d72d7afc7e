/** Writes BERT, byte for byte as Erlang does. */
import { ErrorFrame, Io } from '../../message.ts';
import { asUnwritable, unwritable } from '../formatter.ts';
import { hasToJson, isRecord, nameOf } from '../record.ts';
import { Writer } from '../writer.ts';
import { Atom } from './atom.ts';
import { frameToTuple } from './frame.ts';
import * as scalar from './scalar.ts';
import { Bits, Float, ImproperList, Opaque, Tuple, Written } from './term.ts';

/** How atoms are written: as OTP 25 does and N2O's browser files expect, or as OTP 26 does. */
export type AtomForm = 'latin1' | 'utf8';

/** Writes one payload after the other. */
export class Encoder {
  readonly #out = new Writer();
  readonly #atoms: AtomForm;
  readonly #depth: number;
  #busy = false;

  /** @param depth how deep a value may be nested; a cycle ends there */
  constructor(atoms: AtomForm, depth: number) {
    this.#atoms = atoms;
    this.#depth = depth;
  }

  /** @throws N2O_FORMAT_ENCODE */
  encode(value: unknown): Uint8Array {
    // The value may have a getter that itself writes something.
    if (this.#busy) return new Encoder(this.#atoms, this.#depth).encode(value);
    this.#busy = true;
    try {
      this.#out.begin();
      this.#out.byte(131);
      this.#term(value, this.#depth);
      return this.#out.end();
    } catch (error) {
      throw asUnwritable('bert', error);
    } finally {
      this.#busy = false;
    }
  }

  #term(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'number':
        scalar.writeNumber(this.#out, value);
        break;
      case 'string':
        scalar.writeString(this.#out, value);
        break;
      case 'bigint':
        scalar.writeBigInt(this.#out, value);
        break;
      case 'boolean':
      case 'undefined':
        this.#atom(String(value));
        break;
      case 'object':
        if (value === null) this.#atom('null');
        else this.#object(value, depth);
        break;
      default:
        throw unwritable('bert', nameOf(value));
    }
  }

  #object(value: object, depth: number): void {
    const out = this.#out;
    if (value instanceof Atom) this.#atom(value.name);
    else if (value instanceof Uint8Array) scalar.writeBinary(out, value);
    else if (value instanceof Float) scalar.writeFloat(out, value.value);
    else if (value instanceof Opaque) out.copy(value.bytes);
    else if (value instanceof Written) value.write(out);
    else if (value instanceof Bits) scalar.writeBits(out, value);
    else if (depth === 0) throw unwritable('bert', 'a value nested so deeply');
    else if (value instanceof Tuple) this.#tuple(value.items, depth);
    else if (Array.isArray(value)) this.#list(value, depth);
    else if (value instanceof Map) this.#map(value, depth);
    else if (value instanceof Io || value instanceof ErrorFrame) {
      this.#tuple(frameToTuple(value).items, depth);
    } else if (value instanceof ImproperList) {
      this.#items(108, value.items, depth);
      this.#term(value.tail, depth - 1);
    } else if (hasToJson(value)) this.#term(value.toJSON(), depth - 1);
    else if (isRecord(value)) this.#record(value, depth);
    else throw unwritable('bert', nameOf(value));
  }

  #atom(name: string): void {
    scalar.writeAtom(this.#out, name, this.#atoms === 'utf8');
  }

  #tuple(items: readonly unknown[], depth: number): void {
    if (items.length > 255) {
      this.#items(105, items, depth);
      return;
    }
    this.#out.byte(104);
    this.#out.byte(items.length);
    for (let i = 0; i < items.length; i++) this.#term(items[i], depth - 1);
  }

  #list(items: readonly unknown[], depth: number): void {
    if (items.length === 0) {
      this.#out.byte(106);
    } else if (areBytes(items)) {
      scalar.writeByteList(this.#out, items);
    } else {
      this.#items(108, items, depth);
      this.#out.byte(106);
    }
  }

  #items(tag: number, items: readonly unknown[], depth: number): void {
    scalar.writeHead(this.#out, tag, items.length);
    for (let i = 0; i < items.length; i++) this.#term(items[i], depth - 1);
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): void {
    scalar.writeHead(this.#out, 116, map.size);
    for (const [key, value] of map) {
      this.#term(key, depth - 1);
      this.#term(value, depth - 1);
    }
  }

  /** Writes a plain object as a map whose keys are binaries. */
  #record(record: Readonly<Record<string, unknown>>, depth: number): void {
    const out = this.#out;
    const keys = Object.keys(record);
    scalar.writeHead(out, 116, keys.length);
    for (const key of keys) {
      scalar.writeText(out, key);
      this.#term(record[key], depth - 1);
    }
  }
}

/** Would Erlang write this list as a string? */
function areBytes(items: readonly unknown[]): items is readonly number[] {
  if (items.length > scalar.LONGEST_STRING) return false;
  for (const item of items) {
    if (typeof item !== 'number' || (item & 255) !== item || Object.is(item, -0)) return false;
  }
  return true;
}
