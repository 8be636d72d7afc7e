/** The keys of one map that are objects: told apart by their bytes. */
import { readLatin1 } from '../utf8.ts';

/** More keys than this have the same digest only where somebody made them so. */
const ALIKE = 8;

/** Where keys of one length begin, by their digests; where too many have the same, what they are. */
type Digests = Map<number, number[] | Set<string>>;

/**
 * The bytes of a key are looked at only where another one has the same length. So keys that hold
 * maps, whose keys hold maps, cost little more on many levels than on one: what has a partner of
 * its length is half of the map at most.
 */
export class ObjectKeys {
  /** The first key of each length is there by its place alone, as long as it is the only one. */
  readonly #lengths = new Map<number, number | Digests>();
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Takes the key that was read from `[from..to)`. Was it there already? */
  isTwice(from: number, to: number): boolean {
    const length = to - from;
    let others = this.#lengths.get(length);
    if (others === undefined) {
      this.#lengths.set(length, from);
      return false;
    }
    if (typeof others === 'number') {
      if (this.#isSame(others, from, length)) return true;
      others = new Map([[this.#digest(others, length), [others]]]);
      this.#lengths.set(length, others);
    }
    return this.#isAmong(others, from, length);
  }

  #isAmong(others: Digests, from: number, length: number): boolean {
    const digest = this.#digest(from, length);
    let alike = others.get(digest);
    if (alike === undefined) {
      others.set(digest, [from]);
      return false;
    }
    const text = (at: number) => readLatin1(this.#bytes, at, at + length);
    if (Array.isArray(alike)) {
      if (alike.some((other) => this.#isSame(other, from, length))) return true;
      if (alike.push(from) < ALIKE) return false;
      alike = new Set(alike.map(text));
      others.set(digest, alike);
      return false;
    }
    const { size } = alike;
    return alike.add(text(from)).size === size;
  }

  #digest(from: number, length: number): number {
    const bytes = this.#bytes;
    let digest = length;
    for (let i = from; i < from + length; i++) {
      digest = Math.imul(digest ^ (bytes[i] as number), 0x9e3779b1);
      digest ^= digest >>> 15;
    }
    return digest;
  }

  #isSame(one: number, other: number, length: number): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[one + i] !== bytes[other + i]) return false;
    return true;
  }
}
