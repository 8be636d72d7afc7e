/** One function for each npm script, and what they have in common. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { bundle, sizes } from './bundle.mjs';
import { become, quiet, Stop } from './child.mjs';
import { install } from './install.mjs';
import { step } from './progress.mjs';
import { services } from './services.mjs';
import { ROOT } from './stamp.mjs';

const N2O = 'packages/n2o/dist/bin.js';
const VITEST = 'node_modules/vitest/vitest.mjs';
const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const TSC = 'node_modules/typescript/bin/tsc';

/** Each returns the exit code. All but `build` and `check` hand their arguments on. */
const COMMANDS = {
  build: async () => {
    console.error(['everything is built', ...sizes()].join('\n  '));
    return 0;
  },
  check: async () => {
    await all([
      ['checking style', [BIOME, 'check', '.']],
      ['checking the types of tests, benchmarks and examples', [TSC, '-p', 'tsconfig.test.json']],
      ['checking the types of scripts', [TSC, '-p', 'tsconfig.scripts.json']],
    ]);
    return 0;
  },
  start: (args) => {
    const named = args[0] !== undefined && !args[0].startsWith('-');
    return node(N2O, 'start', ...(named ? [] : ['examples']), ...args);
  },
  test: async (args) => {
    await services();
    return node(VITEST, 'run', ...args);
  },
  bench: (args) => node('bench/run.mjs', ...args),
};

/**
 * Runs a command in the root of the repository, with everything installed and built.
 * @param {string[]} line the command's name and its arguments
 */
export async function main([name, ...args]) {
  const command = COMMANDS[name];
  process.chdir(ROOT);
  try {
    if (!command) throw new Stop(`run.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`, 2);
    await install();
    await build();
    await bundle();
    process.exitCode = await command(args);
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    console.error(thrown.message.trim());
    process.exitCode = thrown.exitCode;
  }
}

/** Runs every check, also after one that failed: who mends should see all there is to mend. */
async function all(checks) {
  const failures = [];
  for (const [doing, args] of checks) {
    await step(doing, (note) => quiet(process.execPath, args, { note })).catch((thrown) => {
      if (!(thrown instanceof Stop) || thrown.exitCode > 128) throw thrown;
      failures.push(thrown.message.trim());
    });
  }
  if (failures.length > 0) throw new Stop(failures.join('\n\n'));
}

function node(script, ...args) {
  if (!existsSync(join(ROOT, script))) throw new Stop(`${script} is not there`);
  return become([script, ...args]);
}
