/** The configuration of Mosquitto that the documentation gives, run as it stands there. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Joining, join as joinAs } from '../../src/doctor/join.ts';
import type { Peer } from '../../src/doctor/peer.ts';
import { targetOf } from '../../src/doctor/target.ts';
import { examined } from './examined.ts';
import { freePorts, type Mosquitto, startMosquitto, workplace } from './mosquitto.ts';

const exec = promisify(execFile);

const PAGE = new URL('../../../../docs/brokers.md', import.meta.url);
const FOLDER = '/etc/mosquitto';
const USERS = { 'n2o-hosts.passwd': ['n2o-host'], 'n2o-devices.passwd': ['dev1', 'dev2'] };

let mosquitto: Mosquitto;
let hosts: string;
let devices: string;

beforeEach(async () => {
  const folder = await workplace();
  const [devicesPort, hostsPort] = (await freePorts(2)) as [number, number];
  hosts = `127.0.0.1:${hostsPort}`;
  devices = `127.0.0.1:${devicesPort}`;
  const here = (text: string) =>
    text
      .replaceAll(FOLDER, folder)
      .replace('listener 1883\n', `listener ${devicesPort} 127.0.0.1\n`)
      .replace('listener 1884 10.0.0.5\n', `listener ${hostsPort} 127.0.0.1\n`);
  const files = (await blocks()).filter(({ path }) => path.startsWith(FOLDER));
  expect(files.map(({ path }) => basename(path))).toEqual([
    'n2o.conf',
    'n2o-devices.acl',
    'n2o-hosts.acl',
  ]);
  await mkdir(join(folder, 'conf.d'));
  for (const { path, text } of files) await writeFile(here(path), here(text));
  for (const [name, users] of Object.entries(USERS)) {
    const file = join(folder, name);
    await writeFile(file, '');
    for (const user of users) await exec('mosquitto_passwd', ['-b', file, user, `of-${user}`]);
    await chmod(file, 0o644);
  }
  // The rest of Debian's own file, as far as it matters here.
  mosquitto = await startMosquitto(
    `persistence true\npersistence_location ${folder}/db/\ninclude_dir ${folder}/conf.d\n`,
  );
});

/** The blocks of the page that begin with the path of a file. */
async function blocks() {
  const page = await readFile(PAGE, 'utf8');
  return [...page.matchAll(/^```\n(?:#|%%) (\/\S+).*\n([\s\S]*?)^```/gm)].map(
    ([, path = '', text = '']) => ({ path, text }),
  );
}

async function connected(user: string, at: string, how: Partial<Joining> = {}): Promise<Peer> {
  const joining = { id: user, clean: true, keepalive: 0, acknowledges: true, ...how };
  const peer = await joinAs(targetOf(`mqtt://${user}:of-${user}@${at}`), joining, 5_000);
  onTestFinished(() => peer.drop());
  return peer;
}

const device = (user: string, how?: Partial<Joining>) => connected(user, devices, how);
const host = (id: string, clean = false) => connected('n2o-host', hosts, { id, clean });

/** What comes before a message that is sure to come. */
async function heard(peer: Peer): Promise<string[]> {
  const speaker = await host('n2o-host-speaker', true);
  await peer.subscribe(`actions/1/m/${peer.id}`, 1);
  await speaker.publish(`actions/1/m/${peer.id}`, 'end');
  while (peer.deliveries.at(-1)?.payload.toString() !== 'end') {
    const { length } = peer.deliveries;
    await peer.gather(length + 1, 5_000);
    if (peer.deliveries.length === length) throw new Error('the last message did not come');
  }
  return peer.deliveries.map(({ topic, payload }) => `${topic} ${payload}`);
}

describe('the Mosquitto of docs/brokers.md', () => {
  test('keeps all promises, without bounds that are met', async () => {
    const { code, verdicts } = await examined(`mqtt://n2o-host:of-n2o-host@${hosts}`);
    expect(new Set(verdicts.values())).toEqual(new Set(['kept']));
    expect(code).toBe(0);
  }, 60_000);

  test('lets a device speak to its vnode, which may be away, and over a restart', async () => {
    const vnode = await host('n2o-vnode-15');
    await vnode.subscribe('events/+/15/#', 1);
    await vnode.leave();
    const dev1 = await device('dev1');
    await dev1.publish('events/1/15/echo/dev1', 'before');
    await mosquitto.restart();
    await (await device('dev1')).publish('events/1/15/echo/me/dev1/token', 'after');
    const back = await host('n2o-vnode-15');
    expect(back.sessionPresent).toBe(true);
    const came = await back.gather(2, 5_000);
    expect(came.map(({ topic, payload }) => `${topic} ${payload}`)).toEqual([
      'events/1/15/echo/dev1 before',
      'events/1/15/echo/me/dev1/token after',
    ]);
  });

  test('gives a device the actions that are for it, and no others', async () => {
    const dev1 = await device('dev1');
    await dev1.subscribe('actions/#', 1);
    const speaker = await host('n2o-host-a', true);
    await speaker.publish('actions/1/echo/dev2', 'not yours');
    await speaker.publish('actions/1/echo/dev1', 'yours');
    expect(await heard(dev1)).toEqual(['actions/1/echo/dev1 yours', 'actions/1/m/dev1 end']);
  });

  test.each([
    ['an event of another device', 'events/1/15/echo/dev2'],
    ['an action', 'actions/1/echo/dev2'],
    ['a dead letter', 'dead/echo/dev1'],
    ['the word of a host', 'n2o/vnodes/15'],
    ['a topic of no meaning', 'other'],
  ])('does not let a device send %s', async (_, topic) => {
    const listener = await host('n2o-host-listener', true);
    await listener.subscribe('events/#', 1);
    await listener.subscribe('n2o/#', 1);
    const dev2 = await device('dev2');
    await dev2.subscribe('actions/#', 1);
    const dev1 = await device('dev1');
    await dev1.publish(topic, 'forged', 1, true);
    await dev1.publish('events/1/15/echo/dev1', 'own');
    await listener.gather(1, 5_000);
    expect(listener.deliveries.map(({ payload }) => payload.toString())).toEqual(['own']);
    expect(await heard(dev2)).toEqual(['actions/1/m/dev2 end']);
  });

  test('does not let a device take the place of a vnode or of another device', async () => {
    const vnode = await host('n2o-vnode-15');
    const dev2 = await device('dev2');
    const thief = await device('dev1', { id: 'n2o-vnode-15' });
    const second = await device('dev1', { id: 'dev2' });
    await second.ping();
    await Promise.all([vnode.ping(), dev2.ping()]);
    // They are one client, dev1: that is whom the second took over from.
    await thief.closed;
  });

  test.each([
    ['dev1', () => hosts],
    ['n2o-host', () => devices],
  ])('does not let %s in by the other door', async (user, at) => {
    await expect(connected(user, at())).rejects.toMatchObject({ code: 'N2O_CLIENT_CONNECT' });
  });
});
