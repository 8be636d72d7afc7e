/** The SHA-256 of a file that grows: follows the blocks as they come, and reads what it has not seen. */
import { createHash } from 'node:crypto';
import { N2OError } from '@n2o/shared';
import type { Handles } from './handles.ts';
import type { Turns } from './turns.ts';

/** Bytes that are read at a time. */
const CHUNK = 262_144;

export interface HashOptions {
  readonly path: string;
  readonly handles: Handles;
  /** Bounds how many files are read at once, and with that the memory for it. */
  readonly readers: Turns;
}

export class FollowingHash {
  readonly #options: HashOptions;
  readonly #hash = createHash('sha256');
  #hashed = 0;
  /** Bytes that are in the file. */
  #length: number;
  #reading: Promise<void> | undefined;
  #hex: string | undefined;

  /** @param length bytes that are in the file; what is there is read while more comes */
  constructor(length: number, options: HashOptions) {
    this.#length = length;
    this.#options = options;
    void this.#catchUp();
  }

  /** These bytes are being written at the end of the file. */
  follow(bytes: Uint8Array): void {
    if (this.#hashed !== this.#length) return;
    this.#hash.update(bytes);
    this.#hashed += bytes.length;
  }

  /** Bytes that are in the file now. What it has not followed of them, it reads. */
  grew(length: number): void {
    this.#length = length;
    void this.#catchUp();
  }

  /** The hash of all that is in the file, in hex. Rejects with what reading it did. */
  async digest(): Promise<string> {
    while (this.#hashed < this.#length) await this.#catchUp();
    this.#hex ??= this.#hash.digest('hex');
    return this.#hex;
  }

  #catchUp(): Promise<void> {
    if (this.#hashed >= this.#length) return Promise.resolve();
    this.#reading ??= this.#options.readers
      .run(() => this.#read())
      .finally(() => {
        this.#reading = undefined;
      });
    // Whoever asks for the digest is told.
    this.#reading.catch(() => {});
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { handles, path } = this.#options;
    const buffer = Buffer.allocUnsafe(CHUNK);
    while (this.#hashed < this.#length) {
      const count = Math.min(CHUNK, this.#length - this.#hashed);
      const { bytesRead } = await handles.use(path, 'r+', (handle) =>
        handle.read(buffer, 0, count, this.#hashed),
      );
      if (bytesRead === 0) throw new N2OError('N2O_FILE_UNKNOWN', 'the file has become shorter');
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#hashed += bytesRead;
    }
  }
}
