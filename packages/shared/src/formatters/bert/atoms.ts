/** Reads atoms off the wire, those seen lately without making a string. */
import { beyond, type FormatLimits, malformed } from '../formatter.ts';
import { needUtf8, readLatin1 } from '../utf8.ts';
import { Atom } from './atom.ts';

/** A power of two. */
const SLOTS = 512;

/** Erlang's own bound, in characters. */
const LONGEST = 255;

/** No name of an atom is this long. */
const NOBODY = '-'.repeat(LONGEST + 1);

/** A decoder's memory of atoms: one slot per hash of their bytes, so it never grows. */
export class AtomReader {
  /** How many atoms nobody holds yet may still be made. */
  fresh = 0;
  readonly #limits: FormatLimits;
  readonly #names: string[] = new Array<string>(SLOTS).fill(NOBODY);
  readonly #values: unknown[] = new Array<unknown>(SLOTS).fill(undefined);

  constructor(limits: FormatLimits) {
    this.#limits = limits;
  }

  /** The value of the atom whose name is `bytes[from..to)`, in Latin-1 or UTF-8. */
  read(bytes: Uint8Array, from: number, to: number, utf8: boolean): unknown {
    let hash = to - from;
    let any = 0;
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      hash = (hash * 31 + byte) | 0;
      any |= byte;
    }
    // Only ASCII names are kept in slots: their bytes are the same in both encodings.
    if (any > 0x7f) {
      return this.#value(utf8 ? needUtf8(bytes, from, to) : readLatin1(bytes, from, to));
    }
    const slot = hash & (SLOTS - 1);
    if (isName(this.#names[slot] as string, bytes, from, to)) return this.#values[slot];
    const name = readLatin1(bytes, from, to);
    const value = this.#value(name);
    this.#names[slot] = name;
    this.#values[slot] = value;
    return value;
  }

  #value(name: string): unknown {
    if (name === 'true') return true;
    if (name === 'false') return false;
    if (name === 'null') return null;
    if (name === 'undefined') return undefined;
    const known = Atom.known(name);
    if (known !== undefined) return known;
    if (name.length > LONGEST && [...name].length > LONGEST) {
      throw malformed('bert', `an atom of more than ${LONGEST} characters`);
    }
    if (this.fresh-- === 0) throw beyond('bert', 'atoms', this.#limits);
    return Atom.of(name);
  }
}

function isName(name: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) !== bytes[from + i]) return false;
  }
  return true;
}
