/** Runs a file of the user's, JavaScript or TypeScript, as it is now, and returns what it exports by default. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @param path absolute. @throws whatever the code throws, and when it cannot be read */
export async function defaultOf(path: string): Promise<unknown> {
  if (/^\.m?ts$/.test(extname(path))) {
    const { createJiti } = await import('jiti');
    const jiti = createJiti(import.meta.url, { moduleCache: false });
    return await jiti.import(path, { default: true });
  }
  // Under one URL a module runs but once; each that ran stays in memory.
  const { mtimeMs } = await stat(path);
  const { href } = pathToFileURL(path);
  return ((await import(`${href}?${mtimeMs}`)) as { default?: unknown }).default;
}
