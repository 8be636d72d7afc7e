/** A folder of sources that a test writes, outside of the workspace, and its loading. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ModuleDefinition, N2OError } from '@n2o/shared';
import { onTestFinished } from 'vitest';
import { loadModules } from '../../src/modules/load.ts';
import { createSources } from '../../src/modules/sources.ts';

const shared = fileURLToPath(import.meta.resolve('@n2o/shared'));

/** What `n2o start` gives to applications. */
export const alias = { n2o: shared, '@n2o/shared': shared };

/** Path → content. */
export type Files = Readonly<Record<string, string>>;

/** Makes a folder with these files, gone when the test is over. */
export function appFolder(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'n2o-app-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

export async function load(
  folder: string,
  cache: string | false = false,
): Promise<ReadonlyMap<string, ModuleDefinition>> {
  return loadModules(folder, await createSources({ alias, cache }));
}

/** Loads what cannot be loaded, and returns why, with the folder's name left out. */
export async function fault(folder: string): Promise<string> {
  const thrown: unknown = await load(folder).then(
    () => undefined,
    (error) => error,
  );
  if (!(thrown instanceof N2OError)) throw thrown ?? new N2OError('N2O_MODULE_LOAD', 'it loaded');
  if (thrown.code !== 'N2O_MODULE_LOAD') throw thrown;
  return thrown.message.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
}
