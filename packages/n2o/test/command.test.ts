/** The command as a user has it: flags in, output and exit code out. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { folder, logOf, run, serve, start } from './command.ts';

const MODULES = {
  'echo.js': `export default {
    event: (message) => (message === 'hush' ? undefined : message),
    methods: { add: ({ a, b }) => a + b },
  };`,
  'bytes.js': `export default { formatter: 'binary', event: (bytes) => bytes };`,
  'fail.js': `export default { event() { throw new Error('on purpose'); } };`,
  'stuck.js': `export default { event: () => (console.log('stuck'), new Promise(() => {})) };`,
};

let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve(MODULES);
});
afterAll(() => server.close());

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const call = (...args: string[]) => run(['call', ...args, '--url', server.url]);

describe('n2o call', () => {
  test.each([
    ['{"set": 21.5}', '{"set":21.5}\n'],
    ['PING', 'PONG\n'],
    ['two words', 'two words\n'],
  ])('sends %s and prints %j', async (message, stdout) => {
    expect(await call('echo', message)).toEqual({ code: 0, stdout, stderr: '' });
  });

  test('reads the message from the standard input for -', async () => {
    const { stdout } = await run(['call', 'echo', '-', '--url', server.url], {}, '{"a":\n1}');
    expect(stdout).toBe('{"a":1}\n');
  });

  test('prints bytes as they are', async () => {
    expect((await call('bytes', 'öäü', '--format', 'binary')).stdout).toBe('öäü\n');
  });

  test('speaks BERT where it is told to', async () => {
    expect((await call('echo', '{"a":[1]}', '--format', 'bert')).code).toBe(0);
  });

  test('ends with the error of the module', async () => {
    const { code, stderr } = await call('fail', '1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^n2o: N2O_HANDLER_THREW: .*\n$/);
  });

  test('ends when nothing comes', async () => {
    const { code, stderr } = await call('echo', 'hush', '--timeout', '1s');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'n2o: N2O_CLIENT_TIMEOUT: echo did not reply within 1000 ms\n',
    });
  });

  test('finds the broker by the same options as the server', async () => {
    const { port } = new URL(server.url);
    const place = { env: { N2O_MQTT_PORT: port, N2O_HOST: '0.0.0.0' } };
    expect((await run(['call', 'echo', '1'], place)).stdout).toBe('1\n');
  });

  test('says where nobody is', async () => {
    const { code, stderr } = await run(['call', 'echo', '1', '--mqtt-port', '1']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^n2o: N2O_CLIENT_CONNECT: .*ECONNREFUSED/);
  });
});

describe('n2o pub and sub', () => {
  test('hand messages on', async () => {
    const at = ['--url', server.url];
    expect((await run(['pub', 'news/a', 'rain', '--retain', ...at])).code).toBe(0);
    const sub = run(['sub', 'news/#', 'more', '--verbose', '--count', '1', ...at]);
    expect(await sub).toEqual({ code: 0, stdout: 'news/a rain\n', stderr: '' });
  });

  test('let a stranger to the client library call a module', async () => {
    const child = start(['sub', 'actions/1/+/dev1', '--count', '1', '--url', server.url]);
    const output = text(child.stdout);
    const publish = () =>
      run(['pub', 'events/1//echo/dev1', '{"set":1}', '--id', 'dev1', '--url', server.url]);
    // The subscription has no sound of its own: published until it is heard.
    while (child.exitCode === null) await publish();
    expect(await output).toBe('{"set":1}\n');
  });

  test('end with 0 when they are told to', async () => {
    const at = ['--url', server.url];
    await run(['pub', 'kept', 'x', '--retain', ...at]);
    const child = start(['sub', 'kept', ...at]);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('n2o start', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 at %s', async (signal) => {
    const one = await serve(MODULES);
    open.push(one);
    one.child.kill(signal);
    expect(await one.exit).toEqual([0, null]);
  });

  test('ends at once at the second signal', async () => {
    const one = await serve(MODULES);
    open.push(one);
    const heard = (text: string) =>
      new Promise<void>((resolve) => {
        one.child.stdout.on('data', (chunk: Buffer) => {
          if (chunk.includes(text)) resolve();
        });
      });
    const [stuck, closing] = [heard('stuck'), heard('closing')];
    const calling = start(['call', 'stuck', '1', '--url', one.url]);
    await stuck;
    one.child.kill('SIGTERM');
    await closing;
    one.child.kill('SIGTERM');
    expect(await one.exit).toEqual([143, null]);
    calling.kill();
  });

  test('is what n2o broker does with workers', async () => {
    const app = await folder(MODULES);
    open.push(app);
    const ports = ['--mqtt-port', '0', '--http-port', '0'];
    const child = start(['broker', app.path, '--workers', '1', ...ports]);
    open.push({ close: async () => child.kill('SIGKILL') });
    const { mqtt, workers } = await logOf(child).next('ready');
    expect(workers).toBe(1);
    expect((await run(['call', 'echo', '1', '--url', String(mqtt)])).stdout).toBe('1\n');
  });

  test('says in one line why it cannot', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    open.push({ close: async () => taken.close() });
    const { port } = taken.address() as { port: number };
    const app = await folder(MODULES);
    open.push(app);
    const args = ['start', app.path, '--mqtt-port', String(port), '--http-port', '0'];
    const { code, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^n2o: N2O_LISTEN_FAILED: .*\n$/);
    const verbose = await run([...args, '--log-level', 'debug']);
    expect(verbose.stderr).toMatch(/^n2o: N2O_LISTEN_FAILED: (.*\n)+ +at /);
  });
});

test.each([
  ['start', '--store', 'redis://127.0.0.1:1'],
  ['vnode', '--broker', 'mqtt://127.0.0.1:1'],
])('n2o %s says that there is no such folder before it waits', async (command, ...args) => {
  const { code, stderr } = await run([command, 'nowhere', ...args]);
  expect(stderr).toMatch(/^n2o: N2O_MODULE_LOAD: .*nowhere: there is no such folder\n$/);
  expect(code).toBe(1);
});

describe('n2o config print', () => {
  test('shows values and where they come from, but no passwords', async () => {
    const place = await folder({ 'n2o.config.json': '{"vnodes": 8, "deadline": "1m"}' });
    open.push(place);
    const { code, stdout } = await run(['config', 'print', '--mqtt-port', '2883'], {
      cwd: place.path,
      env: {
        N2O_URL: 'mqtt://user:sesame@broker',
        N2O_STORE: 'redis+sentinel://a/main?sentinelPassword=sesame',
        N2O_CLUSTER_SECRET: 'sesame sesame sesame',
        N2O_SECRET: 'sesame sesame now,sesame sesame before',
        N2O_WORKERS: '3',
      },
    });
    expect(code).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(rows).toEqual(
      expect.arrayContaining([
        ['mqttPort', '2883', 'flag'],
        ['workers', '3', 'environment'],
        ['vnodes', '8', 'n2o.config.json'],
        ['deadline', '1m', 'n2o.config.json'],
        ['host', '127.0.0.1', 'default'],
        ['url', 'mqtt://user:***@broker', 'environment'],
        ['store', 'redis+sentinel://a/main?sentinelPassword=***', 'environment'],
        ['clusterSecret', '***', 'environment'],
        ['secret', '***', 'environment'],
      ]),
    );
    expect(stdout).not.toContain('sesame');
  });
});
