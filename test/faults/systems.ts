/** The systems under test, each as a user runs it: processes of the command, and what they need beside them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { freePort, type RedisServer, startRedis } from '../support/redis.ts';
import { Member } from './member.ts';
import { startMosquitto } from './mosquitto.ts';

const APP = fileURLToPath(new URL('app', import.meta.url));

export interface System {
  /** Where devices connect. */
  readonly port: number;
  /** Its broker is not ours: see `LoadOptions`. */
  readonly plain: boolean;
  /** The process with the broker, and with workers where there are no hosts; never a broker that is not ours. */
  readonly broker: Member | undefined;
  readonly hosts: readonly Member[];
  readonly redis: RedisServer | undefined;
  /** A further host, not started yet. */
  readonly another: (name: string) => Member;
  /** All that the module `journal` has written down: `client n`. */
  journal(): Promise<ReadonlySet<string>>;
}

/** A broker with workers in one process, on a folder. */
export async function together(): Promise<System> {
  const site = await findSite();
  const broker = site.member('broker', [
    ...['start', APP, ...listening(site.port)],
    ...['--store', join(site.folder, 'store'), '--workers', '2'],
  ]);
  await broker.start();
  return { ...site, plain: false, broker, hosts: [], redis: undefined };
}

/** A broker on a folder, and hosts that use its store. @param more options of the broker */
export async function onFolder(names: readonly string[], ...more: string[]): Promise<System> {
  const site = await findSite();
  const store = ['--store', join(site.folder, 'store')];
  const broker = site.member('broker', ['broker', ...listening(site.port), ...store, ...more]);
  await broker.start();
  const hosts = await joined(site, names);
  return { ...site, plain: false, broker, hosts, redis: undefined };
}

/** A broker and hosts on one Redis. */
export async function onRedis(names: readonly string[]): Promise<System> {
  const { redis, store } = await durableRedis();
  const site = await findSite(store);
  const broker = site.member('broker', ['broker', ...listening(site.port), ...store]);
  await broker.start();
  const hosts = await joined(site, names);
  return { ...site, plain: false, broker, hosts, redis };
}

/** Mosquitto, and hosts on a Redis. */
export async function onMosquitto(names: readonly string[]): Promise<System> {
  const { redis, store } = await durableRedis();
  const site = await findSite(store);
  await startMosquitto(site.port);
  const hosts = await joined(site, names);
  return { ...site, plain: true, broker: undefined, hosts, redis };
}

/** Where a system is: a folder and a port of its own. @param store options of its hosts */
async function findSite(store: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-faults-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const file = join(folder, 'journal');
  const member = (name: string, args: readonly string[]) => {
    const made = new Member(name, args, { FAULTS_JOURNAL: file });
    onTestFinished(async () => void (await made.end('SIGKILL')));
    return made;
  };
  return {
    folder,
    port,
    member,
    another: (name: string) => {
      const broker = ['--broker', `mqtt://127.0.0.1:${port}`];
      return member(name, ['vnode', APP, ...broker, '--name', name, '--workers', '1', ...store]);
    },
    journal: async () => new Set((await readFile(file, 'utf8')).split('\n')),
  };
}

/** Redis as it loses nothing that it has said is written, when it is killed. */
async function durableRedis(): Promise<{ redis: RedisServer; store: readonly string[] }> {
  const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return { redis, store: ['--store', `redis://${redis.address}`] };
}

function listening(port: number): string[] {
  return ['--mqtt-port', `${port}`, '--http-port', 'off'];
}

async function joined(
  { another }: Pick<System, 'another'>,
  names: readonly string[],
): Promise<Member[]> {
  const hosts = names.map((name) => another(name));
  await Promise.all(hosts.map((host) => host.start()));
  return hosts;
}
