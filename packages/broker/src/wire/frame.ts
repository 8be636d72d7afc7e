/** Cuts a stream of bytes into MQTT control packets; nothing is buffered that is over the limit. */
import { discard, N2OError } from '@n2o/shared';

/** A packet that is longer than what is there gets room for all of it at once, up to this size. */
const AT_ONCE = 64 * 1024;
/** Beyond that it gets so many times what is there: a block of a file is copied once and not at every doubling. */
const GROWTH = 8;

/** The longest fixed header [MQTT-2.2]. */
export const MAX_HEADER = 5;

const EMPTY = Buffer.alloc(0);

/**
 * Points at one packet after the other in what came. A packet that lies whole in one chunk is not
 * copied; one that does not is put together in memory of its own, which grows with what is
 * received and not with what is promised.
 */
export class FrameReader {
  /** First byte of the current packet: type and flags. */
  header = 0;
  /** The bytes that hold the current packet's variable header and payload, from `start` to `end`. */
  buffer: Buffer = EMPTY;
  start = 0;
  end = 0;
  /** Largest whole packet, in bytes. */
  limit: number;

  /** What came last, from #at on. */
  #chunk: Buffer = EMPTY;
  #at = 0;
  /** The packet that is being put together: its bytes so far, and how many it has when known. */
  #partial: Buffer | undefined;
  #have = 0;
  #wanted = 0;
  #again = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many bytes are held that were not handed out. */
  get waiting(): number {
    const postponed = this.#again ? this.end - this.start : 0;
    return this.#chunk.length - this.#at + (this.#partial ? this.#have : 0) + postponed;
  }

  /** Takes what the socket gave, which is the reader's from now on. */
  push(chunk: Buffer): void {
    const left = this.#chunk.length - this.#at;
    this.#chunk = left > 0 ? Buffer.concat([this.#chunk.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
  }

  /**
   * Moves on to the next whole packet; false when more bytes are needed.
   * @throws N2O_PACKET_LENGTH, N2O_PACKET_LIMIT
   */
  next(): boolean {
    if (this.#again) {
      this.#again = false;
      return true;
    }
    // What was current is done with, and its chunk is not held by an idle connection.
    this.buffer = EMPTY;
    if (this.#partial) return this.#complete(this.#partial);
    const chunk = this.#chunk;
    const from = this.#at;
    const size = this.#sizeAt(chunk, from, chunk.length);
    if (size === 0 || from + size > chunk.length) {
      this.#begin(size);
      return false;
    }
    this.#at = from + size;
    this.#show(chunk, from, this.#at);
    if (this.#at === chunk.length) {
      this.#chunk = EMPTY;
      this.#at = 0;
    }
    return true;
  }

  /** Puts the current packet back: the next call of `next` gives it again. */
  unread(): void {
    this.#again = true;
  }

  /** Forgets all that waits. */
  clear(): void {
    this.#chunk = this.buffer = EMPTY;
    this.#at = 0;
    this.#partial = undefined;
    this.#again = false;
  }

  /** The size of the packet that begins at `from`; 0 when its fixed header is not there yet. */
  #sizeAt(bytes: Buffer, from: number, until: number): number {
    let length = 0;
    for (let i = 1; i < MAX_HEADER; i++) {
      if (from + i >= until) return 0;
      const byte = bytes[from + i] as number;
      length += (byte & 0x7f) * 2 ** (7 * (i - 1));
      if (byte < 0x80) {
        const size = 1 + i + length;
        if (size > this.limit) throw new N2OError('N2O_PACKET_LIMIT');
        return size;
      }
    }
    throw new N2OError('N2O_PACKET_LENGTH');
  }

  /** The rest of the chunk is the beginning of a packet. */
  #begin(size: number): void {
    const left = this.#chunk.length - this.#at;
    if (left > 0) {
      this.#have = 0;
      this.#wanted = size;
      this.#partial = Buffer.allocUnsafeSlow(capacityFor(size, left));
      this.#take(this.#partial, left);
    }
    this.#chunk = EMPTY;
    this.#at = 0;
  }

  #complete(begun: Buffer): boolean {
    let partial = begun;
    while (this.#wanted === 0) {
      if (this.#at === this.#chunk.length) return false;
      this.#take(partial, 1);
      this.#wanted = this.#sizeAt(partial, 0, this.#have);
    }
    const part = Math.min(this.#wanted - this.#have, this.#chunk.length - this.#at);
    if (this.#have + part > partial.length) {
      const grown = Buffer.allocUnsafeSlow(capacityFor(this.#wanted, this.#have + part));
      partial.copy(grown, 0, 0, this.#have);
      this.#partial = partial = grown;
    }
    this.#take(partial, part);
    if (this.#have < this.#wanted) return false;
    this.#partial = undefined;
    this.#show(partial, 0, this.#wanted);
    return true;
  }

  #take(into: Buffer, bytes: number): void {
    const chunk = this.#chunk;
    chunk.copy(into, this.#have, this.#at, this.#at + bytes);
    this.#have += bytes;
    this.#at += bytes;
    // Nothing else was in it.
    if (bytes === chunk.buffer.byteLength) this.#drop(chunk);
  }

  #drop(chunk: Buffer): void {
    this.#chunk = EMPTY;
    this.#at = 0;
    discard(chunk);
  }

  #show(buffer: Buffer, from: number, end: number): void {
    let start = from + 1;
    while ((buffer[start++] as number) >= 0x80);
    this.buffer = buffer;
    this.header = buffer[from] as number;
    this.start = start;
    this.end = end;
  }
}

/** Room for a packet of which so many bytes are there; 0 wanted: its size is not known yet. */
function capacityFor(wanted: number, there: number): number {
  if (wanted === 0) return Math.max(MAX_HEADER, there);
  return wanted <= AT_ONCE ? wanted : Math.min(wanted, Math.max(AT_ONCE, GROWTH * there));
}
