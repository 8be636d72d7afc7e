/** What may keep a folder from being opened. */
import { readdir } from 'node:fs/promises';
import { N2OError, reason } from '@n2o/shared';

/** What LevelDB keeps entries in; before it has any such file, it has `CURRENT`. */
const KEEPS = /^\d+\.(?:ldb|sst|log)$/;

/**
 * To be asked before the database is: without this file it would take the folder for a new one, and
 * remove what is in it.
 * @throws N2O_STORE_UNAVAILABLE
 */
export async function needCurrent(folder: string): Promise<void> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  if (names.includes('CURRENT') || !names.some((name) => KEEPS.test(name))) return;
  const what = 'its file CURRENT is missing: bring it back from a copy of the whole folder';
  throw new N2OError('N2O_STORE_UNAVAILABLE', `the folder ${folder} could not be opened: ${what}`);
}

/** Why a folder could not be opened, as the rest of a sentence. */
export function faultOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED')
    return 'is in use by another process: only one at a time can have it';
  return `could not be opened: ${reason(cause ?? error)}`;
}
