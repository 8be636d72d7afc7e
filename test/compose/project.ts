/** Starts what a compose file names as processes of this machine: the same commands, environment, dependencies and health checks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../support/redis.ts';
import { type Image, imageOf, readDockerfile } from './dockerfile.ts';
import { type ComposeFile, ROOT, type Service } from './file.ts';

const BIN = join(ROOT, 'packages/n2o/dist/bin.js');

/** Ports that the programs listen on in their containers. */
const PORTS = [1_883, 8_000, 8_883, 8_443, 6_379];

/** One of the processes of a service. */
export interface Instance {
  readonly name: string;
  readonly child: ChildProcess;
  /** Port in the container → port on this machine. */
  readonly ports: ReadonlyMap<number, number>;
  /** The folder it runs in, its container's working directory. */
  readonly folder: string;
  /** What it printed. */
  readonly output: () => string;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
}

export interface Project extends AsyncDisposable {
  readonly instances: ReadonlyMap<string, readonly Instance[]>;
  /** Ends a service as the engine does; resolves with the exit codes. */
  stop(service: string): Promise<(number | null)[]>;
}

/** Starts all services, each after those that it depends on, and waits until they are healthy. */
export async function up(
  file: ComposeFile,
  scale: Readonly<Record<string, number>> = {},
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-compose-'));
  const image = imageOf(await readDockerfile());
  const instances = new Map<string, readonly Instance[]>();
  const started = new Map<string, Promise<void>>();
  const project: Project = {
    instances,
    async stop(service) {
      const all = instances.get(service) ?? [];
      for (const { child } of all) child.kill(image.stopSignal);
      return Promise.all(all.map(({ exit }) => exit));
    },
    async [Symbol.asyncDispose]() {
      const all = [...instances.values()].flat();
      for (const { child } of all) child.kill('SIGKILL');
      await Promise.all(all.map(({ exit }) => exit));
      await rm(folder, { recursive: true, force: true });
    },
  };

  const serviceOf = (name: string) => file.services.get(name) as Service;
  const start = async (name: string): Promise<void> => {
    const service = serviceOf(name);
    for (const [other, condition] of service.depends) {
      await begin(other);
      for (const instance of instances.get(other) ?? []) await reached(instance, other, condition);
    }
    const numbers = Array.from({ length: scale[name] ?? 1 }, (_, i) => i + 1);
    const place = (number: number) => launch(`${name}-${number}`, service);
    instances.set(name, await Promise.all(numbers.map(place)));
  };
  const begin = (name: string): Promise<void> => {
    const running = started.get(name) ?? start(name);
    started.set(name, running);
    return running;
  };

  async function launch(name: string, service: Service): Promise<Instance> {
    const home = join(folder, name);
    await mkdir(home);
    const ports = new Map<number, number>();
    for (const port of PORTS) ports.set(port, await freePort());
    const put = (text: string) => translated(text, service, ports);
    const [program = '', ...args] = [...programOf(service, image), ...service.command].map(put);
    for (const { source, isVolume } of service.mounts) {
      if (isVolume) await mkdir(join(folder, source), { recursive: true });
    }
    const child = spawn(program, args, { cwd: home, env: environmentOf(name, service, ports) });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const exit = once(child, 'exit').then(([code]) => code as number | null);
    return { name, child, ports, folder: home, output: () => output, exit };
  }

  function environmentOf(name: string, service: Service, ports: ReadonlyMap<number, number>) {
    const inherited = { PATH: process.env.PATH, HOME: process.env.HOME };
    if (!service.build) return inherited;
    const own = Object.entries({ ...image.environment, ...service.environment });
    return {
      ...inherited,
      // Containers have addresses of their own, and names.
      N2O_MQTT_PORT: `${ports.get(1_883)}`,
      ...(service.command.includes('broker') && { N2O_HTTP_PORT: `${ports.get(8_000)}` }),
      ...(service.command.includes('vnode') && { N2O_NAME: name }),
      ...Object.fromEntries(own.map(([key, text]) => [key, translated(text, service, ports)])),
    };
  }

  /** Puts what is on this machine in the place of what is in a container. */
  function translated(text: string, service: Service, ports: ReadonlyMap<number, number>): string {
    let result = text;
    for (const [name, [instance]] of instances) {
      for (const [port, here] of instance?.ports ?? []) {
        result = result.replaceAll(`${name}:${port}`, `127.0.0.1:${here}`);
      }
    }
    for (const [port, here] of ports) {
      result = result.replace(new RegExp(`\\b${port}\\b`, 'g'), `${here}`);
    }
    for (const { source, target, isVolume } of service.mounts) {
      const path = isVolume ? join(folder, source) : resolve(ROOT, source);
      result = result.replace(new RegExp(`(?<![\\w.])${target}(?![\\w-])`, 'g'), path);
    }
    return result;
  }

  async function reached(instance: Instance, name: string, condition: string): Promise<void> {
    const { exit, output } = instance;
    if (condition === 'service_completed_successfully') {
      const code = await exit;
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${output()}`);
    } else if (condition === 'service_healthy') await healthy(instance, serviceOf(name));
  }

  /** Runs the health check, as it is written, until it succeeds. */
  async function healthy(instance: Instance, service: Service): Promise<void> {
    const [kind, ...words] = (service.healthcheck?.test ?? []).map((text) =>
      translated(text, service, instance.ports),
    );
    const [program = '', ...args] = kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : words;
    for (;;) {
      const { exitCode } = instance.child;
      if (exitCode !== null) {
        throw new Error(`${instance.name} ended with ${exitCode}: ${instance.output()}`);
      }
      const [code] = await once(spawn(program, args, { stdio: 'ignore' }), 'exit');
      if (code === 0) return;
    }
  }

  try {
    for (const name of file.services.keys()) await begin(name);
    for (const [name, all] of instances) {
      const service = serviceOf(name);
      if (service.healthcheck?.test) {
        for (const instance of all) await healthy(instance, service);
      }
    }
    return project;
  } catch (error) {
    await project[Symbol.asyncDispose]();
    throw error;
  }
}

/** What a container runs in front of its command. */
function programOf(service: Service, image: Image): readonly string[] {
  if (service.entrypoint) return service.entrypoint;
  if (!service.build) return [];
  const [program, ...args] = image.entrypoint;
  if (program !== 'n2o') throw new Error(`the image runs ${program}`);
  return [process.execPath, BIN, ...args];
}
