/** The built server as a process of its own, with modules from a folder that goes with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../packages/n2o/bin/n2o.js', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

const SECRET = 'sixteen-characters-or-more';

export interface Served {
  /** `http://host:port`. */
  readonly url: string;
  /** Ends it at once, and starts it again on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param modules path in the folder → source */
export async function serve(
  modules: Readonly<Record<string, string>>,
  secret?: string,
): Promise<Served> {
  const app = await mkdtemp(join(tmpdir(), 'n2o-'));
  for (const [name, source] of Object.entries(modules)) {
    await mkdir(join(app, name, '..'), { recursive: true });
    await writeFile(join(app, name), source);
  }
  return serveFolder(app, app, secret);
}

/** The same of an example, as it is. @param flags of the command, besides its own */
export async function serveExample(name: string, flags: readonly string[] = []): Promise<Served> {
  return serveFolder(join(EXAMPLES, name), await mkdtemp(join(tmpdir(), 'n2o-')), SECRET, flags);
}

/** @param work a folder for what the server keeps, gone with it */
async function serveFolder(
  app: string,
  work: string,
  secret = SECRET,
  flags: readonly string[] = [],
): Promise<Served> {
  const store = join(work, 'store');
  let running = await run(app, store, '0', secret, flags);
  const { url } = running;
  return {
    url,
    async restart() {
      await running.kill();
      running = await run(app, store, new URL(url).port, secret, flags);
    },
    async close() {
      await running.kill();
      await rm(work, { recursive: true, force: true });
    },
  };
}

async function run(
  app: string,
  store: string,
  port: string,
  secret: string,
  flags: readonly string[],
) {
  const ports = ['--mqtt-port', 'off', '--http-port', port];
  const config = join(app, 'n2o.config.ts');
  const configured = existsSync(config) ? ['--config', config] : [];
  const args = [BIN, 'start', app, ...ports, ...configured, ...flags];
  // The secret outlives the process, as it does where somebody has set one.
  const env = {
    ...process.env,
    // For tests, and no options of the command.
    N2O_ORIGINAL: undefined,
    N2O_CHROMIUM: undefined,
    NODE_ENV: 'test',
    N2O_STORE: store,
    N2O_FILES: join(store, '..', 'files'),
    N2O_SECRET: secret,
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
