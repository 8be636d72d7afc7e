/** Vnode hosts as a user starts them: processes of their own, and what they log. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { run } from '../end-to-end/n2o.ts';

export interface Host {
  readonly child: ChildProcess;
  readonly name: string;
  /** Lines of the log so far. */
  readonly log: readonly Record<string, unknown>[];
  /** The first line, past or to come, with this text. */
  logged(text: string, count?: number): Promise<Record<string, unknown>>;
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>;
  err(): string;
  /** Ends it with SIGTERM; resolves with the exit code. */
  end(): Promise<number | null>;
}

/** Starts a host on the modules of a folder; does not wait for it. */
export function spawnHost(broker: string, name: string, app: string, ...args: string[]): Host {
  const { child, exit, err } = run(
    ...['vnode', app, '--broker', broker, '--name', name, '--workers', '1'],
    ...['--http-port', 'off', ...args],
  );
  return follow(name, child, exit, err);
}

/** Starts a host and waits until it serves its share. */
export async function startHost(
  broker: string,
  name: string,
  app: string,
  ...args: string[]
): Promise<Host> {
  const host = spawnHost(broker, name, app, ...args);
  await host.logged('ready');
  return host;
}

/** Reads the log of a process. */
export function follow(
  name: string,
  child: ChildProcess,
  exit: Promise<number | null>,
  err: () => string,
): Host {
  const log: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    log.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  return {
    child,
    name,
    log,
    exit,
    err,
    logged: (text, count = 1) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = log.filter(({ msg }) => String(msg).includes(text))[count - 1];
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void exit.then((code) =>
          reject(new Error(`${name} ended with ${code} before it said '${text}': ${err()}`)),
        );
      }),
    end() {
      child.kill('SIGTERM');
      return exit;
    },
  };
}

const HOST = fileURLToPath(new URL('host.mjs', import.meta.url));

/** Starts a host that takes the broker for dead, and is taken for dead, within so many milliseconds; whole seconds. */
export async function startQuickHost(
  broker: string,
  name: string,
  app: string,
  keepalive = 1_000,
): Promise<Host> {
  const args = [HOST, broker, name, app, String(keepalive)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let err = '';
  child.stderr.on('data', (data) => {
    err += data;
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const host = follow(name, child, exit, () => err);
  await host.logged('ready');
  return host;
}
