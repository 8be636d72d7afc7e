/** Loads an application: each file of its folder is a module named like the file. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { isTopicName, type ModuleDefinition, N2OError, reason } from '@n2o/shared';
import { definitionOf } from './definition.ts';
import type { Sources } from './sources.ts';

/**
 * Loads the modules of a folder: its files that end in `ts`, `tsx`, `mts`, `cts`, `js`, `jsx`, `mjs`
 * or `cjs`, except type declarations, `*.test.*`, `*.config.*` and names that begin with `_` or `.`.
 * A folder without any is a collection: it has the modules of the folders in it.
 * @returns module name → definition, in the order of the names
 * @throws N2O_MODULE_LOAD: file, line, column as far as known, and reason, on one line
 */
export async function loadModules(
  folder: string,
  sources: Sources,
): Promise<ReadonlyMap<string, ModuleDefinition>> {
  const modules = new Map<string, ModuleDefinition>();
  // One after the other, so that what modules do while they load happens in the same order each time.
  for (const [name, file] of await moduleFiles(resolve(folder))) {
    modules.set(name, definitionOf(await sources.load(file), file));
  }
  return modules;
}

/**
 * The folders that the modules of an application lie in: its own, or those of a collection.
 * @throws N2O_MODULE_LOAD
 */
export async function moduleFolders(folder: string): Promise<readonly string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) throw wrong(folder, 'there is no such folder');
  if (!found.isDirectory()) throw wrong(folder, 'is a file, not a folder of modules');
  const own = await filesIn(folder);
  return own.length > 0 ? [folder] : foldersIn(folder);
}

/** Is a file of this name a module? */
function isModuleFile(name: string): boolean {
  return (
    /^[^_.].*\.(?:[cm]?[jt]s|[jt]sx)$/.test(name) &&
    !/\.(?:d|test|config)\.[cm]?[jt]sx?$/.test(name)
  );
}

/** Module name → file, sorted by name. */
async function moduleFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const paths = (await Promise.all((await moduleFolders(folder)).map(filesIn))).flat();
  const files = new Map<string, string>();
  for (const path of paths.sort((a, b) => (parse(a).base < parse(b).base ? -1 : 1))) {
    const { name } = parse(path);
    const twin = files.get(name);
    if (twin) throw wrong(path, `the module '${name}' is there twice, also as ${twin}`);
    if (!isTopicName(name)) throw wrong(path, `a module's name cannot hold '+' or '#'`);
    try {
      files.set(name, await realpath(path));
    } catch (thrown) {
      throw wrong(path, reason(thrown));
    }
  }
  if (files.size === 0) throw wrong(folder, 'holds no module (a file such as echo.ts)');
  return files;
}

/** The module files of a folder, not of those in it. */
async function filesIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of (await readdir(folder)).filter(isModuleFile)) {
    const path = join(folder, entry);
    if (!(await isFolder(path))) paths.push(path);
  }
  return paths;
}

/** The folders in a collection. */
async function foldersIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of (await readdir(folder)).sort()) {
    if (/^[_.]|^node_modules$/.test(entry)) continue;
    const path = join(folder, entry);
    if (await isFolder(path)) paths.push(path);
  }
  return paths;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function wrong(path: string, what: string): N2OError {
  return new N2OError('N2O_MODULE_LOAD', `${path}: ${what}`);
}
