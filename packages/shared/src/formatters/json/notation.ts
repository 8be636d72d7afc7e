/** JSON as text, with N2O's own messages in it and whatever else JSON has no form for. */
import { ErrorFrame, type Format, Io } from '../../message.ts';
import { Atom } from '../bert/atom.ts';
import { Bits, Float, ImproperList, Opaque, Tuple } from '../bert/term.ts';
import { asUnwritable, type FormatLimits, malformed, unwritable } from '../formatter.ts';
import { hasOnly, hasToJson, isRecord } from '../record.ts';
import type { Notation } from '../textual.ts';
import { noTree, readTree } from './read-tree.ts';
import { scan } from './scan.ts';
import { type Tree, writeTree } from './write-tree.ts';

/** How N2O's own messages look: as an object or as an array. */
export interface Frames {
  write(frame: Io | ErrorFrame): unknown;
  /** The message that parsed JSON stands for. */
  read(json: object): Io | ErrorFrame | undefined;
}

/** The tag of a tree at the top: BERT's version byte, so that no message has this form by chance. */
const TERM = 131;

/** Reads and writes values as JSON texts. */
export class JsonNotation implements Notation {
  readonly #format: Format;
  readonly #frames: Frames;
  readonly #limits: FormatLimits;

  constructor(format: Format, frames: Frames, limits: FormatLimits) {
    this.#format = format;
    this.#frames = frames;
    this.#limits = limits;
  }

  /** @throws N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT */
  read(text: string): unknown {
    scan(text, this.#limits, this.#format);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw malformed(this.#format, 'not JSON', error);
    }
    return typeof json === 'object' && json !== null ? this.#readObject(json) : json;
  }

  /** @throws N2O_FORMAT_ENCODE */
  write(value: unknown): string {
    try {
      return JSON.stringify(this.#form(value));
    } catch (error) {
      throw asUnwritable(this.#format, error);
    }
  }

  /** What to write: the value itself where it is plain JSON, and is read as nothing else. */
  #form(value: unknown): unknown {
    const { depth } = this.#limits;
    if (value instanceof ErrorFrame) return this.#frames.write(value);
    if (value instanceof Io) {
      const plain = this.#isPlain(value.eval, depth - 1) && this.#isPlain(value.data, depth - 1);
      return plain ? this.#frames.write(value) : this.#tree(value);
    }
    const plain = isObject(value) && hasToJson(value) ? value.toJSON() : value;
    if (!this.#isPlain(plain, depth)) return this.#tree(plain);
    return isObject(plain) && this.#readObject(plain) !== plain ? this.#tree(plain) : plain;
  }

  #readObject(json: object): unknown {
    const frame = this.#frames.read(json);
    if (frame !== undefined) return frame;
    if (!hasOnly(json, 't', 'v')) return json;
    const tree = json.t === TERM ? json.v : isNamed(json) ? json : undefined;
    const value = tree === undefined ? noTree : readTree(tree, this.#limits);
    return value === noTree ? json : value;
  }

  /** Tuples with a name look as N2O writes them; all else is marked as a term. */
  #tree(value: unknown): Tree {
    const tree = writeTree(value, this.#limits.depth - 1, this.#format);
    return isNamed(tree) ? tree : { t: TERM, v: tree };
  }

  /** Is the value, all of it, one that JSON has a form for? */
  #isPlain(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return true;
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0);
      case 'object':
        return value === null || this.#isPlainObject(value, depth);
      default:
        return false;
    }
  }

  #isPlainObject(value: object, depth: number): boolean {
    if (depth === 0) throw unwritable(this.#format, 'a value nested so deeply');
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) if (!this.#isPlain(value[i], depth - 1)) return false;
      return true;
    }
    if (hasToJson(value)) return this.#isPlain(value.toJSON(), depth - 1);
    if (!isRecord(value) || isTerm(value)) return false;
    for (const key in value) {
      // A property that is undefined is as good as none, as everywhere in JSON.
      if (value[key] !== undefined && !this.#isPlain(value[key], depth - 1)) return false;
    }
    return true;
  }
}

function isTerm(value: object): boolean {
  return (
    Object.getPrototypeOf(value) !== Object.prototype &&
    (value instanceof Atom ||
      value instanceof Tuple ||
      value instanceof Float ||
      value instanceof ImproperList ||
      value instanceof Bits ||
      value instanceof Opaque ||
      value instanceof Io ||
      value instanceof ErrorFrame)
  );
}

/** Is this the tree of a tuple whose first element is an atom? */
function isNamed(json: { readonly t?: unknown; readonly v?: unknown }): boolean {
  if (json.t !== 104 || !Array.isArray(json.v)) return false;
  const name: unknown = json.v[0];
  return isObject(name) && hasOnly(name, 't', 'v') && name.t === 100;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
