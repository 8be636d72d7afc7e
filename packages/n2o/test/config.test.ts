import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { catalogue } from '../src/catalogue.ts';
import { nearest } from '../src/config/nearest.ts';
import { masked } from '../src/config/secret.ts';
import { bytes, durationText, milliseconds, sizeText } from '../src/config/units.ts';
import { type Resolved, resolveOptions } from '../src/config.ts';
import { type OptionName, type Options, SERVER_OPTIONS } from '../src/options.ts';
import { folder } from './command.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
  readonly cores?: number;
  readonly defaults?: Partial<Options>;
  readonly takesFolder?: boolean;
}

async function resolve(given: Given): Promise<Resolved> {
  const { argv = [], env = {}, files = {}, cores = 4, defaults, takesFolder = false } = given;
  const { path: cwd, close } = await folder(files);
  open.push({ close });
  const how = { flags: SERVER_OPTIONS, defaults, cores, takesFolder };
  const resolved = await resolveOptions({ argv, env, cwd, ...how });
  if (resolved === 'help') throw new TypeError('no options');
  return resolved;
}

const option = async (name: OptionName, given: Given) => {
  const { options, sources } = await resolve(given);
  return [options[name], sources[name]];
};

test('a file beside the modules counts where the current folder has none', async () => {
  const files = { 'app/n2o.config.json': '{ "mqttPort": 7 }', 'app/readme': '' };
  const given = { argv: ['app'], files, takesFolder: true };
  expect(await option('mqttPort', given)).toEqual([7, 'app/n2o.config.json']);
  expect(await option('mqttPort', { ...given, takesFolder: false })).toEqual([1883, 'default']);
  const own = { ...files, 'n2o.config.json': '{ "mqttPort": 8 }' };
  expect(await option('mqttPort', { ...given, files: own })).toEqual([8, 'n2o.config.json']);
});

describe('the value of an option', () => {
  const argv = ['--mqtt-port', '1'];
  const env = { N2O_MQTT_PORT: '2' };
  const files = { 'n2o.config.json': '{"mqttPort": 3}' };

  test('comes from the flag, else the environment, else the file, else is the default', async () => {
    expect(await option('mqttPort', { argv, env, files })).toEqual([1, 'flag']);
    expect(await option('mqttPort', { env, files })).toEqual([2, 'environment']);
    expect(await option('mqttPort', { files })).toEqual([3, 'n2o.config.json']);
    expect(await option('mqttPort', {})).toEqual([1883, 'default']);
  });

  test('that is set to nothing in the environment is not set', async () => {
    expect(await option('mqttPort', { env: { N2O_MQTT_PORT: '' } })).toEqual([1883, 'default']);
  });

  test('is the default of the command where that has one', async () => {
    const defaults = { workers: 0 };
    expect(await option('workers', { defaults })).toEqual([0, 'default']);
    expect(await option('workers', { defaults, argv: ['--workers', '2'] })).toEqual([2, 'flag']);
  });

  test('can be in a file that a variable names, where nothing else says it', async () => {
    const { path, close } = await folder({ secret: 'sixteen letters!\n' });
    open.push({ close });
    const env = { N2O_CLUSTER_SECRET_FILE: `${path}/secret` };
    const own = { ...env, N2O_CLUSTER_SECRET: 'another sixteen letters' };
    expect(await option('clusterSecret', { env })).toEqual(['sixteen letters!', 'environment']);
    expect(await option('clusterSecret', { env: own })).toEqual([
      'another sixteen letters',
      'environment',
    ]);
    const gone = resolve({ env: { N2O_STORE_FILE: '/no/such/file' } });
    await expect(gone).rejects.toMatchObject({
      code: 'N2O_CONFIG_FILE',
      message: expect.stringMatching(/^N2O_STORE_FILE: .*\/no\/such\/file/),
    });
  });

  test('depends on the machine where nobody says', async () => {
    expect(await option('workers', { cores: 1 })).toEqual([1, 'default']);
    expect(await option('workers', { cores: 8 })).toEqual([7, 'default']);
    expect(await option('exposeErrors', {})).toEqual([true, 'default']);
    expect(await option('exposeErrors', { env: { NODE_ENV: 'production' } })).toEqual([
      false,
      'default',
    ]);
  });

  test.each([
    ['deadline', ['--deadline', '1.5s'], 1_500],
    ['maxPacketSize', ['--max-packet-size=64KiB'], 65_536],
    ['watch', ['--watch'], true],
    ['watch', ['--watch', '--no-watch'], false],
    ['watch', ['--watch=false'], false],
    ['exposeErrors', ['--no-expose-errors'], false],
    ['protocols', ['--protocols', 'heart, ./mine.js,app'], ['heart', './mine.js', 'app']],
    ['workers', ['--workers', '0'], 0],
    ['browserFiles', ['--browser-files', '/n2o-6.3/priv'], '/n2o-6.3/priv'],
    [
      'secret',
      ['--secret', `${'a'.repeat(16)},${'b'.repeat(16)}`],
      ['a'.repeat(16), 'b'.repeat(16)],
    ],
    ['loginTtl', ['--login-ttl', '30d'], 2_592_000_000],
    ['loginProlong', ['--no-login-prolong'], false],
    ['pickler', ['--pickler', 'plain'], 'plain'],
    ['kvs', ['--kvs', './my-kvs.ts'], './my-kvs.ts'],
    ['mqttPort', ['--mqtt-port', 'off'], 'off'],
    ['sessionLifetime', ['--session-lifetime', '90d'], 7_776_000_000],
    ['store', ['--store', 'rediss+sentinel://a,b:26380/main'], 'rediss+sentinel://a,b:26380/main'],
    ['store', ['--store', './data'], './data'],
    ['mqttPort', ['--mqtt-port', '1', '--mqtt-port', '2'], 2],
  ] as const)('%s: %j', async (name, argv, value) => {
    expect(await option(name, { argv })).toEqual([value, 'flag']);
  });

  test.each([
    ['deadline', '"5m"', 300_000],
    ['watch', 'true', true],
    ['protocols', '["app"]', ['app']],
    ['protocols', '"rpc,app"', ['rpc', 'app']],
  ] as const)('%s in a file: %s', async (name, json, value) => {
    const files = { 'n2o.config.json': `{"${name}": ${json}}` };
    expect(await option(name, { files })).toEqual([value, 'n2o.config.json']);
  });
});

describe('a file', () => {
  test.each([
    ['n2o.config.js', 'export default { vnodes: 2 };'],
    ['n2o.config.ts', 'const vnodes: number = 2; export default { vnodes };'],
    ['n2o.config.json', '{"$schema": "x", "vnodes": 2}'],
  ])('can be %s, and be read again when it has changed', async (name, content) => {
    const { path: cwd, close } = await folder({ [name]: content });
    open.push({ close });
    const first = (await resolveOptions({ argv: [], env: {}, cwd, flags: [] })) as Resolved;
    expect([first.options.vnodes, first.sources.vnodes]).toEqual([2, name]);
    await writeFile(join(cwd, name), content.replace('2', '3'));
    expect((await first.again()).options.vnodes).toBe(3);
  });

  test('can be named by flag or environment', async () => {
    const files = { 'other.json': '{"vnodes": 2}', 'n2o.config.json': '{"vnodes": 3}' };
    const argv = ['--config', 'other.json'];
    expect(await option('vnodes', { files, argv })).toEqual([2, 'other.json']);
    const env = { N2O_CONFIG: 'other.json' };
    expect(await option('vnodes', { files, env })).toEqual([2, 'other.json']);
  });

  test.each([
    [{ 'n2o.config.json': '{' }, /^n2o\.config\.json: .*JSON/],
    [{ 'n2o.config.json': '[]' }, /expected an object/],
    [{ 'n2o.config.js': 'throw new RangeError("mine")' }, /mine/],
    [{ 'n2o.config.js': '', 'n2o.config.ts': '' }, /n2o\.config\.js and n2o\.config\.ts/],
  ])('that cannot be read is an error: %j', async (files, message) => {
    const error = { code: 'N2O_CONFIG_FILE', message: expect.stringMatching(message) };
    await expect(resolve({ files: files as Record<string, string> })).rejects.toMatchObject(error);
  });

  test('that was named must be there', async () => {
    await expect(resolve({ argv: ['--config', 'none.json'] })).rejects.toMatchObject({
      code: 'N2O_CONFIG_FILE',
      message: expect.stringContaining('none.json'),
    });
  });
});

describe('a bad value names its option, its source and itself', () => {
  test.each([
    [{ argv: ['--vnodes', '257'] }, '--vnodes (flag): expected 1..256, got "257"'],
    [{ env: { N2O_QOS: '3' } }, 'N2O_QOS (environment): expected 0, 1 or 2, got "3"'],
    [
      { files: { 'n2o.config.json': '{"vnodes": "many"}' } },
      'vnodes (n2o.config.json): expected 1..256, got "many"',
    ],
    [
      { files: { 'n2o.config.json': '{"workers": null}' } },
      'workers (n2o.config.json): expected 0..1024, got null',
    ],
    [
      { argv: ['--log-level', 'loud'] },
      '--log-level (flag): expected trace, debug, info, warn, error, fatal, silent, got "loud"',
    ],
    [
      { argv: ['--deadline', '3 days'] },
      '--deadline (flag): expected a duration, as in 250ms, 30s, 5m, 1h, got "3 days"',
    ],
    [
      { argv: ['--deadline', '0'] },
      '--deadline (flag): expected a duration, as in 250ms, 30s, 5m, 1h, got "0"',
    ],
    [
      { env: { N2O_CLUSTER_SECRET: 'too short' } },
      'N2O_CLUSTER_SECRET (environment): expected at least 16 characters, got something else',
    ],
    [
      { argv: ['--browser-files', '//elsewhere.test'] },
      '--browser-files (flag): expected a path of the server, as /original, got "//elsewhere.test"',
    ],
    [
      { env: { N2O_BROKER: 'mqtt://h:0' } },
      'N2O_BROKER (environment): expected mqtt[s]://host[:port], got "mqtt://h:0"',
    ],
    [
      { env: { N2O_URL: 'mqtt://h/x' } },
      'N2O_URL (environment): expected mqtt[s]://host[:port] or ws[s]://host[:port]/path, got "mqtt://h/x"',
    ],
    [{ argv: ['--watch=maybe'] }, '--watch (flag): expected true or false, got "maybe"'],
    [
      { env: { N2O_ID: 'a/b' } },
      'N2O_ID (environment): expected one topic level: not empty, without / + #, got "a/b"',
    ],
  ])('%j', async (given: Given, message) => {
    await expect(resolve(given)).rejects.toMatchObject({ code: 'N2O_CONFIG_OPTION', message });
  });
});

test.each([
  ['redis://u:secret@h', 'redis://u:***@h'],
  ['mqtt://u:p@secret@h', 'mqtt://u:***@h'],
  ['mqtt://u:p/secret@h', 'mqtt://u:***@h'],
  ['mqtt://u:p"secret@h', 'mqtt://u:***@h'],
  [
    'redis+sentinel://u:secret@a:1,b:2/m?sentinelPassword=secret',
    'redis+sentinel://u:***@a:1,b:2/m?sentinelPassword=***',
  ],
  ['mqtt://h:1883', 'mqtt://h:1883'],
])('the password of %s is not shown', (url, shown) => {
  expect(masked(url)).toBe(shown);
  expect(masked(JSON.stringify([url, 'a@b']))).toBe(JSON.stringify([shown, 'a@b']));
});

describe('an unknown name is an error, with what was probably meant', () => {
  test.each([
    [{ argv: ['--vnode', '1'] }, '--vnode (flag): there is no such option; did you mean --vnodes?'],
    [{ argv: ['-x'] }, '-x (flag): there is no such option'],
    [{ argv: ['--no-vnodes'] }, '--no-vnodes (flag)'],
    [
      { env: { N2O_MQTTPORT: '1' } },
      'N2O_MQTTPORT (environment): there is no such option; did you mean N2O_MQTT_PORT?',
    ],
    [
      { files: { 'n2o.config.json': '{"mqtt-port": 1}' } },
      'mqtt-port (n2o.config.json): there is no such option; did you mean mqttPort?',
    ],
    [
      { files: { 'n2o.config.json': '{"zzzzzzzz": 1}' } },
      'zzzzzzzz (n2o.config.json): there is no such option',
    ],
  ])('%j', async (given: Given, message) => {
    await expect(resolve(given)).rejects.toMatchObject({
      message: expect.stringContaining(message),
    });
  });
});

test('operands are what is left, flags among them after --', async () => {
  const { operands } = await resolve({ argv: ['a', '--vnodes', '1', '-', '--', '--b'] });
  expect(operands).toEqual(['a', '-', '--b']);
});

test('units are read and written', () => {
  expect(['250', '250ms', '1.5s', '5m', '1h', '2d', 7].map(milliseconds)).toEqual([
    250, 250, 1_500, 300_000, 3_600_000, 172_800_000, 7,
  ]);
  expect(['1024', '1B', '64KiB', '1MiB', '2GiB'].map(bytes)).toEqual([
    1_024, 1, 65_536, 1_048_576, 2_147_483_648,
  ]);
  expect(['1 s', '1kb', '-1s', '', 's', 'constructor'].map(milliseconds)).toEqual([
    '1 s',
    '1kb',
    '-1s',
    '',
    's',
    'constructor',
  ]);
  expect([1, 1_500, 60_000, 3_600_000, 172_800_000].map(durationText)).toEqual([
    '1ms',
    '1500ms',
    '1m',
    '1h',
    '2d',
  ]);
  expect([1_023, 1_024, 1_048_576].map(sizeText)).toEqual(['1023B', '1KiB', '1MiB']);
});

test('what was meant is near', () => {
  const known = ['start', 'call', 'config'];
  expect(['strat', 'cal', 'conf', 'START', 'help'].map((name) => nearest(name, known))).toEqual([
    'start',
    'call',
    'config',
    'start',
    undefined,
  ]);
});

test('the documentation names every option with its default', async () => {
  const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| `/.test(line));
  const expected = catalogue().map(({ name, variable, flag, description, expects, byDefault }) => {
    const [spelled = ''] = flag.split(' ');
    return `| \`${name}\` | \`${spelled}\` | \`${variable}\` | ${description} Takes ${expects}. | ${byDefault} |`;
  });
  expect(rows).toEqual(expected);
});
