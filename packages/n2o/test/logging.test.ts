/** What a server logs is changed while it runs: by its files and SIGHUP, and over MQTT; in threads and without. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@n2o/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folder, type Log, logOf, type Place, run, start } from './command.ts';

const LOUD = `export function event(message, { log }) {
  for (const level of ['debug', 'info', 'warn', 'error']) log[level]({ message }, level);
  log.error({ ends: message }, 'end');
  return 'ok';
}`;

const PORTS = { mqttPort: 0, httpPort: 'off' };
const configOf = (options: object) => `export default ${JSON.stringify({ ...PORTS, ...options })};`;

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly cwd: string;
  readonly log: Log;
  readonly url: string;
  configure(options: object): Promise<void>;
  /** The levels of the lines about an event of the client, which the log of errors must not be without. */
  said(client: string, module?: string): Promise<string[]>;
  /** Runs `n2o log`. */
  change(...args: string[]): ReturnType<typeof run>;
}

/** A server, gone with the test, whose options are in a file. */
async function serve(
  options: object,
  args: readonly string[] = [],
  env: Place['env'] = {},
): Promise<Running> {
  const files = { 'loud.js': LOUD, 'other.js': LOUD, 'n2o.config.ts': configOf(options) };
  const { path: cwd, close } = await folder(files);
  onTestFinished(close);
  const child = start(['start', '.', ...args], { cwd, ...(env && { env }) });
  onTestFinished(() => void child.kill('SIGKILL'));
  const log = logOf(child);
  const url = String((await log.next('ready')).mqtt);
  const said = async (id: string, module = 'loud') => {
    await using client = await connect(url, { id });
    await client.call(module, `${id}.`);
    const levels: string[] = [];
    for (;;) {
      const line = await log.next('');
      if (line.ends === `${id}.`) return levels;
      if (line.message === `${id}.`) levels.push(String(line.msg));
    }
  };
  return {
    child,
    cwd,
    log,
    url,
    said,
    configure: (changed) => writeFile(join(cwd, 'n2o.config.ts'), configOf(changed)),
    change: (...all) => run(['log', ...all, '--broker', url]),
  };
}

const DONE = { code: 0, stdout: '', stderr: '' };
const ALL = ['debug', 'info', 'warn', 'error'];
const INFO = ALL.slice(1);

describe.each([['2'], ['0']])('with %s worker threads', (workers) => {
  test('levels are of all, of a module, of a client', async () => {
    const options = { logModules: 'other=error', logClients: ['a=b=debug'] };
    const { said } = await serve({ ...options, workers });
    expect(await said('dev1')).toEqual(INFO);
    expect(await said('dev1', 'other')).toEqual(['error']);
    expect(await said('a=b', 'other')).toEqual(ALL);
  });

  test('SIGHUP reads them again', async () => {
    const { child, log, configure, said } = await serve({ workers });
    expect(await said('dev1')).toEqual(INFO);
    await configure({ logLevel: 'warn', logModules: ['other=debug'] });
    child.kill('SIGHUP');
    expect(await log.next('log levels read again')).toMatchObject({
      least: 'warn',
      modules: 'other=debug',
      clients: '',
    });
    expect(await said('dev1')).toEqual(['warn', 'error']);
    expect(await said('dev1', 'other')).toEqual(ALL);
  });

  test('n2o log changes them while it runs', async () => {
    const { said, change, log } = await serve({ workers });
    expect(await change('debug', '--client', 'dev1')).toEqual(DONE);
    expect(await log.next('log level changed')).toMatchObject({ client: 'dev1', least: 'debug' });
    expect(await said('dev1')).toEqual(ALL);
    expect(await said('dev2')).toEqual(INFO);
    expect(await change('warn', '--module', 'loud')).toEqual(DONE);
    expect(await change('error')).toEqual(DONE);
    expect(await said('dev1')).toEqual(ALL);
    expect(await said('dev2')).toEqual(['warn', 'error']);
    expect(await said('dev2', 'other')).toEqual(['error']);
    expect(await change('default')).toEqual(DONE);
    expect(await said('dev1')).toEqual(INFO);
  });
});

test('SIGHUP reads a value that a variable says is in a file, and forgets what was changed since', async () => {
  const { path, close } = await folder({ clients: 'dev1=debug' });
  onTestFinished(close);
  const file = join(path, 'clients');
  const { child, change, log, said } = await serve({}, [], { N2O_LOG_CLIENTS_FILE: file });
  expect(await change('silent', '--client', 'dev1')).toEqual(DONE);
  await log.next('log level changed');
  await writeFile(file, 'dev2=debug');
  child.kill('SIGHUP');
  expect(await log.next('read again')).toMatchObject({ clients: 'dev2=debug' });
  expect(await said('dev1')).toEqual(INFO);
  expect(await said('dev2')).toEqual(ALL);
});

test('options that are not right change nothing', async () => {
  const { child, log, configure, said } = await serve({});
  await configure({ logLevel: 'loud' });
  child.kill('SIGHUP');
  expect((await log.next('not read again')).err).toMatchObject({ code: 'N2O_CONFIG_OPTION' });
  expect(await said('dev1')).toEqual(INFO);
});

test('a flag goes before the file, also at SIGHUP', async () => {
  const { child, configure, log, said } = await serve({}, ['--log-level', 'debug']);
  await configure({ logLevel: 'error', logModules: 'other=error' });
  child.kill('SIGHUP');
  expect(await log.next('read again')).toMatchObject({ least: 'debug' });
  expect(await said('dev1')).toEqual(ALL);
});

test('only hosts say what is logged', async () => {
  const clusterSecret = 'sixteen letters!';
  const { change, log, url, said } = await serve({ clusterSecret });
  const refused = await change('debug', '--timeout', '2s');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/N2O_CLIENT_CONNECT/) });
  await using client = await connect(url);
  await client.publish('n2o/log', '{"level":"debug"}');
  expect(await said('dev1')).toEqual(INFO);
  expect(await change('debug', '--cluster-secret', clusterSecret)).toEqual(DONE);
  await log.next('log level changed');
  expect(await said('dev1')).toEqual(ALL);
});

test('what is no change is said to be none', async () => {
  const { url, log, said } = await serve({});
  await using client = await connect(url, { id: 'n2o-host-test' });
  await client.publish('n2o/log', 'debug');
  expect(await log.next('cannot be changed')).toMatchObject({ code: 'N2O_LOG_CHANGE' });
  expect(await said('dev1')).toEqual(INFO);
});

test.each([
  [['loud'], /N2O_CONFIG_OPTION: log: expected trace, .*, default, got "loud"/],
  [['debug', '--module', 'a', '--client', 'b'], /N2O_CONFIG_OPTION: log: either/],
  [[], /expected LEVEL, got nothing/],
])('n2o log %j is refused', async (args, stderr) => {
  const ended = await run(['log', ...args]);
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(stderr) });
});

test('n2o log finds the server that is configured in the same place', async () => {
  const { url, log } = await serve({});
  const env = { N2O_MQTT_PORT: new URL(url).port };
  expect(await run(['log', 'debug'], { env })).toEqual(DONE);
  await log.next('log level changed');
});

test('the log may be written by a logger of your own', async () => {
  const app = await folder({ 'loud.js': LOUD });
  onTestFinished(app.close);
  const { path: cwd, close } = await folder({
    'logger.ts': `
      import { appendFileSync } from 'node:fs';
      const append = (text: string) => appendFileSync('own.log', text + '\\n');
      export default () => {
        const at = (level: string) => (fields: object, text = '') =>
          append([level, text, JSON.stringify(fields)].join(' '));
        const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
        return { ...log, close: () => append('all is written') };
      };`,
  });
  onTestFinished(close);
  const args = ['--mqtt-port', '0', '--http-port', '0', '--logger', './logger.ts'];
  const child = start(['start', app.path, ...args], { cwd });
  onTestFinished(() => void child.kill('SIGKILL'));
  const read = () => readFile(join(cwd, 'own.log'), 'utf8').catch(() => '');
  await expect.poll(read, { timeout: 15_000 }).toContain('info ready ');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await read()).toMatch(/info closed \{\}\nall is written\n$/);
});
