/** What leaves in one turn of the event loop leaves in one write per connection. */
import {
  IDENTIFIER_SIZE,
  publishHeaderSize,
  writeIdentifier,
  writePublishHeader,
} from '../wire/encode.ts';
import type { QoS } from '../wire/packet.ts';

/** The writing half of a socket; `net.Socket` is one. */
export interface Sink {
  readonly writableLength: number;
  write(bytes: Uint8Array): boolean;
  cork(): void;
  uncork(): void;
}

/** While this many bytes wait for a client to read them, it gets and is asked for nothing new. */
export const OUTPUT_HIGH = 256 * 1024;

/** Payloads from here on are not copied but written from where they are. */
const COPY_BELOW = 2048;

const SLAB = 64 * 1024;

/**
 * Shared by all connections of a broker: packets are written one behind the other into one slab of
 * memory, so that the packets of one connection mostly lie together, and at the end of the turn
 * each connection's stretch of it is handed to its socket.
 */
export class Spool {
  #slab: Buffer = Buffer.allocUnsafeSlow(SLAB);
  #at = 0;
  #waiting: Output[] = [];
  #scheduled = false;
  readonly #flush = () => this.flush();

  /** Makes room for an output; the caller writes `size` bytes at the place that is returned. */
  reserve(output: Output, size: number): number {
    if (this.#at + size > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB, size));
      this.#at = 0;
    }
    const at = this.#at;
    this.#at = at + size;
    if (output.slab !== this.#slab || output.end !== at) output.open(this.#slab, at);
    output.end = this.#at;
    output.unsent += size;
    this.enlist(output);
    return at;
  }

  /** Sees to it that the output is flushed when the turn ends. */
  enlist(output: Output): void {
    if (output.enlisted) return;
    output.enlisted = true;
    this.#waiting.push(output);
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#flush);
    }
  }

  /** Writes out all that waits. */
  flush(): void {
    this.#scheduled = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const output of waiting) output.flush();
  }
}

/** The output of one connection. */
export class Output {
  slab: Buffer | undefined;
  end = 0;
  enlisted = false;
  /** Bytes of this turn that the socket has not been given yet. */
  unsent = 0;
  readonly #spool: Spool;
  readonly #sink: Sink;
  #start = 0;
  #given = 0;
  #parts: Uint8Array[] | undefined;

  constructor(spool: Spool, sink: Sink) {
    this.#spool = spool;
    this.#sink = sink;
  }

  /** Bytes that have left. */
  get taken(): number {
    return this.#given - this.#sink.writableLength;
  }

  /** Bytes that have not left yet. */
  get backlog(): number {
    return this.unsent + this.#sink.writableLength;
  }

  /** Begins a new stretch of the slab. */
  open(slab: Buffer, at: number): void {
    this.#close();
    this.slab = slab;
    this.#start = at;
  }

  /** Writes bytes as they are; they must not change until they are sent. */
  raw(bytes: Uint8Array): void {
    this.#close();
    this.#parts ??= [];
    this.#parts.push(bytes);
    this.unsent += bytes.length;
    this.#spool.enlist(this);
  }

  /** Writes a packet that holds nothing but an identifier. */
  identifier(header: number, id: number): void {
    const at = this.#spool.reserve(this, IDENTIFIER_SIZE);
    writeIdentifier(this.slab as Buffer, at, header, id);
  }

  /** Writes a PUBLISH. `flags`: the lower half of its first byte. */
  publish(topic: Uint8Array, payload: Uint8Array, flags: number, id: number): void {
    const size = payload.length;
    const head = publishHeaderSize(topic, size, ((flags >> 1) & 3) as QoS);
    if (size >= COPY_BELOW) {
      const at = this.#spool.reserve(this, head);
      writePublishHeader(this.slab as Buffer, at, topic, size, flags, id);
      this.raw(payload);
      return;
    }
    const at = this.#spool.reserve(this, head + size);
    const slab = this.slab as Buffer;
    slab.set(payload, writePublishHeader(slab, at, topic, size, flags, id));
  }

  /** Hands all to the socket, in one write. */
  flush(): void {
    this.enlisted = false;
    this.#given += this.unsent;
    this.unsent = 0;
    const parts = this.#parts;
    if (!parts) {
      if (this.slab) this.#sink.write(this.#take());
      return;
    }
    this.#close();
    this.#parts = undefined;
    this.#sink.cork();
    for (const part of parts) this.#sink.write(part);
    this.#sink.uncork();
  }

  #close(): void {
    if (!this.slab) return;
    this.#parts ??= [];
    this.#parts.push(this.#take());
  }

  /** The open stretch; copied when the socket is behind, lest a slow reader holds whole slabs. */
  #take(): Uint8Array {
    const bytes = (this.slab as Buffer).subarray(this.#start, this.end);
    this.slab = undefined;
    return this.#sink.writableLength > 0 ? Buffer.from(bytes) : bytes;
  }
}
