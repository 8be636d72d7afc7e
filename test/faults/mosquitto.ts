/** A Mosquitto with the configuration that docs/brokers.md asks for, gone with the test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export async function startMosquitto(port: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'n2o-mosquitto-'));
  // Where it is started by root it lays down its rights.
  await chmod(folder, 0o777);
  const file = join(folder, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'persistence true',
    `persistence_location ${folder}/`,
    'max_queued_messages 250000',
    'max_queued_bytes 268435456',
    'max_inflight_messages 1000',
    'set_tcp_nodelay true',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn('mosquitto', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
    await rm(folder, { recursive: true, force: true });
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (!line.endsWith(' running')) continue;
    child.stderr.resume();
    return;
  }
  throw new Error(`Mosquitto did not start:\n${said.join('\n')}`);
}
