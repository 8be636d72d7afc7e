/** The compose file: an engine accepts it, what it says is safe, and what it starts serves devices. */
import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mqtt from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { imageOf, readDockerfile } from './dockerfile.ts';
import { ROOT, readCompose, type Service } from './file.ts';
import { type Instance, up } from './project.ts';

const run = promisify(execFile);
const PLAIN = ['docker-compose.yml'];
const WITH_TLS = [...PLAIN, 'deploy/tls.yml'];

/** Sends numbered requests of a device and resolves with the replies. */
async function converse({ ports }: Instance, id: string, count: number): Promise<string[]> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.get(1_883)}`, { clientId: id });
  onTestFinished(() => client.endAsync(true));
  const replies: string[] = [];
  const all = new Promise<string[]>((resolve) => {
    client.on('message', (_, payload) => {
      if (replies.push(String(payload)) === count) resolve(replies);
    });
  });
  for (let n = 0; n < count; n++) client.publish(`events/1//echo/${id}`, `${n}`, { qos: 1 });
  return all;
}

async function readyAt({ ports }: Instance): Promise<string> {
  return (await fetch(`http://127.0.0.1:${ports.get(8_000)}/readyz`)).text();
}

/** How many vnodes a host serves. */
async function servedBy({ ports }: Instance): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${ports.get(8_000)}/metrics`)).text();
  return Number(/^n2o_served_vnodes (\d+)$/m.exec(metrics)?.[1]);
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

describe.each([
  ['docker-compose.yml', PLAIN],
  ['with deploy/tls.yml', WITH_TLS],
])('%s', (_, names) => {
  it('is accepted by docker-compose', async () => {
    const files = names.flatMap((name) => ['-f', name]);
    const { stdout } = await run('docker-compose', [...files, 'config', '--services'], {
      cwd: ROOT,
    });
    const { services } = await readCompose(names);
    expect(stdout.trim().split('\n').sort()).toEqual([...services.keys()].sort());
  });
});

describe('what is started', () => {
  it('may do nothing that it need not', async () => {
    const { services } = await readCompose();
    for (const [name, { raw }] of services) {
      expect(raw, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(raw, name).not.toHaveProperty('privileged');
      expect(raw, name).not.toHaveProperty('cap_add');
    }
    expect(imageOf(await readDockerfile()).user).toBe('node');
    expect(services.get('redis')?.raw.user).toBe('redis');
  });

  it('is reached from this machine alone, Redis not even from there', async () => {
    const { services, networks } = await readCompose();
    const published = [...services].filter(([, { ports }]) => ports.length > 0);
    expect(published.map(([name]) => name)).toEqual(['broker']);
    for (const port of services.get('broker')?.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(services.get('redis')?.raw.networks).toEqual(['store']);
    expect(networks).toMatchObject({ store: { internal: true } });
  });

  it('is reached from others where that is said, over TLS at once', async () => {
    const open = await readCompose(WITH_TLS, { BIND: '10.0.0.1' });
    expect(open.services.get('broker')?.ports).toEqual([
      '10.0.0.1:1883:1883',
      '10.0.0.1:8000:8000',
      '0.0.0.0:8883:8883',
      '0.0.0.0:8443:8443',
    ]);
  });

  it('has secrets of its own, and none that stands in the file', async () => {
    const { services } = await readCompose();
    for (const name of ['broker', 'vnode']) {
      const { environment } = services.get(name) ?? {};
      expect(environment).toMatchObject({ N2O_CLUSTER_SECRET: '', N2O_SECRET: '' });
    }
    const given = { N2O_CLUSTER_SECRET: 'one from the environment', N2O_SECRET: 'another' };
    const own = await readCompose(PLAIN, given);
    for (const name of ['broker', 'vnode']) {
      expect(own.services.get(name)?.environment).toMatchObject(given);
    }
  });

  it('can be there as often as wanted', async () => {
    const vnode = (await readCompose()).services.get('vnode');
    for (const one of ['container_name', 'hostname', 'ports', 'network_mode']) {
      expect(vnode?.raw).not.toHaveProperty(one);
    }
    expect(vnode?.command).not.toContain('--name');
  });
});

describe('docker compose up', { timeout: 120_000 }, () => {
  it('serves devices, and ends without losing anything', async () => {
    await using project = await up(await readCompose());
    const [broker] = project.instances.get('broker') as [Instance];
    const [vnode] = project.instances.get('vnode') as [Instance];
    expect(await readyAt(broker)).toBe('ready\n');
    expect(await readyAt(vnode)).toBe('ready\n');
    expect(await converse(broker, 'dev1', 100)).toEqual(numbers(100));
    const { ports, folder } = broker;
    const { stdout } = await run('mosquitto_rr', [
      ...['-p', `${ports.get(1_883)}`, '-V', 'mqttv311', '-i', 'dev2', '-m', '{"set":21.5}'],
      ...['-t', 'events/1//thermostat/dev2', '-e', 'actions/1/thermostat/dev2'],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ target: 21.5 });
    // The root of a container cannot be written to, and nobody tried.
    expect(await readdir(folder)).toEqual([]);
    expect(await readdir(vnode.folder)).toEqual([]);
    expect(await project.stop('vnode')).toEqual([0]);
    expect(await project.stop('broker')).toEqual([0]);
  });

  it('--scale vnode=3 has three hosts share the devices', async () => {
    await using project = await up(await readCompose(), { vnode: 3 });
    const [broker] = project.instances.get('broker') as [Instance];
    const ids = Array.from({ length: 48 }, (_, i) => `dev${i}`);
    for (const replies of await Promise.all(ids.map((id) => converse(broker, id, 20)))) {
      expect(replies).toEqual(numbers(20));
    }
    const hosts = project.instances.get('vnode') as Instance[];
    const shares = await Promise.all(hosts.map(servedBy));
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(16);
    const [first, ...others] = hosts as [Instance, ...Instance[]];
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    for (const replies of await Promise.all(ids.map((id) => converse(broker, `${id}x`, 20)))) {
      expect(replies).toEqual(numbers(20));
    }
    expect(others).toHaveLength(2);
  });

  it('makes its secrets once, and for its members alone', async () => {
    const { services, ...rest } = await readCompose();
    const secret = services.get('secret') as Service;
    const again = { ...secret, depends: [['secret', 'service_completed_successfully']] as const };
    const file = {
      ...rest,
      services: new Map([
        ['secret', secret],
        ['again', again],
      ]),
    };
    await using project = await up(file);
    const [made] = project.instances.get('secret') as [Instance];
    expect(await made.exit).toBe(0);
    const place = join(made.folder, '../secret');
    const names = ['pages', 'secret'];
    const read = () => Promise.all(names.map((name) => readFile(join(place, name), 'utf8')));
    const contents = await read();
    expect(new Set(contents).size).toBe(2);
    for (const content of contents) expect(content.trim().length).toBeGreaterThanOrEqual(32);
    for (const name of names) expect((await stat(join(place, name))).mode & 0o077).toBe(0);
    const [second] = project.instances.get('again') as [Instance];
    expect(await second.exit).toBe(0);
    expect(await read()).toEqual(contents);
    expect(await readdir(place)).toEqual(names);
  });
});
