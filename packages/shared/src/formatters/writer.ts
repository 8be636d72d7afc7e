/** Where formatters write: a slab of memory of which each message gets its own part. */
import { N2OError } from '../errors.ts';

/**
 * As large as Node's own buffer pool. A part of a slab costs a tenth of an allocation of its own;
 * whoever keeps one small message keeps its slab.
 */
const SLAB = 8192;

/** What is so many times as large as all before it is most of its message. */
const MUCH = 16;

/** From this length on, the platform's encoder is faster than a loop. */
const LONG = 40;

const encoder = new TextEncoder();

/**
 * Room for what is there and for what comes. The first guess is mostly right: a text knows how long
 * it is. So is one for something much larger than all before it, such as a block of a file.
 */
function roomFor(used: number, count: number): number {
  if (used === 0) return count;
  return used < count / MUCH ? Math.ceil(count * (1 + 2 / MUCH)) : 2 * (used + count);
}

/** Writes messages one after the other: `begin`, then any number of writes, then `end`. */
export class Writer {
  /** The slab, or memory of its own for a message that is too large for one. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(SLAB);
  /** Where the next byte goes. `reserve` before writing there. */
  at = 0;
  #slab = this.bytes;
  /** Where the next message begins in the slab. */
  #free = 0;

  /** Where the message begins; moves with it when it needs more room. */
  get start(): number {
    return this.bytes === this.#slab ? this.#free : 0;
  }

  /** Begins a message; one that was not ended is forgotten. */
  begin(): void {
    this.bytes = this.#slab;
    this.at = this.#free;
  }

  /** Makes room for so many bytes at `at`. */
  reserve(count: number): void {
    if (this.bytes.length - this.at >= count) return;
    const from = this.start;
    const used = this.at - from;
    const need = used + count;
    const isLarge = need > SLAB / 2;
    const grown = new Uint8Array(isLarge ? roomFor(used, count) : SLAB);
    grown.set(this.bytes.subarray(from, this.at));
    if (!isLarge) {
      this.#slab = grown;
      this.#free = 0;
    }
    this.bytes = grown;
    this.at = used;
  }

  /** Ends the message and hands it out. */
  end(): Uint8Array {
    const { bytes, at } = this;
    if (bytes !== this.#slab)
      return at > bytes.length / 2 ? bytes.subarray(0, at) : bytes.slice(0, at);
    const message = bytes.subarray(this.#free, at);
    this.#free = at;
    return message;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  /** Copies bytes. */
  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /**
   * Writes text as UTF-8.
   * @throws N2O_FORMAT_ENCODE when half of a surrogate pair is missing: UTF-8 has no form for it
   */
  utf8(text: string): void {
    this.reserve(text.length);
    if (text.length < LONG) {
      const { bytes, at } = this;
      let any = 0;
      for (let i = 0; i < text.length; i++) {
        const char = text.charCodeAt(i);
        any |= char;
        bytes[at + i] = char;
      }
      if (any < 128) {
        this.at = at + text.length;
        return;
      }
    }
    let read = 0;
    let written = 0;
    while (read < text.length) {
      const rest = read === 0 ? text : text.slice(read);
      const step = encoder.encodeInto(rest, this.bytes.subarray(this.at));
      read += step.read;
      written += step.written;
      this.at += step.written;
      // What is left may take 3 bytes a char; an ASCII text never comes here.
      if (read < text.length) this.reserve(3 * (text.length - read));
    }
    if (written !== read && /\p{Surrogate}/u.test(text)) {
      throw new N2OError('N2O_FORMAT_ENCODE', 'the text has half a surrogate pair');
    }
  }
}
