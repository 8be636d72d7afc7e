/** The binary formatter: bytes as they are. */
import { ErrorFrame, Io } from '../message.ts';
import { beyond, type FormatLimits, type Formatter, unwritable } from './formatter.ts';
import { nameOf } from './record.ts';

/** Makes a binary formatter. Strings and N2O's own messages are written as the text formatter does. */
export function createBinary(text: Formatter, limits: FormatLimits): Formatter {
  return {
    name: 'binary',

    decode(bytes) {
      if (bytes.length > limits.bytes) throw beyond('binary', 'bytes', limits);
      return bytes;
    },

    encode(value) {
      if (value instanceof Uint8Array) return value;
      if (typeof value === 'string' || value instanceof Io || value instanceof ErrorFrame) {
        return text.encode(value);
      }
      throw unwritable('binary', nameOf(value));
    },
  };
}
