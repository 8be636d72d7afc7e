/** A Redis of a test's own, on a free port, that forgets everything when it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';

export interface Redis {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no' };
  const child = spawn(
    'redis-server',
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exit = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ready = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    exit.then(() => reject(new Error('redis-server ended before it was ready')), reject);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  await ready;
  let stopping = false;
  // Nobody would hear of it otherwise: the brokers wait until it is back.
  void exit.then(([code, signal]) => {
    if (!stopping) throw new Error(`redis-server ended with ${signal ?? code}`);
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      stopping = true;
      process.off('exit', kill);
      kill();
      await exit;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
