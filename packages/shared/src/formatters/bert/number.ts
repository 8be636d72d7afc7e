/** Reads numbers that are more than a few bytes: floats, big integers, bitstrings. */
import { readLatin1 } from '../utf8.ts';
import type { Cursor } from './cursor.ts';
import { Bits, Float } from './term.ts';

/** Beyond so many bytes an integer is not safe in a number. */
const SAFE_BYTES = 7;

/** Reads the magnitude `bytes[from..to)`, least byte first: a number where it is safe, else a bigint. */
export function readBigInteger(
  bytes: Uint8Array,
  from: number,
  to: number,
  negative: boolean,
): number | bigint {
  let top = to;
  while (top > from && bytes[top - 1] === 0) top--;
  if (top - from <= SAFE_BYTES) {
    let value = 0;
    for (let i = top - 1; i >= from; i--) value = value * 256 + (bytes[i] as number);
    if (value <= Number.MAX_SAFE_INTEGER) return negative && value !== 0 ? -value : value;
  }
  let hex = '0x';
  for (let i = top - 1; i >= from; i--) hex += (bytes[i] as number).toString(16).padStart(2, '0');
  const value = BigInt(hex);
  return negative ? -value : value;
}

/** Reads the eight bytes of a NEW_FLOAT_EXT. */
export function readNewFloat(input: Cursor): number | Float {
  const from = input.take(8);
  const { bytes } = input;
  return floatOf(input, new DataView(bytes.buffer, bytes.byteOffset + from, 8).getFloat64(0));
}

/** Reads a float as old Erlangs print it: `1.50000000000000000000e+00`, filled up with zeros. */
export function readOldFloat(input: Cursor): number | Float {
  const from = input.take(31);
  const text = readLatin1(input.bytes, from, from + 31).replace(/\0+$/, '');
  const isFloat = /^[ +-]?\d+\.\d+(?:[eE][+-]?\d+)?$/.test(text);
  return floatOf(input, isFloat ? Number(text) : Number.NaN);
}

function floatOf(input: Cursor, value: number): number | Float {
  if (!Number.isFinite(value)) throw input.malformed('a float that is not a number');
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? new Float(value) : value;
}

/** Reads a BIT_BINARY_EXT. */
export function readBits(input: Cursor): Uint8Array | Bits {
  const length = input.uint32();
  const last = input.uint8();
  const bytes = input.view(length);
  if (last > 8 || (last === 0) !== (length === 0)) throw input.malformed('a bad bitstring');
  if (length === 0 || last === 8) return bytes;
  const unused = 0xff >> last;
  if (((bytes[length - 1] as number) & unused) === 0) return new Bits(bytes, last);
  const clean = bytes.slice();
  clean[length - 1] = (clean[length - 1] as number) & ~unused;
  return new Bits(clean, last);
}
