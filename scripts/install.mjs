/** Dependencies: installs exactly what the lockfile names, with exactly the pnpm that package.json names. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { quiet } from './child.mjs';
import { step } from './progress.mjs';
import { contentsOf, packageFolders, ROOT, stamp, stampOf } from './stamp.mjs';

const PNPM_ANSWER_MS = 15_000;

/** Installs if anything is missing or the lockfile is not the one that was installed. */
export async function install() {
  const manifests = ['package.json', ...packageFolders().map((folder) => `${folder}/package.json`)];
  const wanted = contentsOf(
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...manifests],
    process.platform,
    process.arch,
    process.versions.modules,
  );
  if (stampOf('install') === wanted && manifests.every(hasItsModules)) return;
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const version = packageManager.slice('pnpm@'.length);
  await step(`installing dependencies (pnpm ${version})`, async (note) => {
    const [command, ...args] = pnpm(version);
    // NODE_ENV=production in the environment must not take the compiler away.
    const how = ['install', '--frozen-lockfile', '--prod=false', '--reporter=append-only'];
    await quiet(command, [...args, ...how, '--config.confirm-modules-purge=false'], {
      note: (line) => line.startsWith('Progress') && note(line),
      cwd: ROOT,
    });
    stamp('install', wanted);
  });
}

/** pnpm makes this folder for every package that depends on anything. */
function hasItsModules(manifest) {
  return existsSync(join(ROOT, manifest, '..', 'node_modules'));
}

/** The pnpm on the PATH if it is the right one, else the right one fetched by npm. */
function pnpm(version) {
  const shell = process.platform === 'win32';
  const answer = spawnSync('pnpm', ['--version'], {
    cwd: ROOT,
    shell,
    encoding: 'utf8',
    timeout: PNPM_ANSWER_MS,
    // Where pnpm is Corepack's, it must not stop to ask.
    env: { ...process.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' },
  });
  if (answer.status === 0 && answer.stdout.trim() === version && !shell) return ['pnpm'];
  return [...npm(), 'exec', '--yes', `--package=pnpm@${version}`, '--', 'pnpm'];
}

/** The npm that runs us, as a script for this Node if it says where it is. */
function npm() {
  const running = process.env.npm_execpath ?? '';
  const besideNode = join(process.execPath, '..', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (basename(running) === 'npm-cli.js') return [process.execPath, running];
  if (existsSync(besideNode)) return [process.execPath, besideNode];
  return ['npm'];
}
