/** The build runs when something is stale, and only then. */
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspace, type Workspace } from './workspace.ts';

/** Compiles the one source there is, and says whether it could have gone on from an earlier run. */
const TSC = `
  const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync(process.env.LOG, existsSync('packages/a/dist/.tsbuildinfo') ? 'again\\n' : 'anew\\n');
  if (process.env.BROKEN) { console.log('src/index.ts: error TS1'); process.exit(2); }
  mkdirSync('packages/a/dist', { recursive: true });
  for (const name of ['index.js', '.tsbuildinfo']) writeFileSync('packages/a/dist/' + name, '');`;

async function built(): Promise<Workspace> {
  const workspace = await createWorkspace();
  await workspace.write('node_modules/typescript/package.json', '{}');
  await workspace.write('node_modules/typescript/bin/tsc', TSC);
  await workspace.call('build.mjs', 'build');
  expect(await workspace.ran()).toEqual(['anew']);
  return workspace;
}

it('does nothing when nothing changed', async () => {
  await using workspace = await built();
  const { output } = await workspace.call('build.mjs', 'build');
  expect(output).toBe('');
  expect(await workspace.ran()).toEqual([]);
});

it('compiles again when a source is newer, is added or is gone', async () => {
  await using workspace = await built();
  const later = new Date(Date.now() + 5_000);
  await utimes(join(workspace.root, 'packages/a/src/index.ts'), later, later);
  await workspace.call('build.mjs', 'build');
  expect(await workspace.ran()).toEqual(['again']);

  await workspace.write('packages/a/src/data.json', '{}');
  await workspace.call('build.mjs', 'build');
  expect(await workspace.ran()).toEqual(['again']);

  await rm(join(workspace.root, 'packages/a/src/data.json'));
  await workspace.call('build.mjs', 'build');
  expect(await workspace.ran()).toEqual(['again']);
});

it('forgets what the compiler remembers when a tsconfig changed or an output is gone', async () => {
  await using workspace = await built();
  await workspace.write('tsconfig.json', '{ "files": [] }');
  await workspace.call('build.mjs', 'build');
  expect(await workspace.ran()).toEqual(['anew']);

  await rm(join(workspace.root, 'packages/a/dist/index.js'));
  await workspace.call('build.mjs', 'build');
  expect(await workspace.ran()).toEqual(['anew']);
});

it('shows what the compiler found, and tries again the next time', async () => {
  await using workspace = await built();
  await workspace.write('packages/a/src/index.ts', 'const a: string = 1;');
  const { code, output } = await workspace.call('build.mjs', 'build', { BROKEN: 'yes' });
  expect(output).toContain('error TS1');
  expect(code).toBe(1);
  await workspace.call('build.mjs', 'build');
  expect(await workspace.ran()).toEqual(['again', 'again']);
});
