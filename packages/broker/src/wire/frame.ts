/** Cuts a stream of bytes into MQTT control packets; nothing is buffered that is over the limit. */
import { N2OError } from '@n2o/shared';

/**
 * Holds the bytes that came and points at one packet after the other. It allocates nothing for
 * packets that lie whole in one chunk, and at most twice the bytes received for those that do not.
 */
export class FrameReader {
  /** First byte of the current packet: type and flags [MQTT-2.2]. */
  header = 0;
  /** The bytes that hold the current packet's variable header and payload, from `start` to `end`. */
  buffer: Buffer = EMPTY;
  start = 0;
  end = 0;

  readonly #limit: number;
  /** Bytes not yet handed out: `buffer` from #at to #until. */
  #at = 0;
  #until = 0;
  /** Where the current packet begins, for `unread`. */
  #from = 0;
  #owned = false;

  /** @param limit largest whole packet, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many bytes wait for the rest of their packet, or to be read. */
  get waiting(): number {
    return this.#until - this.#at;
  }

  /** Takes what the socket gave. */
  push(chunk: Buffer): void {
    const waiting = this.#until - this.#at;
    if (waiting === 0) {
      this.buffer = chunk;
      this.#at = 0;
      this.#until = chunk.length;
      this.#owned = false;
      return;
    }
    const total = waiting + chunk.length;
    if (!this.#owned || this.#at + total > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(512, total * 2));
      this.buffer.copy(grown, 0, this.#at, this.#until);
      this.buffer = grown;
      this.#at = 0;
      this.#until = waiting;
      this.#owned = true;
    }
    chunk.copy(this.buffer, this.#until);
    this.#until += chunk.length;
  }

  /**
   * Moves on to the next whole packet; false when more bytes are needed.
   * @throws N2O_PACKET_LENGTH, N2O_PACKET_LIMIT
   */
  next(): boolean {
    const available = this.#until - this.#at;
    if (available < 2) return this.#pause(available);
    const { buffer } = this;
    let length = 0;
    let shift = 0;
    let at = this.#at + 1;
    for (;;) {
      if (at === this.#until) return this.#pause(available);
      const byte = buffer[at++] as number;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      shift += 7;
      if (shift > 21) throw new N2OError('N2O_PACKET_LENGTH');
    }
    if (length + at - this.#at > this.#limit) throw new N2OError('N2O_PACKET_LIMIT');
    if (at + length > this.#until) return this.#pause(available);
    this.header = buffer[this.#at] as number;
    this.start = at;
    this.end = at + length;
    this.#from = this.#at;
    this.#at = this.end;
    return true;
  }

  /** Puts the current packet back: the next call of `next` gives it again. */
  unread(): void {
    this.#at = this.#from;
  }

  /** Forgets all that waits. */
  clear(): void {
    this.buffer = EMPTY;
    this.#at = this.#until = 0;
  }

  /** Lets go of a chunk that is done with; keeps a tail from holding a large chunk in memory. */
  #pause(available: number): false {
    if (available === 0) this.clear();
    else if (!this.#owned && this.buffer.length > 4 * available + 512) {
      this.buffer = Buffer.from(this.buffer.subarray(this.#at, this.#until));
      this.#at = 0;
      this.#until = available;
    }
    return false;
  }
}

const EMPTY = Buffer.alloc(0);
