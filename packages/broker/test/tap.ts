/** The writing half of a socket that keeps what is written, for tests of what writes to it. */
import { parser } from 'mqtt-packet';
import { lineOf } from '../../../test/support/line.ts';
import { Output, type Sink, Spool } from '../src/connection/output.ts';

export class Tap implements Sink {
  /** What the socket has not taken; set it to be a slow one. */
  writableLength = 0;
  /** How often it was written to, and whether it was corked at that. */
  readonly writes: { bytes: Uint8Array; corked: boolean }[] = [];
  readonly #packets = parser();
  #lines: string[] = [];
  #corked = false;

  constructor() {
    this.#packets.on('packet', (packet) => this.#lines.push(lineOf(packet)));
  }

  write(bytes: Uint8Array): boolean {
    this.writes.push({ bytes, corked: this.#corked });
    this.#packets.parse(Buffer.from(bytes));
    return this.writableLength === 0;
  }

  cork(): void {
    this.#corked = true;
  }

  uncork(): void {
    this.#corked = false;
  }

  /** The packets that were written since this was last asked. */
  lines(): string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }
}

/** A tap behind an output of its own. */
export function tapped(): { tap: Tap; output: Output; lines: () => string[] } {
  const spool = new Spool();
  const tap = new Tap();
  const output = new Output(spool, tap);
  const lines = () => {
    spool.flush();
    return tap.lines();
  };
  return { tap, output, lines };
}
