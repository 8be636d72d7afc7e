/** The npm scripts: what they pass on to the program they start, and what they say when they cannot. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const SCRIPTS = fileURLToPath(new URL('../../scripts/', import.meta.url));
const CHILD = pathToFileURL(join(SCRIPTS, 'child.mjs')).href;

/** Says what it is asked, and ends with 7 when it is asked to. */
const SERVER = `
  process.on('SIGINT', () => console.log('asked'));
  process.on('SIGTERM', () => { console.log('ended'); process.exit(7); });
  setInterval(() => {}, 1000);
  console.log('ready');`;

const WRAPPER = `
  import { become } from '${CHILD}';
  process.exit(await become(['-e', ${JSON.stringify(SERVER)}]));`;

const wrapper = ['--input-type=module', '-e', WRAPPER];

/** What the process printed until now, and when it printed what one waits for. */
function listen(child: ChildProcess) {
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return {
    output: () => output,
    async until(text: string) {
      while (!output.includes(text))
        await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    },
  };
}

describe('the program that takes the place of npm start', () => {
  it('gets our signals, and we its exit code', async () => {
    const child = spawn(process.execPath, wrapper, { stdio: ['ignore', 'pipe', 'inherit'] });
    const heard = listen(child);
    await heard.until('ready');
    child.kill('SIGINT');
    await heard.until('asked');
    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect(code).toBe(7);
    expect(heard.output().match(/asked|ended/g)).toEqual(['asked', 'ended']);
  });

  it('is ended when the shell that npm started is gone', async () => {
    const shell = spawn('sh', ['-c', '"$@"; true', 'sh', process.execPath, ...wrapper], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, npm_lifecycle_event: 'start' },
    });
    const heard = listen(shell);
    await heard.until('ready');
    shell.kill('SIGKILL');
    await heard.until('ended');
  });
});

describe('a signal that both the terminal and npm send', () => {
  it('is one, and the next one is another', async () => {
    const { createEchoFilter } = (await import(CHILD)) as {
      createEchoFilter(now: () => number): (signal: string) => boolean;
    };
    const clock = { now: 1000 };
    const isEcho = createEchoFilter(() => clock.now);
    const at = (now: number, signal: string) => {
      clock.now = now;
      return isEcho(signal);
    };
    expect(at(1000, 'SIGINT')).toBe(false);
    expect(at(1002, 'SIGINT')).toBe(true);
    expect(at(1003, 'SIGTERM')).toBe(false);
    expect(at(1600, 'SIGINT')).toBe(false);
  });
});

describe('run.mjs', () => {
  it('tells an old Node what is needed', async () => {
    const old = `
      Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } });
      await import('${pathToFileURL(join(SCRIPTS, 'run.mjs')).href}');`;
    const { code, output } = await run('--input-type=module', '-e', old);
    expect(output).toContain('needs Node.js 20.19 or newer; this is 18.20.4');
    expect(code).toBe(1);
  });

  it('names its commands when it does not know one', async () => {
    const { code, output } = await run(join(SCRIPTS, 'run.mjs'), 'frobnicate');
    expect(output).toContain('start|test|bench');
    expect(code).toBe(2);
  });
});

describe('the closing line of the tests', () => {
  it.each([
    [
      'all passed',
      { success: true, numPassedTests: 3, numFailedTests: 0, testResults: [] },
      '3 passed, 0 failed',
      0,
    ],
    [
      'one failed',
      { success: false, numPassedTests: 2, numFailedTests: 1, testResults: [] },
      '2 passed, 1 failed',
      1,
    ],
    [
      'a file could not be loaded',
      {
        success: false,
        numPassedTests: 2,
        numFailedTests: 0,
        testResults: [{ status: 'failed', assertionResults: [] }],
      },
      '2 passed, 1 failed',
      1,
    ],
    [
      'there was none',
      { success: true, numPassedTests: 0, numFailedTests: 0, testResults: [] },
      '0 passed, 0 failed',
      1,
    ],
  ])('when %s', async (_when, results, line, exitCode) => {
    const folder = await mkdtemp(join(tmpdir(), 'n2o-tally-'));
    try {
      const file = join(folder, 'results.json');
      await writeFile(file, JSON.stringify(results));
      const { code, output } = await run(join(SCRIPTS, 'tally.mjs'), file);
      expect(output).toBe(`${line}\n`);
      expect(code).toBe(exitCode);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('when the tests did not get as far', async () => {
    const { code, output } = await run(
      join(SCRIPTS, 'tally.mjs'),
      join(tmpdir(), 'n2o-no-such-file'),
    );
    expect(output).toBe('0 passed, 1 failed\n');
    expect(code).toBe(1);
  });
});

function run(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}
