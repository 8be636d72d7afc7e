/** A transfer under way in this worker: where it stands, and the hash of what has come. */
import type { FileHandle } from 'node:fs/promises';
import { N2OError } from '@n2o/shared';
import { FollowingHash } from './following-hash.ts';
import type { Handles } from './handles.ts';
import type { Place } from './layout.ts';
import type { Announced } from './record.ts';
import type { Turns } from './turns.ts';

export interface TransferOptions {
  readonly handles: Handles;
  readonly readers: Turns;
}

export class Transfer {
  #announced: Announced;
  readonly #place: Place;
  readonly #handles: Handles;
  readonly #hash: FollowingHash;
  #offset: number;

  /** @param offset bytes that are here */
  constructor(place: Place, announced: Announced, offset: number, options: TransferOptions) {
    this.#announced = announced;
    this.#place = place;
    this.#handles = options.handles;
    this.#offset = offset;
    this.#hash = new FollowingHash(offset, { path: place.part, ...options });
  }

  get announced(): Announced {
    return this.#announced;
  }

  /** Goes on under another id with the same file, if it stands there; what has been hashed stays so. */
  goesOnAs(announced: Announced, offset: number): boolean {
    if (offset !== this.#offset) return false;
    this.#announced = announced;
    return true;
  }

  /** @throws N2O_FILE_LIMIT. After anything else it is of no use any more. */
  async append(offset: number, bytes: Uint8Array): Promise<number> {
    const start = this.#offset;
    if (!(offset <= start)) return start; // what is no number neither
    if (offset + bytes.length > this.#announced.size) {
      throw new N2OError('N2O_FILE_LIMIT', 'there is more of the file than was announced');
    }
    const fresh = bytes.subarray(start - offset);
    if (fresh.length === 0) return start;
    await this.#handles.use(this.#place.part, 'r+', async (handle, size) => {
      // Another worker goes on with it; what it has written is not known here.
      if (size !== start) throw new N2OError('N2O_FILE_UNKNOWN');
      const written = writeAll(handle, fresh, start);
      this.#hash.follow(fresh); // while the system writes
      await written;
    });
    this.#offset = start + fresh.length;
    this.#hash.grew(this.#offset);
    return this.#offset;
  }

  /** The hash of the whole, in hex, once it is safe on the disk. @throws N2O_FILE_OFFSET while bytes are missing */
  async seal(): Promise<string> {
    if (this.#offset !== this.#announced.size) {
      throw new N2OError('N2O_FILE_OFFSET', 'not all of the file is here');
    }
    const [sha256] = await Promise.all([
      this.#hash.digest(),
      this.#handles.use(this.#place.part, 'r+', (handle) => handle.datasync()),
    ]);
    return sha256;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, start + done);
    done += bytesWritten;
  }
}
