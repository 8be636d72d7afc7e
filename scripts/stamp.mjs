/** Remembers, inside node_modules, the state in which a step was last done: the same state need not do it again. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, '..');
const STAMPS = join(ROOT, 'node_modules', '.n2o-stamps.json');

/** The state that a step was done in, or nothing. */
export function stampOf(name) {
  return read()[name];
}

/** Notes that a step is done in this state. */
export function stamp(name, state) {
  writeFileSync(STAMPS, JSON.stringify({ ...read(), [name]: state }));
}

function read() {
  try {
    return JSON.parse(readFileSync(STAMPS, 'utf8'));
  } catch {
    return {};
  }
}

/** A digest of what the files hold. */
export function contentsOf(files, ...also) {
  const hash = createHash('sha256').update(also.join('\0'));
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

/** A digest of names, sizes and times: enough to see that something was touched, and fast. */
export function timesOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(join(ROOT, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

/** The files below a folder, as paths from the root, in a fixed order; none if there is no such folder. */
export function filesBelow(folder) {
  let names;
  try {
    names = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** The folders of the workspace's packages, from the root. */
export function packageFolders() {
  return readdirSync(join(ROOT, 'packages'))
    .sort()
    .map((name) => `packages/${name}`);
}
