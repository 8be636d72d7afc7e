/** A command of many arguments, written for the wire in one go: what a commit costs is mostly this. */
import { Command } from 'ioredis';

const CR = 13;
const LF = 10;
const ZERO = 48;
const STAR = 42;
const DOLLAR = 36;
const LAST_ASCII = 0x7f;

/** Bytes of the frame around an argument at most: `$`, a length of up to 10 digits, two line ends. */
const FRAME = 16;
/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
const UNIT = 3;

export class PackedCommand extends Command {
  /** The array of bulk strings that a request is in the protocol of Redis (RESP). */
  override toWritable(): Buffer {
    const words = [this.name, ...this.args] as (string | Buffer)[];
    let size = FRAME;
    for (const word of words) {
      size += FRAME + (typeof word === 'string' ? UNIT * word.length : word.length);
    }
    const wire = Buffer.allocUnsafe(size);
    let at = writeHead(wire, 0, STAR, words.length);
    for (const word of words) {
      at = typeof word === 'string' ? writeText(wire, at, word) : writeBytes(wire, at, word);
    }
    return wire.subarray(0, at);
  }
}

function writeBytes(wire: Buffer, from: number, bytes: Buffer): number {
  const at = writeHead(wire, from, DOLLAR, bytes.length);
  wire.set(bytes, at);
  return writeEnd(wire, at + bytes.length);
}

/** Keys and fields are short, and few have other characters than those of ASCII. */
function writeText(wire: Buffer, from: number, text: string): number {
  let at = writeHead(wire, from, DOLLAR, text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > LAST_ASCII) return writeBytes(wire, from, Buffer.from(text));
    wire[at++] = unit;
  }
  return writeEnd(wire, at);
}

/** A sign, a number and the end of the line. */
function writeHead(wire: Buffer, from: number, sign: number, number: number): number {
  let digits = 1;
  for (let rest = number; rest > 9; rest = Math.floor(rest / 10)) digits++;
  wire[from] = sign;
  const end = from + 1 + digits;
  for (let at = end - 1, rest = number; at > from; at--, rest = Math.floor(rest / 10)) {
    wire[at] = ZERO + (rest % 10);
  }
  return writeEnd(wire, end);
}

function writeEnd(wire: Buffer, at: number): number {
  wire[at] = CR;
  wire[at + 1] = LF;
  return at + 2;
}
