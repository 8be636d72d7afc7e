/** Files on disk, a folder per owner: what has arrived survives the process, and is taken up from there. */
import { rm } from 'node:fs/promises';
import {
  type Announcement,
  type FilePart,
  type Files,
  N2OError,
  type Standing,
  type StoredFile,
  type TransferKey,
} from '@n2o/shared';
import type { Handles } from './handles.ts';
import type { Incoming } from './incoming.ts';
import { type Place, placeOf } from './layout.ts';
import { storedBy } from './listing.ts';
import { readRecord, type Stored, writeRecord } from './record.ts';
import { asFileError } from './system.ts';
import { Lines } from './turns.ts';
import { sizeOf } from './usage.ts';

export interface DiskFilesOptions {
  readonly folder: string;
  readonly handles: Handles;
  readonly incoming: Incoming;
  /** Called once, when it is closed. */
  readonly closed: () => void;
}

/** What `TransferKey` and mere names of files have in common. */
type Named = Pick<TransferKey, 'owner' | 'name'>;

export class DiskFiles implements Files {
  readonly handsOver = true;
  readonly #options: DiskFilesOptions;
  readonly #lines = new Lines();

  constructor(options: DiskFilesOptions) {
    this.#options = options;
  }

  begin(announcement: Announcement): Promise<Standing> {
    const { incoming } = this.#options;
    return this.#inTurn(announcement, async (place) => {
      const stored = await incoming.finished(place, announcement);
      if (stored?.size !== announcement.size) return incoming.begin(place, announcement);
      return { offset: stored.size, file: fileOf(place, stored) };
    });
  }

  append(key: TransferKey, offset: number, bytes: Uint8Array): Promise<number> {
    const { incoming } = this.#options;
    return this.#inTurn(key, (place) => incoming.append(place, key, offset, bytes));
  }

  finish(key: TransferKey, sha256?: string): Promise<StoredFile> {
    const { incoming } = this.#options;
    return this.#inTurn(key, async (place) =>
      fileOf(place, await incoming.finish(place, key, sha256)),
    );
  }

  accept(owner: string, name: string): Promise<void> {
    return this.#inTurn({ owner, name }, async (place) => {
      const stored = await readRecord<Stored>(place.stored);
      if (stored !== undefined) await writeRecord(place.stored, { ...stored, isAccepted: true });
    });
  }

  stop(key: TransferKey): Promise<void> {
    return this.#inTurn(key, (place) => this.#options.incoming.stop(place, key));
  }

  find(owner: string, name: string): Promise<StoredFile> {
    return this.#inTurn({ owner, name }, async (place) => {
      const stored = await readRecord<Stored>(place.stored);
      if (stored !== undefined && (await sizeOf(place.file)) === stored.size) {
        return fileOf(place, stored);
      }
      throw new N2OError('N2O_FILE_UNKNOWN');
    });
  }

  /** Not in turn with others: a file is replaced as a whole. */
  async read(owner: string, name: string, offset: number, count: number): Promise<Uint8Array> {
    try {
      const { file } = this.#placeOf({ owner, name });
      return await this.#options.handles.use(file, 'r', async (handle, size) => {
        const buffer = Buffer.allocUnsafeSlow(Math.max(0, Math.min(count, size - offset)));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        return buffer.subarray(0, bytesRead);
      });
    } catch (thrown) {
      throw asFileError(thrown);
    }
  }

  remove(owner: string, name: string): Promise<boolean> {
    return this.#inTurn({ owner, name }, async (place) => {
      const was = (await sizeOf(place.file)) !== undefined;
      await this.#options.handles.forget(place.file);
      for (const path of [place.file, place.stored]) await rm(path, { force: true });
      return was;
    });
  }

  async list(owner: string, part: FilePart = {}): Promise<readonly StoredFile[]> {
    const found = await storedBy(this.#options.folder, owner, part);
    return found.map(([place, stored]) => fileOf(place, stored));
  }

  async close(): Promise<void> {
    this.#options.closed();
    await this.#options.handles.close();
  }

  async #inTurn<T>(named: Named, work: (place: Place) => Promise<T>): Promise<T> {
    try {
      const place = this.#placeOf(named);
      return await this.#lines.run(place.key, () => work(place));
    } catch (thrown) {
      throw asFileError(thrown);
    }
  }

  #placeOf({ owner, name }: Named): Place {
    return placeOf(this.#options.folder, owner, name);
  }
}

function fileOf({ file }: Pick<Place, 'file'>, stored: Stored): StoredFile {
  const { name, size, sha256, at, isAccepted } = stored;
  return { name, size, path: file, sha256, at, isAccepted };
}
