/** Steps over the bytes of a payload; never past their end. */
import type { N2OError } from '../../errors.ts';
import { malformed } from '../formatter.ts';

const NONE = new Uint8Array(0);

/** A payload and how far it is read. */
export class Cursor {
  bytes: Uint8Array = NONE;
  at = 0;

  /** Begins with another payload. */
  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
  }

  /** Lets go of the payload. */
  close(): void {
    this.bytes = NONE;
  }

  /** How many bytes are left. */
  get rest(): number {
    return this.bytes.length - this.at;
  }

  /** Steps over so many bytes; where they begin. */
  take(count: number): number {
    const from = this.at;
    if (count > this.bytes.length - from) throw this.cut();
    this.at = from + count;
    return from;
  }

  /** Steps over so many bytes, without copying them. */
  view(count: number): Uint8Array {
    const from = this.take(count);
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + from, count);
  }

  uint8(): number {
    if (this.at >= this.bytes.length) throw this.cut();
    return this.bytes[this.at++] as number;
  }

  uint16(): number {
    const from = this.take(2);
    return ((this.bytes[from] as number) << 8) | (this.bytes[from + 1] as number);
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  int32(): number {
    const from = this.take(4);
    const { bytes } = this;
    return (
      ((bytes[from] as number) << 24) |
      ((bytes[from + 1] as number) << 16) |
      ((bytes[from + 2] as number) << 8) |
      (bytes[from + 3] as number)
    );
  }

  cut(): N2OError {
    return this.malformed('cut short');
  }

  malformed(what: string): N2OError {
    return malformed('bert', `${what}, at byte ${this.at}`);
  }
}
