/** What a line writes in one turn of the event loop leaves in one write. */
import { PUBACK_SIZE, publishHeadSize, type QoS, writePuback, writePublishHead } from './wire.ts';

/** The writing half of a socket; `net.Socket` is one. */
export interface Sink {
  readonly writableLength: number;
  write(bytes: Uint8Array): boolean;
  cork(): void;
  uncork(): void;
}

/** Payloads from here on are not copied but written from where they are. */
const COPY_BELOW = 4 * 1024;

const SLAB = 32 * 1024;

export class Output {
  readonly #sink: Sink;
  /** Memory that is written into front to back, and never again where it was given to the socket. */
  #slab: Buffer | undefined;
  #start = 0;
  #end = 0;
  /** Stretches of this turn that are complete. */
  #parts: Uint8Array[] = [];
  #unsent = 0;
  #scheduled = false;
  readonly #flush = () => this.flush();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Bytes that the peer's machine has not taken yet. */
  get waiting(): number {
    return this.#unsent + this.#sink.writableLength;
  }

  publish(topic: Uint8Array, payload: Uint8Array, qos: QoS, id: number): void {
    const size = payload.length;
    const head = publishHeadSize(topic, size, qos);
    const copied = size < COPY_BELOW;
    const at = this.#reserve(copied ? head + size : head);
    const slab = this.#slab as Buffer;
    const next = writePublishHead(slab, at, topic, size, qos, id);
    if (copied) slab.set(payload, next);
    else this.bytes(payload);
  }

  puback(id: number): void {
    const at = this.#reserve(PUBACK_SIZE);
    writePuback(this.#slab as Buffer, at, id);
  }

  /** Any bytes; they must not change before they are sent. */
  bytes(bytes: Uint8Array): void {
    this.#closeStretch();
    this.#parts.push(bytes);
    this.#count(bytes.length);
  }

  /** Hands all to the socket. */
  flush(): void {
    this.#scheduled = false;
    this.#closeStretch();
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.#parts = [];
    this.#unsent = 0;
    this.#sink.cork();
    for (const part of parts) this.#sink.write(part);
    this.#sink.uncork();
  }

  #reserve(size: number): number {
    if (this.#slab === undefined || this.#end + size > this.#slab.length) {
      this.#closeStretch();
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB, size));
      this.#start = this.#end = 0;
    }
    const at = this.#end;
    this.#end += size;
    this.#count(size);
    return at;
  }

  #closeStretch(): void {
    if (this.#slab === undefined || this.#start === this.#end) return;
    this.#parts.push(this.#slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #count(bytes: number): void {
    this.#unsent += bytes;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }
}
