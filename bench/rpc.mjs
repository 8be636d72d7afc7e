/** Requests and replies: the same load on each server in turn, round by round. */
import { startLoad } from './load.mjs';
import { followCpu } from './processes.mjs';
import { median } from './tables.mjs';

const WARM_UP_S = 0.4;

/** Connections × requests in flight on each, payload in bytes, quality of service. */
export const CELLS = [
  ...[0, 1, 2].flatMap((qos) => [
    { connections: 100, window: 1, size: 64, qos },
    { connections: 100, window: 8, size: 64, qos },
  ]),
  { connections: 100, window: 8, size: 16_384, qos: 0 },
  { connections: 100, window: 8, size: 16_384, qos: 1 },
];

/**
 * One cell: A B A B …, each figure the median of the rounds.
 * @param {{ command: string[] }} generator
 * @param {import('./servers.mjs').Server[]} servers
 * @param {typeof CELLS[number] & { kept?: boolean }} cell `kept`: with sessions that are kept
 * @param {{ rounds: number, seconds: number }} effort
 */
export async function measureCell(generator, servers, cell, { rounds, seconds }) {
  /** @type {Awaited<ReturnType<typeof run>>[][]} */
  const rows = servers.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, server] of servers.entries()) {
      // Nobody takes over a session that an earlier run has left.
      const prefix = `r${round}-${cell.window}-${cell.qos}-`;
      rows[i].push(await run(generator, server, cell, seconds, prefix));
    }
  }
  return rows.map((runs, i) => ({
    name: servers[i].name,
    rps: median(runs.map(({ rps }) => rps)),
    p50: median(runs.map(({ p50 }) => p50)),
    p99: median(runs.map(({ p99 }) => p99)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    faults: runs.reduce((sum, { faults }) => sum + faults, 0),
    /** Against the last server of the same round. */
    ratio: median(runs.map(({ rps }, round) => rps / rows[rows.length - 1][round].rps)),
  }));
}

/**
 * @param {{ connections: number, window: number, size: number, qos: number, kept?: boolean }} cell
 */
async function run(generator, server, cell, seconds, prefix) {
  const { connections, window, size, qos, kept } = cell;
  const load = startLoad(generator, server.port, {
    c: connections,
    w: window,
    s: size,
    q: qos,
    t: seconds,
    W: WARM_UP_S,
    v: true,
    i: prefix,
    ...(kept && { k: true }),
    P: 'events/1//echo/%c',
    S: 'actions/1/echo/%c',
  });
  const cpu = followCpu(server.pid);
  try {
    const result = await load.result;
    const used = cpu.ofLast(seconds);
    return {
      rps: result.rps,
      p50: result.p50_us,
      p99: result.p99_us,
      cpu: used === undefined ? undefined : (used / result.replies) * 1e6,
      faults: result.errors + result.stalled + result.lost_conns,
    };
  } finally {
    cpu.stop();
  }
}
