/** Dependencies are installed when something is missing, by the pnpm that package.json names, wherever it comes from. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspace, type Workspace } from './workspace.ts';

const DO_INSTALL = `
  const { appendFileSync, mkdirSync } = require('node:fs');
  appendFileSync(process.env.LOG, process.argv.slice(2).join(' ') + '\\n');
  for (const folder of ['.', 'packages/a']) mkdirSync(folder + '/node_modules', { recursive: true });`;

const pnpm = (version: string) => `#!/usr/bin/env node
  if (process.argv[2] === '--version') console.log('${version}');
  else {${DO_INSTALL}}`;

const HOW =
  'install --frozen-lockfile --prod=false --reporter=append-only --config.confirm-modules-purge=false';

async function withPnpm(version: string): Promise<Workspace> {
  const workspace = await createWorkspace();
  await workspace.write('bin/pnpm', pnpm(version));
  await workspace.write('npm-cli.js', DO_INSTALL);
  return workspace;
}

const install = ({ call, root }: Workspace) =>
  call('install.mjs', 'install', { npm_execpath: join(root, 'npm-cli.js') });

it('takes the pnpm on the PATH where it is the right one', async () => {
  await using workspace = await withPnpm('10.1.2');
  const { output } = await install(workspace);
  expect(output).toContain('installing dependencies (pnpm 10.1.2)');
  expect(await workspace.ran()).toEqual([HOW]);
});

it('has npm fetch pnpm where it is another one', async () => {
  await using workspace = await withPnpm('9.9.9');
  await install(workspace);
  expect(await workspace.ran()).toEqual([`exec --yes --package=pnpm@10.1.2 -- pnpm ${HOW}`]);
});

it('does nothing when all is installed', async () => {
  await using workspace = await withPnpm('10.1.2');
  await install(workspace);
  await workspace.ran();
  const { output } = await install(workspace);
  expect(output).toBe('');
  expect(await workspace.ran()).toEqual([]);
});

it('installs again when the lockfile changed, or a package lost its modules', async () => {
  await using workspace = await withPnpm('10.1.2');
  await install(workspace);
  await workspace.write('pnpm-lock.yaml', 'lockfileVersion: 10');
  await install(workspace);
  await rm(join(workspace.root, 'packages/a/node_modules'), { recursive: true });
  await install(workspace);
  expect(await workspace.ran()).toEqual([HOW, HOW, HOW]);
});
