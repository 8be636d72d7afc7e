/** A Mosquitto of the test's own, on a free port, gone with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';

export interface Mosquitto {
  readonly port: number;
  readonly url: string;
  /** How often clients of this id have connected. */
  connects(client: string): number;
  /** Resolves when a client of this id has connected so often. */
  connected(client: string, times?: number): Promise<void>;
  /** An MQTT.js client, gone with the test. */
  connect(options?: IClientOptions): Promise<MqttClient>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

/** No message is dropped, as the promises of a cluster want it; what is kept is kept in a file. */
const SETTINGS = [
  'max_inflight_messages 0',
  'max_queued_messages 0',
  'set_tcp_nodelay true',
  'allow_anonymous true',
  'connection_messages true',
  'log_type notice',
  'log_type information',
  'log_dest stderr',
  'persistence true',
  'persistence_file kept.db',
];

/** @param more lines of configuration, behind the usual ones */
export async function startMosquitto(...more: readonly string[]): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-mosquitto-'));
  const port = await freePort();
  const lines = [`listener ${port} 127.0.0.1`, ...SETTINGS, ...more];
  const config = join(folder, 'mosquitto.conf');
  // It gives up root's rights for those of a user of its own, who could not write here.
  await writeFile(
    config,
    [...lines, `persistence_location ${folder}/`, 'user root', ''].join('\n'),
  );
  const connects = new Map<string, number>();
  const waiting = new Set<() => void>();
  let child: ChildProcess;
  const look = () => {
    for (const wake of waiting) wake();
  };
  const start = async () => {
    child = spawn('mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    const output = createInterface({ input: child.stderr as NodeJS.ReadableStream });
    await new Promise<void>((resolve, reject) => {
      let last = '';
      output.on('line', (line) => {
        last = line;
        if (/ running$/.test(line)) dial(port, '127.0.0.1').on('connect', hangUp);
        // It hears signals from when it hears clients.
        if (/New connection/.test(line)) resolve();
        const client = /New client connected from \S+ as (\S+) /.exec(line)?.[1];
        if (client === undefined) return;
        connects.set(client, (connects.get(client) ?? 0) + 1);
        look();
      });
      child.once('exit', (code) => reject(new Error(`mosquitto ended with ${code}: ${last}`)));
    });
  };
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  await start();
  onTestFinished(async () => {
    await stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const url = `mqtt://127.0.0.1:${port}`;
  return {
    port,
    url,
    connects: (client) => connects.get(client) ?? 0,
    connected: (client, times = 1) =>
      new Promise((resolve) => {
        const wake = () => {
          if ((connects.get(client) ?? 0) < times) return;
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        wake();
      }),
    async connect(options) {
      const client = await mqtt.connectAsync(url, { reconnectPeriod: 50, ...options });
      onTestFinished(() => client.endAsync(true));
      return client;
    },
    stop,
    start,
  };
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function hangUp(this: Socket): void {
  this.end();
}
