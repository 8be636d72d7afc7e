import { writeFile } from 'node:fs/promises';
import { hostOf, vnodeOf } from '@n2o/shared';
import { openStore } from '@n2o/store';
import mqtt from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderOf } from '../end-to-end/n2o.ts';
import { startRedis } from '../support/redis.ts';
import { BROKERS } from './both-brokers.ts';
import { spawnHost, startHost, startQuickHost } from './hosts.ts';
import { startLoad } from './load.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';

/** Answers when the file is there whose path it was sent, with who answers. */
const GATE = {
  'gate.ts': `
    import { existsSync, watch } from 'node:fs';
    import { dirname } from 'node:path';
    export async function event(path: string) {
      if (String(path).startsWith('/')) await new Promise<void>((resolve) => {
        const watcher = watch(dirname(path), look);
        function look() { if (existsSync(path)) { watcher.close(); resolve(); } }
        look();
      });
      return String(process.pid);
    }`,
};

const ECHO = { 'echo.ts': 'export const event = (message: string) => message;' };

/** A client whose vnode belongs to this host among these. */
function clientOf(host: string, hosts: readonly string[]): { id: string; vnode: number } {
  for (let i = 0; ; i++) {
    const id = `dev${i}`;
    const vnode = vnodeOf(id, 16);
    if (hostOf(vnode, hosts) === host) return { id, vnode };
  }
}

/** Another client of the same vnode. */
function twinOf(client: string): string {
  for (let i = 0; ; i++) {
    const id = `twin${i}`;
    if (vnodeOf(id, 16) === vnodeOf(client, 16)) return id;
  }
}

/** A client that listens, and the answers that it got. */
async function listen(broker: Mosquitto, clientId: string) {
  const client = await broker.connect({ clientId });
  await client.subscribeAsync(`actions/1/gate/${clientId}`, { qos: 1 });
  const replies: string[] = [];
  let wake = () => {};
  client.on('message', (_, payload) => {
    replies.push(payload.toString());
    wake();
  });
  const vnode = vnodeOf(clientId, 16);
  return {
    replies,
    ask: (text: string) =>
      client.publishAsync(`events/1/${vnode}/gate/${clientId}`, text, { qos: 1 }),
    async answered(count: number): Promise<void> {
      while (replies.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe('a host that was frozen', () => {
  it('says nothing for what it has lost, and joins again', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(GATE);
    const gates = await folderOf({});
    const a = await startQuickHost(broker.url, 'a', app);
    const b = await startQuickHost(broker.url, 'b', app);
    const { id, vnode } = clientOf('a', ['a', 'b']);
    const client = await listen(broker, id);
    await client.ask(`${gates}/open`);
    // When another client of the vnode has its answer, the event is under way.
    const other = await listen(broker, twinOf(id));
    await other.ask('hello');
    await other.answered(1);
    a.child.kill('SIGSTOP');
    await broker.connected(`n2o-vnode-${vnode}`, 2);
    await writeFile(`${gates}/open`, '');
    await client.answered(1);
    a.child.kill('SIGCONT');
    await a.logged('vnode lost');
    await broker.connected(`n2o-vnode-${vnode}`, 3);
    // Whatever a had to say for what it had before would be here before this.
    await client.ask('hello');
    await client.answered(2);
    expect(client.replies).toEqual([b, a].map(({ child }) => String(child.pid)));
  }, 60_000);

  it('does not fight: each vnode that moves is connected with once there and once back', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(ECHO);
    const a = await startQuickHost(broker.url, 'a', app);
    await startQuickHost(broker.url, 'b', app);
    const load = await startLoad(broker, { clients: 16, window: 2, module: 'echo', vnodes: 16 });
    const mine = Array.from({ length: 16 }, (_, i) => i + 1).filter(
      (vnode) => hostOf(vnode, ['a', 'b']) === 'a',
    );
    const connects = () => mine.map((vnode) => broker.connects(`n2o-vnode-${vnode}`));
    const before = connects();
    a.child.kill('SIGSTOP');
    await Promise.all(
      mine.map((vnode, i) => broker.connected(`n2o-vnode-${vnode}`, (before[i] as number) + 1)),
    );
    a.child.kill('SIGCONT');
    await Promise.all(
      mine.map((vnode, i) => broker.connected(`n2o-vnode-${vnode}`, (before[i] as number) + 2)),
    );
    await load.answered(500);
    expect((await load.stop()).disorders).toBe(0);
    expect(connects()).toEqual(before.map((count) => count + 2));
  }, 60_000);
});

describe('a stranger that connects with the id of a vnode', () => {
  it('is given way ever longer, and outlived', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(ECHO);
    const a = await startHost(broker.url, 'a', app);
    const before = broker.connects('n2o-vnode-1');
    // It comes back as soon as it is pushed off.
    const stranger = mqtt.connect(broker.url, {
      clientId: 'n2o-vnode-1',
      clean: false,
      reconnectPeriod: 1,
    });
    onTestFinished(() => stranger.endAsync(true));
    const pushedOff = () =>
      new Promise((resolve) => stranger.once('close', () => resolve(undefined)));
    for (let i = 0; i < 4; i++) await pushedOff();
    const ours = a.log.filter(({ msg }) => msg === 'connection of the vnode lost').length;
    expect(ours).toBeLessThanOrEqual(6);
    await stranger.endAsync(true);
    const load = await startLoad(broker, { clients: 16, window: 1, module: 'echo', vnodes: 16 });
    await load.stop();
    expect(broker.connects('n2o-vnode-1')).toBeGreaterThan(before);
  }, 60_000);
});

describe('a store that knows a higher epoch than the broker', () => {
  it('is outbid: the clock of an owner of before was ahead, and the broker has forgotten it', async () => {
    await using redis = await startRedis();
    const url = `redis://${redis.address}`;
    const broker = await startMosquitto();
    const app = await folderOf(GATE);
    const epoch = Date.now() + 3_600_000;
    const fence = { name: `vnode/{v${vnodeOf('dev1', 16)}}`, epoch };
    const value = Buffer.from(String(epoch));
    const store = await openStore(url, { prefix: 'n2o' });
    await store.commit([{ group: fence.name, field: 'epoch', value }], fence);
    await store.close();
    const a = await startHost(broker.url, 'a', app, '--store', url);
    const client = await listen(broker, 'dev1');
    await client.ask('{"idempotencyKey":"1"}');
    await client.answered(1);
    expect(client.replies).toEqual([`"${a.child.pid}"`]);
    expect(await a.end()).toBe(0);
  }, 30_000);
});

describe('two hosts of one name', () => {
  it('the one that came later goes on, the earlier one ends and says why', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(ECHO);
    const earlier = await startHost(broker.url, 'a', app);
    const later = await startHost(broker.url, 'a', app);
    expect(await earlier.exit).toBe(1);
    expect(earlier.err()).toContain('N2O_HOST_REPLACED');
    const load = await startLoad(broker, { clients: 16, window: 1, module: 'echo', vnodes: 16 });
    await load.stop();
    expect(later.log.filter(({ level }) => Number(level) > 30)).toEqual([]);
    expect(broker.connects('n2o-host-a')).toBe(2);
    expect(broker.connects('n2o-vnode-1')).toBe(2);
    expect(await later.end()).toBe(0);
  }, 30_000);
});

describe('a host that counts other vnodes than the others', () => {
  it('ends and says why; the others are not disturbed', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(ECHO);
    const a = await startHost(broker.url, 'a', app);
    const b = spawnHost(broker.url, 'b', app, '--vnodes', '8');
    expect(await b.exit).toBe(1);
    expect(b.err()).toContain('N2O_HOST_VNODES: a counts 16 vnodes, this host 8');
    expect(a.log.filter(({ msg }) => msg === 'vnode given away')).toEqual([]);
    expect(await a.end()).toBe(0);
  }, 30_000);

  it.each(['8', '32'])(
    'and one that counts other vnodes than our broker: %s',
    async (vnodes) => {
      const app = await folderOf(ECHO);
      const a = spawnHost(await BROKERS.ours(), 'a', app, '--vnodes', vnodes);
      expect(await a.exit).toBe(1);
      expect(a.err()).toContain(
        `N2O_HOST_VNODES: the broker counts 16 vnodes, this host ${vnodes}`,
      );
    },
    30_000,
  );
});
