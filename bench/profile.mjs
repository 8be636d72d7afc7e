/** Where the main thread's time goes while connections are made, and while requests are answered. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoad } from './load.mjs';
import { n2o } from './servers.mjs';
import { figure, table } from './tables.mjs';

const STORMS = 6;
const CONNECTIONS = 2_000;
const TOP = 6;
const TRY_EVERY_MS = 20;
const TRIES = 500;

/** Calls into the system that Node shows as functions without a file. */
const SYSTEM = new Set(
  'writeBuffer writev writeUtf8String close setNoDelay setKeepAlive getpeername shutdown readStart readStop accept'.split(
    ' ',
  ),
);

/** @type {[string, (name: string, url: string) => boolean][]} */
const KINDS = [
  ['waiting for work', (name) => name === '(idle)'],
  ['garbage collection', (name) => name === '(garbage collector)'],
  [
    'the system: accept, write, close, socket options',
    (name, url) => url === '' && SYSTEM.has(name),
  ],
  ['between threads: postMessage', (name) => name === 'postMessage'],
  ["Node's sockets and streams", (_, url) => url.startsWith('node:')],
  ['the hash of the client id', (_, url) => url.includes('@noble/hashes')],
  ['the broker', (_, url) => /packages\/(?:broker|shared)\//.test(url)],
  ['the link to the workers', (_, url) => url.includes('packages/vnode/')],
  ["the rest of Node's native code", () => true],
];

/**
 * Profiles one server twice and says what it found as Markdown.
 * @param {import('./load.mjs').Generator} generator
 */
export async function profiles(generator) {
  const folder = mkdtempSync(join(tmpdir(), 'n2o-profile-'));
  process.env.BENCH_PROFILE = join(folder, 'profile.json');
  const hook = join(import.meta.dirname, 'profiler.mjs');
  const server = await n2o(
    `${process.execPath} --import ${hook} packages/n2o/dist/bin.js start bench/app --mqtt-port 0 --http-port 0`,
  ).start();
  try {
    const connecting = await profiled(server, folder, async () => {
      for (let storm = 0; storm < STORMS; storm++) {
        await startLoad(generator, server.port, {
          c: CONNECTIONS,
          d: 0,
          W: 0,
          t: 0,
          S: '',
          i: `s${storm}`,
        }).result;
      }
    });
    const topics = { P: 'events/1//echo/%c', S: 'actions/1/echo/%c' };
    const answering = await profiled(server, folder, async () => {
      await startLoad(generator, server.port, { c: 100, w: 8, q: 1, t: 3, v: true, ...topics })
        .result;
    });
    return [
      '### Where the time goes',
      'The main thread while connections are made and ended, 2,000 at a time:',
      connecting,
      'The main thread at 100 × 8 requests of 64 B in flight, QoS 1:',
      answering,
    ].join('\n\n');
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function profiled(server, folder, work) {
  const file = join(folder, 'profile.json');
  process.kill(server.pid, 'SIGUSR2');
  await work();
  process.kill(server.pid, 'SIGUSR2');
  for (let i = 0; i < TRIES && !existsSync(file); i++)
    await new Promise((done) => setTimeout(done, TRY_EVERY_MS));
  const found = summary(await whole(file));
  rmSync(file);
  return found;
}

/** The file may still be being written. */
async function whole(file) {
  for (let i = 0; ; i++) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      if (i === TRIES) throw error;
      await new Promise((done) => setTimeout(done, TRY_EVERY_MS));
    }
  }
}

/** Shares of time by kind, each with its largest functions. */
function summary({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map();
  let total = 0;
  for (const [i, sample] of samples.entries()) {
    const { functionName, url } = frames.get(sample);
    const key = JSON.stringify([functionName || 'anonymous', url]);
    times.set(key, (times.get(key) ?? 0) + timeDeltas[i]);
    total += timeDeltas[i];
  }
  /** @type {{ time: number, functions: [string, number][] }[]} */
  const kinds = KINDS.map(() => ({ time: 0, functions: [] }));
  for (const [key, time] of times) {
    const [name, url] = JSON.parse(key);
    const kind = kinds[KINDS.findIndex(([, covers]) => covers(name, url))];
    if (!kind) continue;
    kind.time += time;
    kind.functions.push([`${name}${url ? ` (${url.split('/').at(-1)})` : ''}`, time]);
  }
  const rows = kinds
    .map(({ time, functions }, i) => ({ name: KINDS[i]?.[0] ?? '', time, functions }))
    .filter(({ time }) => time / total > 0.002)
    .sort((a, b) => b.time - a.time)
    .map(({ name, time, functions }) => [
      `${name}: ${largest(functions, total)}`.replace(/: $/, ''),
      `${figure((100 * time) / total, 1)} %`,
    ]);
  return table(['what', 'share'], rows);
}

function largest(functions, total) {
  if (functions.length === 1) return '';
  return functions
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .filter(([, time]) => time / total > 0.002)
    .map(([name, time]) => `\`${name}\` ${figure((100 * time) / total, 1)}`)
    .join(', ');
}
