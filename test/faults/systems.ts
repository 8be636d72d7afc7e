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
  /** All that the module `journal` has written down: `client n`. */
  journal(): Promise<ReadonlySet<string>>;
}

/** A broker with workers in one process, on a folder. */
export async function together(): Promise<System> {
  const { folder, port, env, journal } = await place();
  const store = ['--store', join(folder, 'store')];
  const args = ['start', APP, ...listening(port), ...store, '--workers', '2'];
  const broker = await started(new Member('broker', args, env));
  return { port, plain: false, broker, hosts: [], redis: undefined, journal };
}

/** A broker and hosts on one Redis; or the broker on a folder of its own. */
export async function apart(hosts: readonly string[], keeps: 'Redis' | 'folder'): Promise<System> {
  const { folder, port, env, journal } = await place();
  const redis = await durableRedis();
  const url = `redis://${redis.address}`;
  const store = keeps === 'Redis' ? url : join(folder, 'store');
  const args = ['broker', ...listening(port), '--store', store];
  const broker = await started(new Member('broker', args, env));
  const members = await joined(hosts, port, url, env);
  return { port, plain: false, broker, hosts: members, redis, journal };
}

/** Mosquitto, and hosts on a Redis. */
export async function onMosquitto(hosts: readonly string[]): Promise<System> {
  const { env, journal } = await place();
  const redis = await durableRedis();
  const port = await startMosquitto();
  const members = await joined(hosts, port, `redis://${redis.address}`, env);
  return { port, plain: true, broker: undefined, hosts: members, redis, journal };
}

/** A further host of a system that has hosts; not started yet. */
export function another(name: string, { port, redis, hosts }: System): Member {
  const member = hostOn(name, port, `redis://${redis?.address}`, hosts[0]?.env ?? {});
  onTestFinished(async () => void (await member.end('SIGKILL')));
  return member;
}

/** Where a system is: a folder and a port, both its own. */
async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-faults-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'journal');
  const journal = async () => new Set((await readFile(file, 'utf8')).split('\n'));
  return { folder, port: await freePort(), env: { FAULTS_JOURNAL: file }, journal };
}

/** Redis as it loses nothing that it has said is written, when it is killed. */
async function durableRedis(): Promise<RedisServer> {
  const redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return redis;
}

function listening(port: number): string[] {
  return ['--mqtt-port', `${port}`, '--http-port', 'off'];
}

async function joined(
  names: readonly string[],
  port: number,
  store: string,
  env: NodeJS.ProcessEnv,
): Promise<Member[]> {
  return Promise.all(names.map((name) => started(hostOn(name, port, store, env))));
}

function hostOn(name: string, port: number, store: string, env: NodeJS.ProcessEnv): Member {
  const broker = ['--broker', `mqtt://127.0.0.1:${port}`];
  const args = ['vnode', APP, ...broker, '--name', name, '--workers', '1', '--store', store];
  return new Member(name, args, env);
}

async function started(member: Member): Promise<Member> {
  onTestFinished(async () => void (await member.end('SIGKILL')));
  await member.start();
  return member;
}
