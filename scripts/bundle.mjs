/** Bundles the browser client: what pages load, each one ES module that needs no other. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { step } from './progress.mjs';
import { filesBelow, ROOT, stamp, stampOf, timesOf } from './stamp.mjs';

const FOLDER = 'packages/client/dist/browser';

/** Bundle → the compiled module that it begins with. */
const ENTRIES = { 'n2o.js': 'index.js', 'page.js': 'start.js', 'compat.js': 'compat/start.js' };
const BUNDLES = Object.keys(ENTRIES).map((name) => `${FOLDER}/${name}`);

/** Makes them from what the compiler has written, if that is not what they were made from. */
export async function bundle() {
  const compiled = ['client', 'shared']
    .flatMap((name) => filesBelow(`packages/${name}/dist`))
    .filter((file) => file.endsWith('.js') && !BUNDLES.includes(file));
  const now = timesOf(compiled);
  if (compiled.length === 0) return;
  if (stampOf('bundle') === now && BUNDLES.every((file) => existsSync(join(ROOT, file)))) return;
  await step('bundling the browser client', async () => {
    // Loaded only here: it takes longer than what is done with it.
    const { rolldown } = await import('rolldown');
    for (const [name, entry] of Object.entries(ENTRIES)) {
      const made = await rolldown({ input: join(ROOT, FOLDER, entry), platform: 'browser' });
      const { output } = await made.generate({ format: 'es', minify: true, codeSplitting: false });
      await made.close();
      writeFileSync(join(ROOT, FOLDER, name), output[0].code);
    }
    stamp('bundle', now);
  });
}

/** How large each of them is, a line for each. */
export function sizes() {
  return BUNDLES.filter((file) => existsSync(join(ROOT, file))).map((file) => {
    const code = readFileSync(join(ROOT, file));
    return `${file}: ${code.length} bytes, ${gzipSync(code, { level: 9 }).length} gzipped`;
  });
}
