/** Files on their way in: begun, appended to, taken up again, and put into their place when complete. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Announcement, N2OError, type Standing, type TransferKey } from '@n2o/shared';
import type { Handles } from './handles.ts';
import type { Place } from './layout.ts';
import { type Announced, readRecord, type Stored, writeRecord } from './record.ts';
import type { Transfer } from './transfer.ts';
import { Transfers } from './transfers.ts';
import { sizeOf, Usages } from './usage.ts';

/** What another attempt does not change. */
const FINAL: ReadonlySet<string> = new Set(['N2O_FILE_LIMIT', 'N2O_FILE_HASH']);

export interface FileLimits {
  /** Bytes of one file. */
  readonly maxBytes: number;
  /** Bytes of all files of one owner, with those that are announced. */
  readonly quotaBytes: number;
  /** Files of one owner, with those that are announced. */
  readonly quotaCount: number;
}

export interface IncomingOptions extends FileLimits {
  readonly folder: string;
  readonly handles: Handles;
  readonly now: () => number;
}

/** Whoever calls sees to it that what is done to one place is done one after the other. */
export class Incoming {
  readonly #options: IncomingOptions;
  readonly #transfers: Transfers;
  readonly #usages: Usages;

  constructor(options: IncomingOptions) {
    this.#options = options;
    this.#transfers = new Transfers(options.handles);
    this.#usages = new Usages(options.now);
  }

  /** What a transfer of this id has become, where it has been finished before. */
  async finished(place: Place, { id }: Pick<TransferKey, 'id'>): Promise<Stored | undefined> {
    const stored = await readRecord<Stored>(place.stored);
    if (stored?.id !== id) return undefined;
    const announced = await readRecord<Announced>(place.announced);
    // The process ended after it was written down, and before it was done.
    if (announced?.id === id) await this.#install(place);
    return stored;
  }

  async begin(place: Place, announcement: Announcement): Promise<Standing> {
    const { id, size, fingerprint = '' } = announcement;
    this.#check(size);
    const announced: Announced = { id, name: place.name, size, fingerprint };
    const here = await this.#resumable(place, announced);
    const offset = here >= (announcement.offset ?? 0) ? here : 0;
    if (offset === 0) {
      await this.#transfers.forget(place);
      // Not for one moment may the bytes of another file pass for those of this one.
      await rm(place.part, { force: true });
    }
    for (const folder of place.folders) await mkdir(folder, { recursive: true });
    await writeRecord(place.announced, announced);
    await this.#checkUsage(place, announcement.owner);
    if (offset === 0) await writeFile(place.part, '');
    this.#transfers.begin(place, announced, offset);
    return { offset };
  }

  /** @throws N2O_FILE_UNKNOWN */
  append(place: Place, key: TransferKey, offset: number, bytes: Uint8Array): Promise<number> {
    return this.#onTransfer(
      place,
      key,
      (transfer) => transfer.append(offset, bytes),
      ({ size }) => size,
    );
  }

  /** @throws N2O_FILE_UNKNOWN */
  finish(place: Place, key: TransferKey, expected: string | undefined): Promise<Stored> {
    return this.#onTransfer(
      place,
      key,
      async (transfer) => {
        const sha256 = await transfer.seal();
        if (expected === undefined || expected.toLowerCase() === sha256) {
          return this.#store(place, transfer, sha256);
        }
        await this.drop(place);
        throw new N2OError('N2O_FILE_HASH');
      },
      (stored) => stored,
    );
  }

  async stop(place: Place, { id }: TransferKey): Promise<void> {
    const announced = await readRecord<Announced>(place.announced);
    if (announced?.id === id) await this.drop(place);
  }

  /** Forgets what has come of a file. */
  async drop(place: Place): Promise<void> {
    await this.#transfers.forget(place);
    for (const path of [place.part, place.announced]) await rm(path, { force: true });
  }

  async #store(place: Place, { announced }: Transfer, sha256: string): Promise<Stored> {
    const at = this.#options.now();
    const stored: Stored = { ...announced, sha256, at, isAccepted: false };
    await writeRecord(place.stored, stored);
    this.#usages.forget(place.stored);
    await this.#install(place);
    return stored;
  }

  /** Puts a complete part into the place of the file; done twice it does no harm. */
  async #install(place: Place): Promise<void> {
    await this.#transfers.forget(place);
    await this.#options.handles.forget(place.file);
    if ((await sizeOf(place.part)) !== undefined) {
      // As long as it was empty, it may have been swept away.
      await mkdir(dirname(place.file), { recursive: true });
      await rename(place.part, place.file);
    }
    await rm(place.announced, { force: true });
  }

  /**
   * Works on a transfer, or on what it has become. What is known of it may be out of date, because
   * another worker goes on with it: where that fails, it is read from the disk, once.
   */
  async #onTransfer<T>(
    place: Place,
    key: TransferKey,
    work: (transfer: Transfer) => Promise<T>,
    after: (stored: Stored) => T,
    isFirst = true,
  ): Promise<T> {
    const transfer = await this.#transfers.get(place, key);
    if (transfer === undefined) {
      const stored = await this.finished(place, key);
      if (stored === undefined) throw new N2OError('N2O_FILE_UNKNOWN');
      return after(stored);
    }
    try {
      return await work(transfer);
    } catch (thrown) {
      if (thrown instanceof N2OError && FINAL.has(thrown.code)) throw thrown;
      await this.#transfers.forget(place);
      if (!isFirst) throw thrown;
      return this.#onTransfer(place, key, work, after, false);
    }
  }

  /** Bytes that are here of just this file. */
  async #resumable(place: Place, announced: Announced): Promise<number> {
    const earlier = await readRecord<Announced>(place.announced);
    if (earlier?.size !== announced.size) return 0;
    if (earlier.fingerprint !== announced.fingerprint) return 0;
    const here = (await sizeOf(place.part)) ?? 0;
    return here <= announced.size ? here : 0;
  }

  #check(size: number): void {
    const { maxBytes } = this.#options;
    if (Number.isSafeInteger(size) && size >= 0 && size <= maxBytes) return;
    throw new N2OError('N2O_FILE_LIMIT', `a file may have ${maxBytes} bytes`);
  }

  /** Looks after it is written down: of two that begin at once, at least one sees the other. */
  async #checkUsage(place: Place, owner: string): Promise<void> {
    const { folder, quotaBytes, quotaCount } = this.#options;
    const { bytes, count } = await this.#usages.of(folder, owner, place);
    if (bytes <= quotaBytes && count <= quotaCount) return;
    await this.drop(place);
    const text = `${quotaCount} files with ${quotaBytes} bytes may be stored`;
    throw new N2OError('N2O_FILE_LIMIT', text);
  }
}
