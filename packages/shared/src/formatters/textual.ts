/** Makes a formatter of a way to read and write text. */
import type { Format } from '../message.ts';
import { beyond, type FormatLimits, type Formatter } from './formatter.ts';
import { binary, needUtf8 } from './utf8.ts';
import { Writer } from './writer.ts';

/** A way to write values as text. */
export interface Notation {
  /** @throws N2O_FORMAT_DECODE, N2O_FORMAT_LIMIT */
  read(text: string): unknown;
  /** The text has no half of a surrogate pair. @throws N2O_FORMAT_ENCODE */
  write(value: unknown): string;
}

/** A longer text gets memory of its own. */
const LONG = 4096;

/** The formatter of a notation, in UTF-8. */
export function textual(name: Format, notation: Notation, limits: FormatLimits): Formatter {
  const out = new Writer();
  return {
    name,
    decode(bytes) {
      if (bytes.length > limits.bytes) throw beyond(name, 'bytes', limits);
      return notation.read(needUtf8(bytes));
    },
    encode(value) {
      const text = notation.write(value);
      if (text.length > LONG) return binary(text);
      out.begin();
      out.utf8(text);
      return out.end();
    },
  };
}
