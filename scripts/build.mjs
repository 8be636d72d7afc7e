/** Compiles the packages, only when a source, a tsconfig or an output is not as the last build left it. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { quiet } from './child.mjs';
import { step } from './progress.mjs';
import { contentsOf, filesBelow, packageFolders, ROOT, stamp, stampOf, timesOf } from './stamp.mjs';

const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** Builds if anything is stale. */
export async function build() {
  const folders = packageFolders();
  const settings = [
    ...readdirSync(ROOT).filter((name) => /^tsconfig.*\.json$/.test(name)),
    ...folders.flatMap((folder) => [`${folder}/tsconfig.json`, `${folder}/package.json`]),
  ];
  const sources = folders.flatMap((folder) => filesBelow(`${folder}/src`));
  // Taken before the compiler runs: what is edited meanwhile is stale afterwards.
  const now = timesOf([...settings, ...sources]);
  const whole = sources.filter((file) => file.endsWith('.ts')).every(isCompiled);
  if (whole && stampOf('build') === now) return;
  await step('building', async (note) => {
    // The compiler's memory survives changed settings and lost outputs, and must not.
    const set = contentsOf(['pnpm-lock.yaml', ...settings]);
    if (!whole || stampOf('settings') !== set) {
      for (const folder of folders)
        rmSync(join(ROOT, folder, 'dist/.tsbuildinfo'), { force: true });
    }
    await quiet(process.execPath, [TSC, '-b'], { note, cwd: ROOT });
    stamp('settings', set);
    stamp('build', now);
  });
}

function isCompiled(source) {
  return existsSync(join(ROOT, source.replace('/src/', '/dist/').replace(/\.ts$/, '.js')));
}
