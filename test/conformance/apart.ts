/** The broker as its command starts it, in a process of its own that can be killed and weighed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Place } from './places.ts';

const BIN = fileURLToPath(new URL('../../packages/n2o/dist/bin.js', import.meta.url));
const SCALES = new URL('scales.mjs', import.meta.url).href;

/** Bytes. */
export interface Weight {
  /** What the system has given to the process. */
  readonly resident: number;
  /** What of it are objects and buffers that are still needed. */
  readonly needed: number;
}

export interface Apart {
  /** `host:port` of MQTT over TCP and of HTTP, as of now. */
  readonly mqtt: string;
  readonly http: string;
  /** Ends the broker in good order, and starts another one on the same store. */
  restart(): Promise<void>;
  /** Kills the broker wherever it stands, and starts another one on the same store. */
  crash(): Promise<void>;
  /** How much memory the broker has, once its garbage is collected. */
  weigh(): Promise<Weight>;
}

/** Starts the broker on a place; it is gone with the test. */
export async function startApart(place: Place): Promise<Apart> {
  let running = await begin(place);
  onTestFinished(() => end(running.child, 'SIGKILL'));
  const again = async (signal: NodeJS.Signals) => {
    await end(running.child, signal);
    running = await begin(place);
  };
  return {
    get mqtt() {
      return running.mqtt;
    },
    get http() {
      return running.http;
    },
    restart: () => again('SIGTERM'),
    crash: () => again('SIGKILL'),
    async weigh() {
      running.child.send('weigh');
      const [weight] = await once(running.child, 'message');
      return weight as Weight;
    },
  };
}

async function begin({ url, prefix }: Place) {
  const node = ['--expose-gc', '--import', SCALES];
  const options = [
    '--mqtt-port',
    '0',
    '--http-port',
    '0',
    '--store',
    url,
    '--store-prefix',
    prefix,
  ];
  const child = spawn(process.execPath, [...node, BIN, 'broker', ...options], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const addresses = new Promise<{ mqtt: string; http: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the broker ended with ${code}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { msg, mqtt, http } = JSON.parse(line);
      if (msg === 'ready') resolve({ mqtt: new URL(mqtt).host, http: new URL(http).host });
    });
  });
  return { child, ...(await addresses) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}
