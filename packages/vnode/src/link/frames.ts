/** Cuts what a broker sends into MQTT control packets; of one that is over the limit only the beginning is kept. */
import { N2OError } from '@n2o/shared';

/** The longest fixed header [MQTT-2.2]. */
const MAX_HEADER = 5;

/** What is kept of a packet over the limit: enough for topic and packet identifier of a PUBLISH. */
const BEGINNING = MAX_HEADER + 2 + 65_535 + 2;

const EMPTY = Buffer.alloc(0);

/** Points at one packet after the other; one that lies whole in what came is not copied. */
export class Frames {
  /** The bytes of the current packet are those of `buffer` from `start` to `end`, its body begins at `body`. */
  buffer: Buffer = EMPTY;
  start = 0;
  body = 0;
  end = 0;
  /** The current packet is over the limit, and ends before its end. */
  truncated = false;
  readonly #limit: number;
  #chunk: Buffer = EMPTY;
  #at = 0;
  /** A packet that came in part: its memory, how much of it is there, and what of it will be left out. */
  #partial: Buffer | undefined;
  #have = 0;
  #cut = 0;
  /** Bytes to come that belong to a packet that was cut. */
  #skip = 0;

  /** @param limit largest whole packet, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** First byte of the current packet: type and flags. */
  get header(): number {
    return this.buffer[this.start] as number;
  }

  /** Takes what the socket gave. */
  push(chunk: Buffer): void {
    const left = this.#chunk.length - this.#at;
    this.#chunk = left > 0 ? Buffer.concat([this.#chunk.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
  }

  /** Moves on to the next packet; false when more bytes are needed. @throws N2O_LINK_PACKET */
  next(): boolean {
    this.buffer = EMPTY;
    if (this.#skip > 0 && !this.#pass()) return false;
    if (this.#partial) return this.#complete(this.#partial);
    const size = this.#sizeAt(this.#at);
    if (size === 0) return false;
    const wanted = size > this.#limit ? Math.min(size, BEGINNING) : size;
    this.#cut = size - wanted;
    const left = this.#chunk.length - this.#at;
    if (left < wanted) {
      this.#partial = Buffer.allocUnsafeSlow(wanted);
      this.#have = 0;
      this.#fill(this.#partial);
      return false;
    }
    this.#show(this.#chunk, this.#at, this.#at + wanted);
    this.#advance(wanted);
    return true;
  }

  /** Leaves out what was cut off; false when there is more of it to come. */
  #pass(): boolean {
    const passed = Math.min(this.#skip, this.#chunk.length - this.#at);
    this.#skip -= passed;
    this.#advance(passed);
    return this.#skip === 0;
  }

  #complete(partial: Buffer): boolean {
    this.#fill(partial);
    if (this.#have < partial.length) return false;
    this.#partial = undefined;
    this.#show(partial, 0, partial.length);
    return true;
  }

  #fill(partial: Buffer): void {
    const part = Math.min(partial.length - this.#have, this.#chunk.length - this.#at);
    this.#chunk.copy(partial, this.#have, this.#at, this.#at + part);
    this.#have += part;
    this.#advance(part);
  }

  #advance(bytes: number): void {
    this.#at += bytes;
    if (this.#at < this.#chunk.length) return;
    // An idle connection holds no chunk.
    this.#chunk = EMPTY;
    this.#at = 0;
  }

  #show(buffer: Buffer, start: number, end: number): void {
    let body = start + 1;
    while ((buffer[body++] as number) >= 0x80);
    this.buffer = buffer;
    this.start = start;
    this.body = body;
    this.end = end;
    this.truncated = this.#cut > 0;
    this.#skip = this.#cut;
  }

  /** The size of the packet that begins at `from`; 0 when its fixed header is not there yet. */
  #sizeAt(from: number): number {
    let length = 0;
    for (let i = 1; i < MAX_HEADER; i++) {
      if (from + i >= this.#chunk.length) return 0;
      const byte = this.#chunk[from + i] as number;
      length += (byte & 0x7f) * 2 ** (7 * (i - 1));
      if (byte < 0x80) return 1 + i + length;
    }
    throw new N2OError('N2O_LINK_PACKET', 'the remaining length of a packet is malformed');
  }
}
