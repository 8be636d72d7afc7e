/** The servers under test: each a process of its own, started on a free port and asked to end. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_WITHIN_MS = 30_000;
const END_WITHIN_MS = 10_000;
const TRY_EVERY_MS = 20;
/** How every server under test says where it listens: first with MQTT, if it does that. */
const ADDRESS = /(?:mqtt|http):\/\/[\w.[\]:-]*?:(\d+)/;
const N2O = 'packages/n2o/dist/bin.js start bench/app --mqtt-port 0 --http-port 0 --store memory';
/** Debian keeps it where the PATH of an ordinary user does not look. */
const MOSQUITTO = ['mosquitto', '/usr/sbin/mosquitto'];

/**
 * @typedef {{ name: string, port: number, pid: number, stop: () => Promise<void> }} Server
 * @typedef {{ name: string, start: () => Promise<Server>, subscribes: boolean }} Contender
 *   `subscribes`: its clients must subscribe to their actions themselves
 */

/**
 * N2O, with real worker threads and default options.
 * @param {string} [command] what to start instead of this repository's build
 * @returns {Contender}
 */
export function n2o(command) {
  const [program, ...args] = command ? command.split(' ') : [process.execPath, ...N2O.split(' ')];
  return {
    name: 'n2o',
    start: () => startServer('n2o', program, args),
    subscribes: command !== undefined,
  };
}

/** The bare Aedes echo. @returns {Contender} */
export function aedes() {
  const script = join(import.meta.dirname, 'aedes-echo.mjs');
  return {
    name: 'Aedes',
    start: () => startServer('Aedes', process.execPath, [script]),
    subscribes: true,
  };
}

/** Mosquitto where it is installed. @returns {Contender | undefined} */
export function mosquitto() {
  const program = MOSQUITTO.find((name) => !spawnSync(name, ['-h']).error);
  return program
    ? { name: 'Mosquitto', start: () => startMosquitto(program), subscribes: true }
    : undefined;
}

async function startMosquitto(program) {
  const folder = mkdtempSync(join(tmpdir(), 'n2o-bench-'));
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  // It takes the limit on open files as it finds it; Node raises its own.
  const raised = 'ulimit -n $(ulimit -Hn); exec "$@"';
  const child = spawn('sh', ['-c', raised, 'sh', program, '-c', file], { stdio: 'ignore' });
  await listening(port);
  const server = running('Mosquitto', child, port);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Starts a program and waits for the line that has its address.
 * @returns {Promise<Server>}
 */
export function startServer(name, program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let output = '';
    let isReady = false;
    const fail = (why) => reject(new Error(`${name} ${why}\n${output}`));
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      fail('does not get ready');
    }, READY_WITHIN_MS);
    const take = (text) => {
      if (isReady || output.length > 100_000) return;
      output += text;
      const port = ADDRESS.exec(output)?.[1];
      if (!port) return;
      isReady = true;
      clearTimeout(late);
      resolve(running(name, child, Number(port)));
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (cause) => fail(`cannot be started: ${cause.message}`));
    child.on('exit', (code) => {
      clearTimeout(late);
      fail(`ended with ${code}`);
    });
  });
}

/** @returns {Server} */
function running(name, child, port) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    name,
    port,
    pid: child.pid,
    stop: async () => {
      const late = setTimeout(kill, END_WITHIN_MS);
      if (child.exitCode === null) child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await ended;
      clearTimeout(late);
      process.off('exit', kill);
    },
  };
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

async function listening(port) {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((done) => setTimeout(done, TRY_EVERY_MS));
  }
  throw new Error(`nothing listens on port ${port}`);
}
