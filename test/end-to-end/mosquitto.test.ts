/** Mosquitto's own clients against the server, on the command lines of the README. */
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Running, start } from './n2o.ts';

const exec = promisify(execFile);

const MODULES = {
  'thermostat.ts': `export const event = ({ set }: { set: number }) => ({ target: set });`,
};

/** Starts a client that waits for messages; resolves when it has subscribed. */
async function listen(n2o: Running, ...args: string[]): Promise<AsyncIterableIterator<string>> {
  // stdbuf: into a pipe, what -d prints would otherwise wait in a buffer.
  const child = spawn('stdbuf', [
    ...['-oL', 'mosquitto_sub'],
    ...['-h', n2o.host, '-p', String(n2o.port), '-d'],
    ...args,
  ]);
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error('mosquitto_sub ended');
    if (String(value).startsWith('Subscribed')) return messages(lines);
  }
}

async function* messages(lines: AsyncIterator<string>): AsyncIterableIterator<string> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) return;
    if (!/^(?:Client|Subscribed)/.test(value)) yield value;
  }
}

function pub(n2o: Running, ...args: string[]) {
  return exec('mosquitto_pub', ['-h', n2o.host, '-p', String(n2o.port), ...args]);
}

describe('mosquitto_rr', () => {
  it.each(['0', '1', '2'])('gets the answer at QoS %s', async (qos) => {
    const n2o = await start(MODULES);
    const { stdout } = await exec('mosquitto_rr', [
      ...['-h', n2o.host, '-p', String(n2o.port), '-V', 'mqttv311', '-q', qos, '-i', 'dev1'],
      ...['-t', 'events/1//thermostat/dev1', '-e', 'actions/1/thermostat/dev1'],
      ...['-m', '{"set":21.5}'],
    ]);
    expect(stdout.trim()).toBe('{"target":21.5}');
  });
});

describe('mosquitto_sub and mosquitto_pub', () => {
  it.each(['0', '1', '2'])(
    'with one client id in two terminals: who listens gets the answer to what the other one said (QoS %s)',
    async (qos) => {
      const n2o = await start(MODULES);
      const heard = await listen(n2o, '-i', 'dev1', '-q', qos, '-t', 'actions/1/thermostat/dev1');
      await pub(
        n2o,
        '-i',
        'dev1',
        '-q',
        qos,
        '-t',
        'events/1//thermostat/dev1',
        '-m',
        '{"set":19}',
      );
      expect((await heard.next()).value).toBe('{"target":19}');
    },
  );

  it('as a dashboard: another client sees the actions of all', async () => {
    const n2o = await start(MODULES);
    const heard = await listen(n2o, '-v', '-t', 'actions/#');
    await pub(n2o, '-i', 'dev1', '-t', 'events/1//thermostat/dev1', '-m', '{"set":18}');
    expect((await heard.next()).value).toBe('actions/1/thermostat/dev1 {"target":18}');
  });

  it('speak to each other on ordinary topics: retained, wildcards', async () => {
    const n2o = await start(MODULES);
    await pub(n2o, '-r', '-q', '1', '-t', 'house/kitchen/light', '-m', 'on');
    const heard = await listen(n2o, '-v', '-q', '1', '-t', 'house/+/light');
    expect((await heard.next()).value).toBe('house/kitchen/light on');
    await pub(n2o, '-q', '2', '-t', 'house/hall/light', '-m', 'off');
    expect((await heard.next()).value).toBe('house/hall/light off');
  });

  it('of MQTT 3.1 are served as well', async () => {
    const n2o = await start(MODULES);
    const heard = await listen(n2o, '-V', 'mqttv31', '-t', 'greetings');
    await pub(n2o, '-V', 'mqttv31', '-q', '1', '-t', 'greetings', '-m', 'hello');
    expect((await heard.next()).value).toBe('hello');
  });
});
