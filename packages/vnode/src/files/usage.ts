/** What an owner has stored, and what is announced: bytes and files. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ENDINGS, foldersOf, type Place } from './layout.ts';
import { type Announced, readRecord } from './record.ts';
import { isMissing } from './system.ts';

export interface Usage {
  readonly bytes: number;
  readonly count: number;
}

/** Milliseconds that the size of a complete file is believed; another worker may replace it. */
const BELIEVED = 10_000;
/** Sizes that are remembered. */
const REMEMBERED = 10_000;

export class Usages {
  readonly #now: () => number;
  /** Of complete files, by the path of their record. */
  readonly #sizes = new Map<string, { readonly size: number; readonly until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts what an owner has: each file by its announced size, the one that will replace another instead of that. */
  async of(folder: string, owner: string, place: Place): Promise<Usage> {
    const { known } = foldersOf(folder, owner);
    const replaced = basename(place.stored);
    let bytes = 0;
    let count = 0;
    for (const entry of await namesIn(known)) {
      if (!entry.endsWith('.json') || entry === replaced) continue;
      const size = await this.#sizeIn(join(known, entry), isStored(entry));
      if (size === undefined) continue;
      bytes += size;
      count++;
    }
    return { bytes, count };
  }

  /** The record has been written anew. */
  forget(path: string): void {
    this.#sizes.delete(path);
  }

  async #sizeIn(path: string, isLasting: boolean): Promise<number | undefined> {
    const known = this.#sizes.get(path);
    if (known !== undefined && known.until > this.#now()) return known.size;
    const size = (await readRecord<Announced>(path))?.size;
    if (size === undefined || !isLasting) return size;
    if (this.#sizes.size >= REMEMBERED) this.#sizes.clear();
    this.#sizes.set(path, { size, until: this.#now() + BELIEVED });
    return size;
  }
}

/** Bytes of a file; `undefined` where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

/** The entries of a folder; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

function isStored(entry: string): boolean {
  return entry.endsWith(ENDINGS.stored) && !entry.endsWith(ENDINGS.announced);
}
