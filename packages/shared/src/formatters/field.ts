/** A value inside of a text: strings as they are, all else as JSON. */
import type { Format } from '../message.ts';
import type { FormatLimits } from './formatter.ts';
import { objectFrames } from './json/json.ts';
import { JsonNotation } from './json/notation.ts';
import { scan } from './json/scan.ts';
import type { Notation } from './textual.ts';
import { textOf } from './utf8.ts';

/** What a string must begin with to be JSON; not what JSON must be, only what code seldom is. */
const JSON_LIKE = /^[\t\n\r ]*(?:["{[]|-?\d|true|false|null)/;

const NESTED = /^[\t\n\r ]*[{[]/;

/** Reads and writes the fields of a text. */
export class FieldNotation implements Notation {
  readonly #json: JsonNotation;
  readonly #format: Format;
  readonly #foreign: RegExp;
  /** Of depth alone: only JSON that was parsed is known to have elements. */
  readonly #limits: FormatLimits;

  /** @param foreign matches what the text around the field cannot hold; lone surrogates among it */
  constructor(format: Format, foreign: RegExp, limits: FormatLimits) {
    this.#json = new JsonNotation(format, objectFrames, limits);
    this.#format = format;
    this.#foreign = foreign;
    this.#limits = { ...limits, terms: Number.POSITIVE_INFINITY };
  }

  /** What is not JSON is a string. @throws N2O_FORMAT_LIMIT */
  read(text: string): unknown {
    if (!NESTED.test(text)) return this.#isJson(text) ? this.#json.read(text) : text;
    try {
      return this.#json.read(text);
    } catch (error) {
      if (this.#isJson(text)) throw error;
      return text;
    }
  }

  /** What was written as a string. */
  readString(text: string): string {
    const value = this.read(text);
    return typeof value === 'string' ? value : text;
  }

  /** Strings that would be read as something else are written in JSON's quotes. Bytes become text. */
  write(value: unknown): string {
    const text = value instanceof Uint8Array ? (textOf(value) ?? value) : value;
    if (typeof text === 'string' && !this.#foreign.test(text) && !this.#isJson(text)) return text;
    // JSON has an escape for all that a text cannot hold; these two it does not use by itself.
    return this.#json.write(text).replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff');
  }

  /** What is nested beyond the limit is taken for JSON, and not parsed: that would take long. */
  #isJson(text: string): boolean {
    return JSON_LIKE.test(text) && (this.#isDeep(text) || isParsed(text));
  }

  #isDeep(text: string): boolean {
    if (!NESTED.test(text)) return false;
    try {
      scan(text, this.#limits, this.#format);
      return false;
    } catch {
      return true;
    }
  }
}

function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
