/** A Mosquitto of the test's own, on a free port, gone when the test is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** What Debian's Mosquitto needs to be reached at all; `{port}` is a free one. */
export const PLAIN = 'listener {port} 127.0.0.1\nallow_anonymous true\n';

export interface Mosquitto {
  readonly url: string;
  /** Ends it in good order, and starts it again. */
  restart(): Promise<void>;
}

/** A folder that Mosquitto can use, also where it lays down the rights of root. */
export async function workplace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-mosquitto-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'db'));
  await chmod(join(folder, 'db'), 0o777);
  return folder;
}

/** Ports that were free a moment ago. */
export async function freePorts(amount: number): Promise<number[]> {
  const servers = Array.from({ length: amount }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/**
 * Starts Mosquitto on a configuration; resolves when it listens.
 *
 * @param files path → text, of what the configuration names
 */
export async function startMosquitto(
  config = PLAIN,
  files: Readonly<Record<string, string>> = {},
): Promise<Mosquitto> {
  const folder = await workplace();
  const [port] = (await freePorts(1)) as [number];
  const file = join(folder, 'mosquitto.conf');
  await writeFile(file, config.replaceAll('{port}', String(port)));
  for (const [path, text] of Object.entries(files)) await writeFile(path, text);
  let child = await run(file);
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'exit');
  };
  onTestFinished(end);
  const restart = async () => {
    await end();
    child = await run(file);
  };
  return { url: `mqtt://127.0.0.1:${port}`, restart };
}

async function run(file: string): Promise<ChildProcess> {
  const child = spawn('mosquitto', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (!line.endsWith(' running')) continue;
    child.stderr.resume();
    return child;
  }
  throw new Error(`Mosquitto did not start:\n${said.join('\n')}`);
}
