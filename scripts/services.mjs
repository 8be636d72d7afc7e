/** What the tests need from the system: installed where that is possible, named where it is not. */
import { existsSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PATH, quiet, Stop } from './child.mjs';
import { step } from './progress.mjs';

/** Program → where it comes from. */
const NEEDS = {
  mosquitto: { debian: 'mosquitto', brew: 'mosquitto', fedora: 'mosquitto' },
  mosquitto_pub: { debian: 'mosquitto-clients', brew: 'mosquitto', fedora: 'mosquitto' },
  mosquitto_sub: { debian: 'mosquitto-clients', brew: 'mosquitto', fedora: 'mosquitto' },
  mosquitto_rr: { debian: 'mosquitto-clients', brew: 'mosquitto', fedora: 'mosquitto' },
  'redis-server': { debian: 'redis-server', brew: 'redis', fedora: 'redis' },
  'redis-cli': { debian: 'redis-tools', brew: 'redis', fedora: 'redis' },
  'docker-compose': { debian: 'docker-compose', brew: 'docker-compose', fedora: 'docker-compose' },
  chromium: {
    debian: 'chromium',
    brew: 'chromium',
    fedora: 'chromium',
    also: ['chromium-browser', 'google-chrome'],
  },
  openssl: { debian: 'openssl', brew: 'openssl', fedora: 'openssl' },
};

/** Sees to it that every program the tests start is there; throws a Stop that says what is missing. */
export async function services() {
  const missing = Object.keys(NEEDS).filter((program) => !isInstalled(program));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && isInstalled('apt-get'))
    await aptInstall(packagesFor(missing, 'debian'));
  const still = missing.filter((program) => !isInstalled(program));
  if (still.length > 0) throw new Stop(advice(still));
}

function isInstalled(program) {
  if (program === 'chromium' && process.env.N2O_CHROMIUM) return true;
  const names = [program, ...(NEEDS[program]?.also ?? [])];
  return PATH.split(delimiter).some((folder) =>
    names.some((name) => existsSync(join(folder, name))),
  );
}

function packagesFor(programs, system) {
  return [...new Set(programs.map((program) => NEEDS[program][system]))];
}

async function aptInstall(packages) {
  await step(`installing ${packages.join(', ')} with apt-get`, async (note) => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await quiet('apt-get', ['update'], { note, env });
    await withoutStartingDaemons(() =>
      quiet('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { note, env }),
    );
  });
}

/** Debian starts what it installs, and a Mosquitto on port 1883 would be in the way of `npm start`. */
async function withoutStartingDaemons(work) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return work();
  await writeFile(policy, '#!/bin/sh\nexit 101\n');
  await chmod(policy, 0o755);
  try {
    return await work();
  } finally {
    await rm(policy, { force: true });
  }
}

function advice(programs) {
  const from = (system) => packagesFor(programs, system).join(' ');
  return [
    `The tests need programs that are not installed: ${programs.join(', ')}.`,
    `  Debian, Ubuntu:  sudo apt-get install ${from('debian')}`,
    `  Fedora:          sudo dnf install ${from('fedora')}`,
    `  macOS:           brew install ${from('brew')}`,
    'They need not run: the tests start what they use, on free ports.',
  ].join('\n');
}
