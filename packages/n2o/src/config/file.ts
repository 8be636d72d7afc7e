/** Reads the configuration file: JSON, JavaScript or TypeScript. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import { N2OError, reason } from '@n2o/shared';
import { defaultOf } from './own-code.ts';
import { strange } from './source.ts';

const NAMES = ['n2o.config.json', 'n2o.config.js', 'n2o.config.ts'] as const;

/** What was found. */
export interface Found {
  /** The name of the file, for errors. */
  readonly name: string;
  readonly values: ReadonlyMap<string, unknown>;
}

/**
 * Reads the file that was named, else the one of the working directory, else the one beside the
 * modules; `undefined` when there is none.
 *
 * @param app the folder of the modules, where there is one
 * @throws N2OError `N2O_CONFIG_FILE` when it cannot be read, `N2O_CONFIG_UNKNOWN`
 */
export async function readConfigFile(
  cwd: string,
  named: string | undefined,
  options: readonly string[],
  app?: string,
): Promise<Found | undefined> {
  const path = named === undefined ? search(cwd, app) : resolve(cwd, named);
  if (path === undefined) return undefined;
  const name = named ?? (dirname(path) === resolve(cwd) ? basename(path) : relative(cwd, path));
  const content = await load(path, name);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new N2OError('N2O_CONFIG_FILE', `${name}: expected an object of options`);
  }
  const values = new Map<string, unknown>(Object.entries(content));
  for (const key of values.keys()) {
    // For editors that complete JSON files.
    if (key === '$schema') values.delete(key);
    else if (!options.includes(key)) throw strange(key, name, options);
  }
  return { name, values };
}

function search(cwd: string, app: string | undefined): string | undefined {
  return searchIn(cwd) ?? (app === undefined ? undefined : searchIn(resolve(cwd, app)));
}

function searchIn(folder: string): string | undefined {
  const found = NAMES.filter((name) => existsSync(resolve(folder, name)));
  if (found.length > 1) {
    throw new N2OError('N2O_CONFIG_FILE', `there may be one of ${found.join(' and ')}, not both`);
  }
  return found[0] === undefined ? undefined : resolve(folder, found[0]);
}

async function load(path: string, name: string): Promise<unknown> {
  try {
    if (extname(path) === '.json') return JSON.parse(await readFile(path, 'utf8'));
    return await defaultOf(path);
  } catch (error) {
    throw new N2OError('N2O_CONFIG_FILE', `${name}: ${reason(error)}`, { cause: error });
  }
}
