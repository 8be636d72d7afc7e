/** The reading half of a line: bytes in, packets out, and a halt at any packet. */
import { N2OError } from '@n2o/shared';
import { Frames } from './frames.ts';
import { PUBACK, PUBLISH, Publish } from './wire.ts';

/** The reading half of a socket; `net.Socket` is one. */
export interface Source {
  readonly destroyed: boolean;
  pause(): unknown;
  resume(): unknown;
}

/** Whom the packets are for. */
export interface Hearer {
  /** Valid during the call, the payload for longer. */
  published(packet: Publish): void;
  acknowledged(id: number): void;
  /** Any other packet, as it came. */
  answered(packet: Buffer): void;
  /** Nothing can be made of what came. */
  garbled(error: N2OError): void;
}

export class Intake {
  readonly #source: Source;
  readonly #hearer: Hearer;
  readonly #frames: Frames;
  readonly #publish = new Publish();
  #paused = false;
  #busy = false;

  /** @param limit largest packet that is taken in whole, in bytes */
  constructor(source: Source, limit: number, hearer: Hearer) {
    this.#source = source;
    this.#hearer = hearer;
    this.#frames = new Frames(limit);
  }

  get paused(): boolean {
    return this.#paused;
  }

  receive(chunk: Buffer): void {
    this.#frames.push(chunk);
    this.#read();
  }

  /** Hands out no packet more until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#source.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#read();
    if (!this.#paused) this.#source.resume();
  }

  #read(): void {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (!this.#paused && !this.#source.destroyed && this.#frames.next()) this.#handOut();
    } catch (error) {
      if (!(error instanceof N2OError)) throw error;
      this.#hearer.garbled(error);
    } finally {
      this.#busy = false;
    }
  }

  #handOut(): void {
    const { buffer, header, body, start, end, truncated } = this.#frames;
    const kind = header >> 4;
    if (kind === PUBLISH) {
      this.#publish.read(this.#frames);
      this.#hearer.published(this.#publish);
    } else if (truncated || (kind === PUBACK && end - body !== 2)) {
      throw new N2OError('N2O_LINK_PACKET', 'a packet has not the size of its kind');
    } else if (kind === PUBACK) this.#hearer.acknowledged(buffer.readUInt16BE(body));
    else this.#hearer.answered(buffer.subarray(start, end));
  }
}
