/** Pages: how many are rendered a second, against a bare server of the same bytes, and what those cost that are open. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { settledBytes } from './processes.mjs';
import { freePort, n2o, startServer } from './servers.mjs';
import { figure, median, table } from './tables.mjs';

const COMMAND = `${process.execPath} packages/n2o/dist/bin.js start bench/app --mqtt-port 0 --store memory`;
const CONNECTIONS = [32, 64, 128, 512];
/** Requests a second of a server that still compiles do not count. */
const WARM_UP_S = 2;
/** Those of a connection, which a server that is told to say the same adds by itself. */
const OWN = new Set(['connection', 'date', 'keep-alive']);
/** Pages that connect at the same time. */
const AT_ONCE = 250;
const WARM_UP_PAGES = 500;

const canPin = availableParallelism() >= 4 && !spawnSync('taskset', ['--version']).error;
const ON_TWO = canPin ? 'taskset -c 0,1 ' : '';

/** How the processes are spread over the cores, in words. */
export function placement() {
  const cores = availableParallelism();
  return canPin
    ? `${cores} cores: the servers on the same two of them, wrk on another`
    : `${cores} cores for servers and wrk together`;
}

/** Whether there is what pages are asked for with. */
export function hasWrk() {
  return !spawnSync('wrk', ['-v']).error;
}

/**
 * A page with a session and a template, on one worker and on none, against a bare server: A B C A B C …
 * @param {{ rounds: number, seconds: number }} effort
 */
export async function measurePages(effort) {
  const kinds = ['--workers 1', '--workers 0'];
  /** @type {{ name: string, url: string, cookie: string, stop: () => Promise<void> }[]} */
  const servers = [];
  try {
    let answer;
    for (const kind of kinds) {
      const port = await freePort();
      const { stop } = await n2o(`${ON_TWO}${COMMAND} --http-port ${port} ${kind}`).start();
      const url = `http://127.0.0.1:${port}/app/page`;
      servers.push({ name: `n2o ${kind}`, url, cookie: '', stop });
      const visit = await visited(url);
      Object.assign(servers.at(-1) ?? {}, { cookie: visit.cookie });
      answer ??= visit.answer;
    }
    const bare = await startBare(answer);
    servers.push({ ...bare, name: 'node:http', cookie: servers[0]?.cookie ?? '' });
    for (const server of servers) ask(server, 128, WARM_UP_S);
    return CONNECTIONS.map((connections) => takeTurns(servers, connections, effort));
  } finally {
    for (const { stop } of servers) await stop();
  }
}

/**
 * WebSockets of pages that have begun a conversation: what each costs the server, and whether all are there.
 * @param {{ pages: number }} effort
 */
export async function measureSockets({ pages }) {
  const port = await freePort();
  const server = await n2o(`${COMMAND} --http-port ${port}`).start();
  const url = `ws://127.0.0.1:${port}/ws/page`;
  try {
    // What the server needs for any page at all is there before it is weighed.
    for (const socket of await open(url, WARM_UP_PAGES)) socket.terminate();
    const before = await settledBytes(server.pid);
    const from = performance.now();
    const sockets = await open(url, pages);
    const ms = performance.now() - from;
    const after = await settledBytes(server.pid);
    const alive = (await Promise.all(sockets.map(ping))).filter(Boolean).length;
    for (const socket of sockets) socket.terminate();
    const bytesEach = before && after ? (after - before) / pages : undefined;
    return { bytesEach, perSecond: pages / (ms / 1000), faults: pages - alive };
  } finally {
    await server.stop();
  }
}

/** The table of pages. */
export function pagesTable(cells) {
  const [one, none, bare] = cells[0] ?? [];
  const head = ['connections', bare?.name];
  for (const { name } of [one, none]) head.push(name, 'ratio');
  const rows = cells.map(([worker, here, there]) => [
    figure(there.connections),
    figure(there.rps),
    ...[worker, here].flatMap(({ rps, ratio }) => [figure(rps), `**${figure(ratio, 2)}**`]),
  ]);
  return table(head, rows);
}

function takeTurns(servers, connections, { rounds, seconds }) {
  /** @type {{ rps: number, faults: number }[][]} */
  const rows = servers.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, server] of servers.entries()) rows[i]?.push(ask(server, connections, seconds));
  }
  const bare = rows.at(-1) ?? [];
  return rows.map((runs, i) => ({
    name: servers[i].name,
    connections,
    rps: median(runs.map(({ rps }) => rps)),
    ratio: median(runs.map(({ rps }, round) => rps / (bare[round]?.rps ?? Number.NaN))),
    faults: runs.reduce((sum, { faults }) => sum + faults, 0),
  }));
}

/** One run of wrk, which counts whole seconds. */
function ask({ url, cookie }, connections, seconds) {
  const pin = canPin ? ['taskset', '-c', '2'] : [];
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${Math.max(1, Math.round(seconds))}s`];
  const [program = '', ...args] = [...pin, ...wrk, '-H', `Cookie: ${cookie}`, url];
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
  const number = (pattern) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(
    stdout,
  );
  const lost = (broken ?? []).slice(1).reduce((sum, count) => sum + Number(count), 0);
  return {
    rps: number(/Requests\/sec:\s+([\d.]+)/),
    faults: number(/Non-2xx or 3xx responses: (\d+)/) + lost,
  };
}

/** The page of a visitor who has been there: its cookie, and what it is answered each time. */
async function visited(url) {
  const first = await fetch(url);
  await first.text();
  const cookie = first.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const again = await fetch(url, { headers: { cookie } });
  const headers = Object.fromEntries([...again.headers].filter(([name]) => !OWN.has(name)));
  const answer = { status: again.status, headers, body: await again.text() };
  if (again.status !== 200) throw new Error(`${url} answers ${again.status}: ${answer.body}`);
  return { cookie, answer };
}

async function startBare(answer) {
  const script = join(import.meta.dirname, 'bare-http.mjs');
  const command = `${ON_TWO}${process.execPath} ${script}`.split(' ');
  const [program = '', ...args] = [...command, JSON.stringify(answer)];
  const { port, stop } = await startServer('node:http', program, args);
  return { url: `http://127.0.0.1:${port}/`, stop };
}

/** So many pages that are connected and have been answered. */
async function open(url, count) {
  const sockets = [];
  while (sockets.length < count) {
    const some = Math.min(AT_ONCE, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: some }, () => begin(url)))));
  }
  return sockets;
}

/** @returns {Promise<WebSocket>} */
function begin(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('open', () => socket.send('N2O,,instructions'));
    socket.once('message', () => resolve(socket));
  });
}

/** Whether it is there, with its conversation. @returns {Promise<boolean>} */
function ping(socket) {
  return new Promise((resolve) => {
    if (socket.readyState !== WebSocket.OPEN) resolve(false);
    socket.once('close', () => resolve(false));
    socket.once('message', (data) => resolve(String(data) === 'PONG'));
    socket.send('PING');
  });
}
