/** The command as a user starts it: a process of its own, on free ports, with modules in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';

const BIN = fileURLToPath(new URL('../../packages/n2o/dist/bin.js', import.meta.url));

export interface Running {
  readonly child: ChildProcess;
  /** Folder of the modules. */
  readonly app: string;
  readonly host: string;
  readonly port: number;
  readonly http: string;
  /** Lines of the log so far, as they came. */
  readonly log: readonly Record<string, unknown>[];
  /** The first line of the log, past or to come, with this text; or the one that makes so many of them. */
  logged(text: string, count?: number): Promise<Record<string, unknown>>;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
  /** An MQTT.js client that is connected; gone with the test. */
  connect(options?: IClientOptions): Promise<MqttClient>;
}

/** A folder with these files, gone with the test. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-app-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, source] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), source);
  }
  return folder;
}

/** Runs the command; what it prints is kept. */
export function run(...args: string[]): {
  child: ChildProcess;
  exit: Promise<number | null>;
  out: () => string;
  err: () => string;
} {
  const child = spawn(process.execPath, [BIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Servers that run side by side cannot have the default folder in common.
    env: { N2O_STORE: 'memory', ...process.env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  child.stderr?.on('data', (data) => {
    err += data;
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, exit, out: () => out, err: () => err };
}

/** Starts a server on these modules and waits until it is ready. */
export async function start(
  files: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Running> {
  const app = await folderOf(files);
  const { child, exit, err } = run('start', app, '--mqtt-port', '0', '--http-port', '0', ...args);
  const log: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    log.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  const logged = (text: string, count = 1) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const look = () => {
        const found = log.filter(({ msg }) => String(msg).includes(text))[count - 1];
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void exit.then((code) =>
        reject(new Error(`ended with ${code} before it said '${text}': ${err()}`)),
      );
    });
  const { mqtt: address, http } = await logged('ready');
  const { hostname, port } = new URL(String(address));
  return {
    child,
    app,
    host: hostname,
    port: Number(port),
    http: String(http),
    log,
    logged,
    exit,
    async connect(options) {
      const client = await mqtt.connectAsync(String(address), { reconnectPeriod: 50, ...options });
      onTestFinished(() => client.endAsync(true));
      return client;
    },
  };
}

/** Sends numbered requests, all at once, and resolves with the replies in the order in which they came. */
export function converse(
  client: MqttClient,
  module: string,
  requests: readonly string[],
  qos: 0 | 1 | 2 = 1,
): Promise<string[]> {
  const id = client.options.clientId;
  return new Promise((resolve, reject) => {
    const replies: string[] = [];
    client.on('message', (_, payload) => {
      replies.push(payload.toString());
      if (replies.length === requests.length) resolve(replies);
    });
    client.on('error', reject);
    for (const request of requests) client.publish(`events/1//${module}/${id}`, request, { qos });
  });
}
