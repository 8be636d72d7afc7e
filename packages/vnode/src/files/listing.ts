/** The complete files of an owner, in the order of their names; only the records of those asked for are read. */
import type { FilePart } from '@n2o/shared';
import { foldersOf, type Place, placeOf } from './layout.ts';
import { readRecord, type Stored } from './record.ts';
import { namesIn, sizeOf } from './usage.ts';

/** Those are left out that somebody else has put there, or changed. */
export async function storedBy(
  folder: string,
  owner: string,
  { from = '', count = Number.POSITIVE_INFINITY }: FilePart,
): Promise<[Place, Stored][]> {
  const names = await namesIn(foldersOf(folder, owner).files);
  const found: [Place, Stored][] = [];
  for (const name of names.filter((each) => each >= from).sort()) {
    if (found.length >= count) break;
    const place = placeIn(folder, owner, name);
    if (place === undefined) continue;
    const stored = await readRecord<Stored>(place.stored);
    if (stored !== undefined && stored.size === (await sizeOf(place.file)))
      found.push([place, stored]);
  }
  return found;
}

/** `undefined` for a name that no file of ours has. */
function placeIn(folder: string, owner: string, name: string): Place | undefined {
  try {
    return placeOf(folder, owner, name);
  } catch {
    return undefined;
  }
}
