/** Where the files of an owner lie: the complete ones by name, and beside them what is known of each. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileName } from './name.ts';

/** Hex digits of a hash that names something. */
const DIGITS = 32;

/** What ends the names of what is known. */
export const ENDINGS = { part: '.part', announced: '.announced.json', stored: '.json' } as const;

/** The paths of one file. */
export interface Place {
  /** Names the file among all. */
  readonly key: string;
  readonly name: string;
  /** The complete file. */
  readonly file: string;
  /** What is known of it. */
  readonly stored: string;
  /** What has arrived of a new one. */
  readonly part: string;
  /** What is known of that. */
  readonly announced: string;
  /** The folders that these lie in. */
  readonly folders: readonly string[];
}

/** The folders of an owner; no part of its name shows, or can lead elsewhere. */
export function foldersOf(folder: string, owner: string): { files: string; known: string } {
  const home = join(folder, hashOf(owner));
  return { files: join(home, 'files'), known: join(home, 'known') };
}

/** The place of a file. @throws N2O_FILE_NAME */
export function placeOf(folder: string, owner: string, text: string): Place {
  const { files, known } = foldersOf(folder, owner);
  const name = fileName(text);
  const base = join(known, hashOf(name));
  return {
    key: base,
    name,
    file: join(files, name),
    stored: base + ENDINGS.stored,
    part: base + ENDINGS.part,
    announced: base + ENDINGS.announced,
    folders: [files, known],
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}
