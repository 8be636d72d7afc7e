/** What the command says of itself and of its command line. */
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { main } from '../src/main.ts';
import type { Ended } from './command.ts';

async function run(argv: readonly string[]): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) => ({
    write(chunk: string | Uint8Array) {
      written[name] += String(chunk);
    },
  });
  const code = await main(argv, {
    env: {},
    cwd: () => import.meta.dirname,
    stdin: new PassThrough(),
    stdout: output('stdout'),
    stderr: output('stderr'),
    on: () => {},
    exit: (code) => {
      throw new RangeError(`exit ${code}`);
    },
  });
  return { code, ...written };
}

describe('n2o', () => {
  test('without a command tells what there is', async () => {
    const { code, stdout } = await run([]);
    expect(code).toBe(0);
    for (const name of [
      'start',
      'broker',
      'vnode',
      'doctor',
      'call',
      'pub',
      'sub',
      'config print',
      'help',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    }
  });

  test.each([
    ['help', 'call'],
    ['call', '--help'],
    ['--help', 'call'],
  ])('%s %s tells of the command', async (...args) => {
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: n2o call MODULE MESSAGE/);
    expect(stdout).toContain('--timeout VALUE');
    expect(stdout).not.toContain('--workers');
  });

  test('--version tells the version', async () => {
    expect(await run(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test.each([
    [
      ['strat'],
      'N2O_CONFIG_UNKNOWN: strat (command): there is no such command; did you mean start?',
    ],
    [
      ['start', '--mqtt-prot', '1'],
      'N2O_CONFIG_UNKNOWN: --mqtt-prot (flag): there is no such option; did you mean --mqtt-port?',
    ],
    [
      ['start', '--mqtt-port', 'x'],
      'N2O_CONFIG_OPTION: --mqtt-port (flag): expected 0..65535 or off, got "x"',
    ],
    [['start', '--mqtt-port'], 'N2O_CONFIG_OPTION: --mqtt-port (flag): expected a value'],
    [['call', 'echo'], 'N2O_CONFIG_OPTION: call: expected MODULE MESSAGE, got echo'],
    [
      ['start', '--store', 'http://user:secret@h'],
      'N2O_CONFIG_OPTION: --store (flag): expected memory, the path of a folder, or redis[s]://host[:port], also with redis+sentinel or redis+cluster; of n2o vnode also broker, got "http://user:***@h"',
    ],
    [
      ['start', '--cluster-secret', 'too short'],
      'N2O_CONFIG_OPTION: --cluster-secret (flag): expected at least 16 characters, got something else',
    ],
  ])('%j is an error in one line', async (args, line) => {
    expect(await run(args)).toEqual({ code: 1, stdout: '', stderr: `n2o: ${line}\n` });
  });
});
