/** Writes the terms that hold no others. */
import { unwritable } from '../formatter.ts';
import { binary } from '../utf8.ts';
import type { Writer } from '../writer.ts';
import type { Bits } from './term.ts';

/** Erlang's own bound, in characters. */
const LONGEST_ATOM = 255;

/** The longest list of bytes that is a STRING_EXT. */
export const LONGEST_STRING = 65_535;

const float = new DataView(new ArrayBuffer(8));

/** Writes a tag and a 32-bit number. */
export function writeHead(out: Writer, tag: number, count: number): void {
  out.reserve(5);
  const at = out.at;
  out.bytes[at] = tag;
  setCount(out, at, count);
  out.at = at + 5;
}

/** Sets the number of a head that begins at `at`. */
export function setCount(out: Writer, at: number, count: number): void {
  const { bytes } = out;
  bytes[at + 1] = count >>> 24;
  bytes[at + 2] = count >>> 16;
  bytes[at + 3] = count >>> 8;
  bytes[at + 4] = count;
}

/** Writes a number: safe integers as integers, all others as floats. */
export function writeNumber(out: Writer, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) writeFloat(out, value);
  else if ((value | 0) !== value) writeSafeInteger(out, value);
  else if (value < 0 || value > 255) writeHead(out, 98, value);
  else {
    out.reserve(2);
    out.bytes[out.at] = 97;
    out.bytes[out.at + 1] = value;
    out.at += 2;
  }
}

/** Writes an integer that does not fit in 32 bits but in a number. */
function writeSafeInteger(out: Writer, value: number): void {
  out.reserve(10);
  const { bytes, at } = out;
  let to = at + 3;
  let rest = Math.abs(value);
  while (rest > 0) {
    bytes[to++] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[at] = 110;
  bytes[at + 1] = to - at - 3;
  bytes[at + 2] = value < 0 ? 1 : 0;
  out.at = to;
}

/** Writes an integer of any size. */
export function writeBigInt(out: Writer, value: bigint): void {
  const number = Number(value);
  if (Number.isSafeInteger(number)) {
    writeNumber(out, number);
    return;
  }
  const digits = (value < 0n ? -value : value).toString(16);
  const hex = digits.length % 2 === 0 ? digits : `0${digits}`;
  const length = hex.length / 2;
  if (length < 256) {
    out.byte(110);
    out.byte(length);
  } else {
    writeHead(out, 111, length);
  }
  out.byte(value < 0n ? 1 : 0);
  out.reserve(length);
  for (let i = hex.length - 2; i >= 0; i -= 2) {
    out.bytes[out.at++] = Number.parseInt(hex.slice(i, i + 2), 16);
  }
}

/** Writes a float; Erlang has none that is not finite. */
export function writeFloat(out: Writer, value: number): void {
  if (!Number.isFinite(value)) throw unwritable('bert', String(value));
  out.reserve(9);
  out.bytes[out.at++] = 70;
  float.setFloat64(0, value);
  for (let i = 0; i < 8; i++) out.bytes[out.at++] = float.getUint8(i);
}

/** Writes an atom: in Latin-1 where that can be, as OTP 25 does, or in UTF-8, as OTP 26. */
export function writeAtom(out: Writer, name: string, utf8: boolean): void {
  const { length } = name;
  out.reserve(3 + length);
  const { bytes, at } = out;
  if (utf8 || length > LONGEST_ATOM || !writeLatin1(bytes, at + 3, name)) {
    writeUtf8Atom(out, name);
    return;
  }
  bytes[at] = 100;
  bytes[at + 1] = 0;
  bytes[at + 2] = length;
  out.at = at + 3 + length;
}

function writeUtf8Atom(out: Writer, name: string): void {
  if (name.length > LONGEST_ATOM && [...name].length > LONGEST_ATOM) {
    throw unwritable('bert', `an atom of more than ${LONGEST_ATOM} characters`);
  }
  if (/\p{Surrogate}/u.test(name)) throw unwritable('bert', 'an atom with half a surrogate pair');
  const text = binary(name);
  const { length } = text;
  out.byte(length < 256 ? 119 : 118);
  if (length > 255) out.byte(length >>> 8);
  out.byte(length & 255);
  out.copy(text);
}

/** Writes text as Erlang writes its strings: bytes where it can, else a list of code points. */
export function writeString(out: Writer, text: string): void {
  const { length } = text;
  if (length <= LONGEST_STRING) {
    out.reserve(3 + length);
    const { bytes, at } = out;
    if (writeLatin1(bytes, at + 3, text)) {
      bytes[at] = 107;
      bytes[at + 1] = length >>> 8;
      bytes[at + 2] = length;
      out.at = at + 3 + length;
      return;
    }
  }
  const points = Array.from(text, (char) => char.codePointAt(0) as number);
  writeHead(out, 108, points.length);
  for (const point of points) writeNumber(out, point);
  out.byte(106);
}

/** Writes chars up to 255 as bytes; `false` when there are others. There must be room. */
function writeLatin1(bytes: Uint8Array, at: number, text: string): boolean {
  let any = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    any |= char;
    bytes[at + i] = char;
  }
  return any < 256;
}

/** Writes a list of bytes. */
export function writeByteList(out: Writer, items: readonly number[]): void {
  out.reserve(3 + items.length);
  const { bytes, at } = out;
  bytes[at] = 107;
  bytes[at + 1] = items.length >>> 8;
  bytes[at + 2] = items.length;
  bytes.set(items, at + 3);
  out.at = at + 3 + items.length;
}

/** Writes a binary. */
export function writeBinary(out: Writer, bytes: Uint8Array): void {
  writeHead(out, 109, bytes.length);
  out.copy(bytes);
}

/** Writes text as a binary. @throws N2O_FORMAT_ENCODE when half of a surrogate pair is missing */
export function writeText(out: Writer, text: string): void {
  const offset = out.at - out.start;
  writeHead(out, 109, 0);
  out.utf8(text);
  // All of it has moved where it took more room than a byte a char.
  const from = out.start + offset;
  setCount(out, from, out.at - from - 5);
}

/** Writes a bitstring. */
export function writeBits(out: Writer, value: Bits): void {
  writeHead(out, 77, value.bytes.length);
  out.byte(value.last);
  out.copy(value.bytes);
}
