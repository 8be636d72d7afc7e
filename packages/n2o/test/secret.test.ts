/** The secret of a server: set, or made and kept; never left to chance in production. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@n2o/shared';
import { afterEach, describe, expect, test } from 'vitest';
import { type SecretSource, secretsOf } from '../src/secret.ts';
import { folder, logOf, run, start } from './command.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const PORTS = ['--mqtt-port', '0', '--http-port', '0'];
const MODULE = { 'echo.js': 'export const event = (message) => message;' };
const CONFIG_OPTION = { code: 'N2O_CONFIG_OPTION' };

async function place(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const { path, close } = await folder(files);
  open.push(close);
  return path;
}

/** A log that can be read afterwards. */
function logged() {
  const lines: string[] = [];
  const note = (_: object, text = '') => void lines.push(text);
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  return { lines, log };
}

const given = (cwd: string, more: Partial<SecretSource> = {}): SecretSource => ({
  secret: undefined,
  store: join(cwd, '.n2o/store'),
  cwd,
  production: false,
  ...more,
});

describe('the secret', () => {
  test('is the one that is set, also in production', async () => {
    const { log, lines } = logged();
    const secret = ['one that is current', 'one from before'];
    const cwd = await place();
    expect(await secretsOf(given(cwd, { secret, production: true }), log)).toEqual(secret);
    expect(await readdir(cwd)).toEqual([]);
    expect(lines).toEqual([]);
  });

  test('must be set in production, whatever is kept', async () => {
    const cwd = await place();
    await secretsOf(given(cwd), logged().log);
    for (const store of ['memory', join(cwd, '.n2o/store'), 'redis://127.0.0.1']) {
      await expect(
        secretsOf(given(cwd, { store, production: true }), logged().log),
      ).rejects.toMatchObject({ ...CONFIG_OPTION, message: expect.stringContaining('N2O_SECRET') });
    }
  });

  test('is made once, said once, and kept for its owner alone', async () => {
    const cwd = await place();
    const { log, lines } = logged();
    const [made = ''] = await secretsOf(given(cwd), log);
    expect(Buffer.from(made, 'base64url')).toHaveLength(32);
    expect(await secretsOf(given(cwd), log)).toEqual([made]);
    expect(lines).toEqual(['a secret was made and is kept: hosts of a cluster need the same one']);
    const file = join(cwd, '.n2o/secret');
    expect((await readFile(file, 'utf8')).trim()).toBe(made);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(cwd, '.n2o'))).toEqual(['secret']);
  });

  test('is the same for those that start at the same moment', async () => {
    const cwd = await place();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => secretsOf(given(cwd), logged().log)),
    );
    expect(new Set(all.flat()).size).toBe(1);
  });

  test('lasts as long as the process where nothing else outlives it', async () => {
    const cwd = await place();
    const memory = given(cwd, { store: 'memory' });
    expect(await secretsOf(memory, logged().log)).not.toEqual(
      await secretsOf(memory, logged().log),
    );
    expect(await readdir(cwd)).toEqual([]);
  });

  test('is not made anew over one that is no good', async () => {
    const cwd = await place();
    await mkdir(join(cwd, '.n2o'));
    await writeFile(join(cwd, '.n2o/secret'), 'short\n');
    await expect(secretsOf(given(cwd), logged().log)).rejects.toMatchObject(CONFIG_OPTION);
    expect(await readFile(join(cwd, '.n2o/secret'), 'utf8')).toBe('short\n');
  });

  test('lasts for the run where nothing can be written', async () => {
    const cwd = await place({ '.n2o': 'a file, not a folder' });
    const { log, lines } = logged();
    expect((await secretsOf(given(cwd), log))[0]).toHaveLength(43);
    expect(lines).toEqual(['a secret was made for this run: it cannot be kept']);
  });
});

describe('n2o in production', () => {
  const env = { NODE_ENV: 'production' };

  test.each([['start'], ['vnode']])('%s says what to set when there is no secret', async (name) => {
    const app = await place(MODULE);
    const { code, stderr } = await run([name, app], { cwd: app, env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^n2o: N2O_CONFIG_OPTION: secret: .* set N2O_SECRET/);
  });

  test('starts with one, and never shows it', async () => {
    const app = await place(MODULE);
    const secret = 'a secret that is set';
    const child = start(['start', app, ...PORTS], {
      cwd: app,
      env: { ...env, N2O_SECRET: secret },
    });
    const exit = once(child, 'exit');
    open.push(() => child.kill('SIGKILL'));
    expect(JSON.stringify(await logOf(child).next('ready'))).not.toContain(secret);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    const { stdout } = await run(['config', 'print'], { env: { N2O_SECRET: secret } });
    expect(stdout).toMatch(/^secret +\*\*\* +environment$/m);
  });

  test('needs none for a broker whose hosts have it', async () => {
    const cwd = await place();
    const child = start(['broker', ...PORTS], { cwd, env });
    open.push(() => child.kill('SIGKILL'));
    expect(await logOf(child).next('ready')).toMatchObject({ msg: 'ready' });
  });
});
