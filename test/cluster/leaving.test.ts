import { writeFile } from 'node:fs/promises';
import { vnodeOf } from '@n2o/shared';
import type { MqttClient } from 'mqtt';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../end-to-end/n2o.ts';
import { startHost, startQuickHost } from './hosts.ts';
import { startLoad } from './load.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';

/** Answers a path when there is a file, anything else at once. */
const MODULES = {
  'gate.ts': `
    import { existsSync, watch } from 'node:fs';
    import { dirname } from 'node:path';
    export async function event(message: string) {
      if (message.startsWith('/')) await new Promise<void>((resolve) => {
        const watcher = watch(dirname(message), look);
        function look() { if (existsSync(message)) { watcher.close(); resolve(); } }
        look();
      });
      return 'done';
    }`,
  'echo.ts': 'export const event = (message: string) => message;',
};

const topicOf = (client: string) => `events/1/${vnodeOf(client, 16)}/gate/${client}`;

/** A client that listens to its answers. */
async function listener(broker: Mosquitto, clientId: string): Promise<MqttClient> {
  const client = await broker.connect({ clientId });
  await client.subscribeAsync(`actions/1/gate/${clientId}`, { qos: 1 });
  return client;
}

const answer = (client: MqttClient) =>
  new Promise<string>((resolve) => {
    client.once('message', (_, payload) => resolve(payload.toString()));
  });

describe('a host that is told to end', () => {
  it('answers what is under way and exits; what comes later waits in the broker', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(MODULES);
    const gates = await folderOf({});
    const a = await startHost(broker.url, 'a', app);
    const client = await listener(broker, 'dev1');
    const other = await listener(broker, 'dev2');
    await client.publishAsync(topicOf('dev1'), `${gates}/open`, { qos: 1 });
    const answered = answer(client);
    const served = answer(other);
    await other.publishAsync(topicOf('dev2'), 'hello', { qos: 1 });
    await served;
    a.child.kill('SIGTERM');
    await a.logged('closing');
    await writeFile(`${gates}/open`, '');
    expect(await answered).toBe('done');
    expect(await a.exit).toBe(0);
    await other.publishAsync(topicOf('dev2'), 'later', { qos: 1 });
    const late = answer(other);
    await startHost(broker.url, 'b', app);
    expect(await late).toBe('done');
  }, 30_000);

  it('leaves nothing of itself behind for others to wait for', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(MODULES);
    const a = await startHost(broker.url, 'a', app);
    expect(await a.end()).toBe(0);
    const watcher = await broker.connect();
    const retained = new Map<string, string>();
    watcher.on('message', (topic, payload) => retained.set(topic, payload.toString()));
    await watcher.subscribeAsync('n2o/#', { qos: 1 });
    const end = new Promise((resolve) => watcher.on('message', resolve));
    await watcher.publishAsync('n2o/end', '', { qos: 1 });
    await end;
    expect([...retained.keys()].filter((topic) => topic.startsWith('n2o/hosts'))).toEqual([]);
    const owners = [...retained]
      .filter(([topic]) => topic.startsWith('n2o/vnodes'))
      .map(([, payload]) => JSON.parse(payload).host);
    expect(owners).toEqual(Array(16).fill(''));
  }, 30_000);
});

describe('a broker that is restarted', () => {
  it.each([
    ['SIGTERM', 'persistence true'],
    ['SIGKILL', 'persistence true'],
    ['SIGKILL', 'persistence false'],
  ] as const)(
    'with %s and %s has its hosts back, and no vnode changes hands',
    async (signal, persistence) => {
      const saving = ['autosave_interval 1', 'autosave_on_changes true'];
      const broker = await startMosquitto(...saving, persistence);
      const app = await folderOf(MODULES);
      const a = await startHost(broker.url, 'a', app);
      const b = await startHost(broker.url, 'b', app);
      const before = [a, b].map(({ log }) => log.length);
      await broker.stop(signal);
      await Promise.all([a, b].map((host) => host.logged('cannot be reached')));
      await broker.start();
      await Promise.all([a, b].map((host) => host.logged('serves its whole share again')));
      const load = await startLoad(broker, { clients: 16, window: 2, module: 'echo', vnodes: 16 });
      await load.answered(200);
      expect((await load.stop()).disorders).toBe(0);
      const moves = [a, b].flatMap(({ log }, i) =>
        log.slice(before[i]).filter(({ msg }) => /^vnode (claimed|given away|lost)/.test(`${msg}`)),
      );
      expect(moves).toEqual([]);
    },
    30_000,
  );

  it('forgets a host that ended with it', async () => {
    const broker = await startMosquitto('autosave_interval 1', 'autosave_on_changes true');
    const app = await folderOf(MODULES);
    const a = await startQuickHost(broker.url, 'a', app);
    const b = await startQuickHost(broker.url, 'b', app);
    await broker.stop('SIGKILL');
    a.child.kill('SIGKILL');
    await a.exit;
    await broker.start();
    await b.logged('host is silent');
    const load = await startLoad(broker, { clients: 16, window: 1, module: 'echo', vnodes: 16 });
    await load.stop();
  }, 30_000);
});
