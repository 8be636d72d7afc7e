/** The built server as a process of its own, with modules from a folder that goes with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROTOCOLS = 'heart,rpc,nitro,spa,bin,ftp,http,app';

const BIN = fileURLToPath(new URL('../../packages/n2o/bin/n2o.js', import.meta.url));

export interface Served {
  /** `http://host:port`. */
  readonly url: string;
  /** Ends it at once, and starts it again on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param modules file name → source */
export async function serve(modules: Readonly<Record<string, string>>): Promise<Served> {
  const app = await mkdtemp(join(tmpdir(), 'n2o-'));
  for (const [name, source] of Object.entries(modules)) await writeFile(join(app, name), source);
  let running = await run(app, '0');
  const { url } = running;
  return {
    url,
    async restart() {
      await running.kill();
      running = await run(app, new URL(url).port);
    },
    async close() {
      await running.kill();
      await rm(app, { recursive: true, force: true });
    },
  };
}

async function run(app: string, port: string) {
  const ports = ['--mqtt-port', 'off', '--http-port', port];
  const args = [BIN, 'start', app, ...ports, '--protocols', PROTOCOLS];
  // The secret outlives the process, as it does where somebody has set one.
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    N2O_STORE: join(app, 'store'),
    N2O_SECRET: 'sixteen-characters-or-more',
  };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  for await (const line of createInterface(child.stdout)) {
    const { msg, http } = JSON.parse(line) as { msg: string; http: string };
    if (msg !== 'ready') continue;
    child.stdout.resume();
    return { url: http, kill };
  }
  throw new Error('the server did not start');
}
