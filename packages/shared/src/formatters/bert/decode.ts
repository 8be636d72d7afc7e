/** Reads BERT, Erlang's external term format: bytes in, a value out. */
import { beyond, type FormatLimits } from '../formatter.ts';
import { readLatin1 } from '../utf8.ts';
import { Atom } from './atom.ts';
import { AtomReader } from './atoms.ts';
import { Cursor } from './cursor.ts';
import { tupleOf } from './frame.ts';
import { readBigInteger, readBits, readNewFloat, readOldFloat } from './number.ts';
import { ObjectKeys } from './object-keys.ts';
import { kindOf, opaqueEnd } from './opaque.ts';
import { ImproperList, Opaque } from './term.ts';

/** What may follow a term: nothing, or the zeros that fill up a block of a cipher. */
export type Trailing = 'refuse' | 'zeros';

/** Inflates a zlib stream to so many bytes. @throws N2O_FORMAT_DECODE */
export type Inflate = (stream: Uint8Array, size: number) => Uint8Array;

/** Reads one payload after the other. */
export class Decoder {
  readonly #limits: FormatLimits;
  readonly #trailing: Trailing;
  readonly #inflate: Inflate | undefined;
  readonly #atoms: AtomReader;
  readonly #input = new Cursor();
  /** How many terms may still come. */
  #terms = 0;

  constructor(limits: FormatLimits, trailing: Trailing, inflate: Inflate | undefined) {
    this.#limits = limits;
    this.#trailing = trailing;
    this.#inflate = inflate;
    this.#atoms = new AtomReader(limits);
  }

  /** @throws N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT */
  decode(bytes: Uint8Array): unknown {
    const input = this.#input;
    const limits = this.#limits;
    if (bytes.length > limits.bytes) throw beyond('bert', 'bytes', limits);
    input.open(bytes);
    this.#terms = limits.terms - 1;
    this.#atoms.fresh = limits.atoms;
    if (input.uint8() !== 131) throw input.malformed('no version byte');
    if (bytes[1] === 80) this.#decompress();
    const value = this.#term(limits.depth);
    if (input.rest > 0) this.#end();
    input.close();
    return value;
  }

  /** Reads a term that may hold others `depth` levels deep. */
  #term(depth: number): unknown {
    const input = this.#input;
    const tag = input.uint8();
    switch (tag) {
      case 70: // NEW_FLOAT_EXT
        return readNewFloat(input);
      case 77: // BIT_BINARY_EXT
        return readBits(input);
      case 97: // SMALL_INTEGER_EXT
        return input.uint8();
      case 98: // INTEGER_EXT
        return input.int32();
      case 99: // FLOAT_EXT
        return readOldFloat(input);
      case 100: // ATOM_EXT
        return this.#atom(input.uint16(), false);
      case 104: // SMALL_TUPLE_EXT
        return tupleOf(this.#elements(input.uint8(), depth));
      case 105: // LARGE_TUPLE_EXT
        return tupleOf(this.#elements(input.uint32(), depth));
      case 106: // NIL_EXT
        return [];
      case 107: // STRING_EXT
        return this.#string();
      case 108: // LIST_EXT
        return this.#list(depth);
      case 109: // BINARY_EXT
        return input.view(input.uint32());
      case 110: // SMALL_BIG_EXT
        return this.#integer(input.uint8());
      case 111: // LARGE_BIG_EXT
        return this.#integer(input.uint32());
      case 115: // SMALL_ATOM_EXT
        return this.#atom(input.uint8(), false);
      case 116: // MAP_EXT
        return this.#map(depth);
      case 118: // ATOM_UTF8_EXT
        return this.#atom(input.uint16(), true);
      case 119: // SMALL_ATOM_UTF8_EXT
        return this.#atom(input.uint8(), true);
      default:
        return this.#opaque(tag);
    }
  }

  #atom(length: number, utf8: boolean): unknown {
    const from = this.#input.take(length);
    return this.#atoms.read(this.#input.bytes, from, from + length, utf8);
  }

  #string(): string {
    const length = this.#input.uint16();
    const from = this.#input.take(length);
    return readLatin1(this.#input.bytes, from, from + length);
  }

  #integer(length: number): number | bigint {
    if (length > this.#limits.integer) throw beyond('bert', 'integer', this.#limits);
    const negative = this.#input.uint8() !== 0;
    const from = this.#input.take(length);
    return readBigInteger(this.#input.bytes, from, from + length, negative);
  }

  #elements(count: number, depth: number): unknown[] {
    this.#enter(count, depth);
    const items = new Array<unknown>(count);
    for (let i = 0; i < count; i++) items[i] = this.#term(depth - 1);
    return items;
  }

  #list(depth: number): unknown {
    const input = this.#input;
    const items = this.#elements(input.uint32(), depth);
    if (input.bytes[input.at] === 106) {
      input.at++;
      return items;
    }
    // A tail that is itself a list goes on; `[a | b]` ends in something else.
    const tail = this.#term(depth - 1);
    if (items.length === 0) return tail;
    if (Array.isArray(tail)) return items.concat(tail);
    if (typeof tail === 'string') return items.concat(Array.from(tail, (c) => c.charCodeAt(0)));
    if (tail instanceof ImproperList) return new ImproperList(items.concat(tail.items), tail.tail);
    return new ImproperList(items, tail);
  }

  #map(depth: number): Map<unknown, unknown> {
    const input = this.#input;
    const count = input.uint32();
    this.#enter(count * 2, depth);
    const map = new Map<unknown, unknown>();
    let objects: ObjectKeys | undefined;
    for (let i = 0; i < count; i++) {
      const from = input.at;
      const key = this.#term(depth - 1);
      let twice = map.has(key);
      if (typeof key === 'object' && key !== null && !(key instanceof Atom)) {
        objects ??= new ObjectKeys(input.bytes);
        twice = objects.isTwice(from, input.at);
      }
      if (twice) throw input.malformed('a map with the same key twice');
      map.set(key, this.#term(depth - 1));
    }
    return map;
  }

  #opaque(tag: number): Opaque {
    const input = this.#input;
    const kind = kindOf(tag);
    if (kind === undefined) throw input.malformed(`an unknown tag ${tag}`);
    const from = input.at - 1;
    const end = opaqueEnd(input.bytes, from);
    if (end < 0) throw input.malformed(`a malformed ${kind}`);
    input.at = from;
    return new Opaque(kind, input.view(end - from));
  }

  #decompress(): void {
    const input = this.#input;
    if (!this.#inflate) throw input.malformed('compressed, which is not read here');
    input.at = 2;
    const size = input.uint32();
    if (size > this.#limits.inflated) throw beyond('bert', 'inflated', this.#limits);
    input.open(this.#inflate(input.view(input.rest), size));
  }

  /** Enters a list, tuple or map of so many elements. */
  #enter(count: number, depth: number): void {
    if (depth === 0) throw beyond('bert', 'depth', this.#limits);
    // Each element takes a byte at least: nothing is allocated for those that cannot be there.
    if (count > this.#input.rest) throw this.#input.cut();
    this.#terms -= count;
    if (this.#terms < 0) throw beyond('bert', 'terms', this.#limits);
  }

  #end(): void {
    const { bytes, at } = this.#input;
    let i = at;
    if (this.#trailing === 'zeros') while (bytes[i] === 0) i++;
    if (i !== bytes.length) throw this.#input.malformed('bytes follow the term');
  }
}
