/** Removes what nobody went on with: parts of files that have not grown for too long, and empty folders. */
import { opendir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ENDINGS } from './layout.ts';
import { isMissing } from './system.ts';
import { namesIn } from './usage.ts';

/** Looks through all owners. @param before milliseconds since 1970: what was touched since stays */
export async function sweep(folder: string, before: number): Promise<void> {
  const owners = await opendir(folder).catch((thrown) => {
    if (isMissing(thrown)) return [];
    throw thrown;
  });
  for await (const owner of owners) {
    if (owner.isDirectory()) await sweepOwner(join(folder, owner.name), before);
  }
}

async function sweepOwner(home: string, before: number): Promise<void> {
  const known = join(home, 'known');
  for (const entry of await namesIn(known)) {
    // Complete files stay, and so does what is known of them: a key, and the ending.
    if (/^[^.]+\.json$/.test(entry)) continue;
    const base = join(known, entry.replace(/\..*$/, ''));
    if (await isYounger(base + ENDINGS.part, before)) continue;
    if (await isYounger(join(known, entry), before)) continue;
    await rm(join(known, entry), { force: true });
  }
  for (const emptied of [join(home, 'files'), known, home]) await rmdir(emptied).catch(() => {});
}

/** Also one that cannot be looked at. */
async function isYounger(path: string, before: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs >= before;
  } catch (thrown) {
    return !isMissing(thrown);
  }
}
