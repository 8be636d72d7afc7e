/** What is known of a file, on disk beside it: small JSON files, whole or not there. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, isMissing } from './system.ts';

/** A file of which not all is here. */
export interface Announced {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly fingerprint: string;
}

/** A file that is here. */
export interface Stored extends Announced {
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly isAccepted: boolean;
}

/** `undefined` where there is none. Only `writeRecord` writes them: what is there is well formed. */
export async function readRecord<Kind extends Announced>(path: string): Promise<Kind | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Kind;
  } catch (thrown) {
    if (isMissing(thrown) || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

/** Writes one beside its place and moves it there, so that nobody reads half of it. */
export async function writeRecord(path: string, record: Announced | Stored): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  const text = JSON.stringify(record);
  try {
    await writeFile(draft, text).catch(async (thrown) => {
      if (codeOf(thrown) !== 'ENOENT') throw thrown;
      // The folder was empty, and has been swept away.
      await mkdir(dirname(path), { recursive: true });
      await writeFile(draft, text);
    });
    await rename(draft, path);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  }
}
