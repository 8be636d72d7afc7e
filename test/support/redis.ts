/** Redis servers for tests: processes of their own, on free ports, in folders that go with them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Starts it again on the same port, with what it had kept. */
  start(): Promise<void>;
  /** Ends it with a signal, SIGKILL when not said otherwise, and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** What `redis-cli` says to a command. */
  ask(...command: readonly string[]): Promise<string>;
}

export interface RedisServerOptions {
  /** Options of `redis-server`, as on its command line. */
  readonly args?: readonly string[];
  /** Options of `redis-cli`. */
  readonly cli?: readonly string[];
  readonly port?: number;
  /** Not yet started. */
  readonly idle?: boolean;
  /** The whole configuration of a Sentinel, in place of a server. */
  readonly sentinel?: string;
}

/** Starts a Redis without persistence, unless its arguments say more. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'n2o-redis-'));
  const common = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const args = [...common, ...(options.args ?? [])];
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    port,
    address: `127.0.0.1:${port}`,
    async start() {
      if (options.sentinel !== undefined) {
        const file = join(folder, 'sentinel.conf');
        await writeFile(file, options.sentinel);
        child = await launch([file, ...args, '--sentinel']);
      } else child = await launch(args);
    },
    async kill(signal = 'SIGKILL') {
      const process = child;
      child = undefined;
      if (!process || process.exitCode !== null || process.signalCode !== null) return;
      const gone = once(process, 'exit');
      process.kill(signal);
      await gone;
    },
    signal(signal) {
      child?.kill(signal);
    },
    async ask(...command) {
      const { stdout } = await run('redis-cli', [
        ...['-p', `${port}`, ...(options.cli ?? [])],
        ...command,
      ]);
      return stdout.trim();
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (!options.idle) await server.start();
  return server;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

async function launch(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    if (/Ready to accept connections|Sentinel ID is/.test(line)) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error(`redis-server ended:\n${said.join('\n')}`);
}
