/** Bytes to text and back: UTF-8, by whatever is fastest for the length, and never with a loss. */
import { N2OError } from '../errors.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** From this length on, the platform's decoder is faster than a loop. */
const LONG = 20;

/** Up to this length, a loop is faster than the platform's encoder. */
const SHORT = 64;

/** From this length on, it pays to look at the beginning of what may be an image. */
const PEEK = 256;

/** How many arguments a call takes safely. */
const CHUNK = 4096;

/** Text as the UTF-8 bytes of a binary, for BERT: `binary('fire();')`. */
export function binary(text: string): Uint8Array {
  if (text.length > SHORT) return encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  let any = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    any |= char;
    bytes[i] = char;
  }
  return any < 0x80 ? bytes : encoder.encode(text);
}

/** The text of a binary; `undefined` when it is not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  return readUtf8(bytes, 0, bytes.length);
}

/** Reads `bytes[from..to)` as UTF-8. @throws N2O_FORMAT_DECODE when it is not */
export function needUtf8(bytes: Uint8Array, from = 0, to: number = bytes.length): string {
  const text = readUtf8(bytes, from, to);
  if (text === undefined) throw new N2OError('N2O_FORMAT_DECODE', 'the text is not UTF-8');
  return text;
}

/** Reads `bytes[from..to)` as UTF-8; `undefined` when it is not. Nothing is thrown: that is slow. */
export function readUtf8(bytes: Uint8Array, from: number, to: number): string | undefined {
  if (to - from < LONG) {
    let any = 0;
    for (let i = from; i < to; i++) any |= bytes[i] as number;
    if (any < 0x80) return readLatin1(bytes, from, to);
  } else if (to - from > PEEK && !isUtf8(bytes, from, boundary(bytes, from + PEEK / 4))) {
    return undefined;
  }
  const whole = from === 0 && to === bytes.length;
  const text = decoder.decode(whole ? bytes : bytes.subarray(from, to));
  // What is not UTF-8 comes out as U+FFFD, and so does U+FFFD itself.
  if (text.includes('\ufffd') && !isUtf8(bytes, from, to)) return undefined;
  return text;
}

/** Reads `bytes[from..to)` as Latin-1: one char a byte. */
export function readLatin1(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  let i = from;
  if (to - from > 12) {
    for (; i < to; i += CHUNK) {
      const chars = new Array<number>(Math.min(CHUNK, to - i));
      for (let k = 0; k < chars.length; k++) chars[k] = bytes[i + k] as number;
      text += String.fromCharCode.apply(null, chars);
    }
    return text;
  }
  for (; i + 4 <= to; i += 4) {
    text += String.fromCharCode(
      bytes[i] as number,
      bytes[i + 1] as number,
      bytes[i + 2] as number,
      bytes[i + 3] as number,
    );
  }
  for (; i < to; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

/** Steps back to where a character begins. */
function boundary(bytes: Uint8Array, at: number): number {
  let i = at;
  while (i > at - 4 && ((bytes[i] as number) & 0xc0) === 0x80) i--;
  return i;
}

/** Is this UTF-8? Overlong forms and surrogates are not [RFC 3629, section 4]. */
function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let i = from;
  while (i < to) {
    const lead = bytes[i++] as number;
    if (lead < 0x80) continue;
    const more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
    if (more === 0 || i + more > to) return false;
    const second = bytes[i] as number;
    if (second < (lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80)) return false;
    if (second > (lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf)) return false;
    for (let k = 1; k < more; k++) if (((bytes[i + k] as number) & 0xc0) !== 0x80) return false;
    i += more;
  }
  return true;
}
