/** Idle connections: how fast they are taken, and what each costs in memory. */
import { startLoad } from './load.mjs';
import { openFiles, settledBytes, untilFiles } from './processes.mjs';
import { median } from './tables.mjs';

const WARM_UP_CONNECTIONS = 200;
const HOLD_S = 1;
/** Longer than any settling: the holding generator is ended from here. */
const HOLD_LONG_S = 90;

/**
 * Each contender in turn, round by round, each time a new process; figures are medians.
 * @param {{ command: string[] }} generator
 * @param {import('./servers.mjs').Contender[]} contenders
 * @param {{ count: number, rounds: number }} effort
 */
export async function measureConnections(generator, contenders, { count, rounds }) {
  /** @type {Awaited<ReturnType<typeof run>>[][]} */
  const rows = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      rows[i].push(await run(generator, contender, count));
    }
  }
  return rows.map((runs, i) => ({
    name: contenders[i].name,
    perSecond: median(runs.map(({ perSecond }) => perSecond)),
    bytesEach: median(runs.map(({ bytesEach }) => bytesEach)),
    faults: runs.reduce((sum, { faults }) => sum + faults, 0),
  }));
}

async function run(generator, contender, count) {
  const server = await contender.start();
  try {
    const S = contender.subscribes ? 'actions/1/echo/%c' : '';
    const hold = (c, d, i) => startLoad(generator, server.port, { c, d, i, S });
    await hold(WARM_UP_CONNECTIONS, HOLD_S, 'w').result;
    const before = await settledBytes(server.pid);
    const files = openFiles(server.pid) ?? 0;
    const held = hold(count, HOLD_LONG_S, 'm');
    const ended = held.result.catch(() => undefined);
    const all = await untilFiles(server.pid, (open) => open >= files + count);
    const after = await settledBytes(server.pid);
    held.stop();
    await ended;
    await untilFiles(server.pid, (open) => open <= files);
    const { conn_per_s, alive } = await hold(count, HOLD_S, 's').result;
    return {
      perSecond: conn_per_s,
      bytesEach: all && before && after ? (after - before) / count : undefined,
      faults: count - alive,
    };
  } finally {
    await server.stop();
  }
}
