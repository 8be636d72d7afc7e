/** A thousand devices at once, by an independent generator that verifies every reply and its order. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseGenerator, startLoad } from '../../bench/load.mjs';
import { type Running, start } from './n2o.ts';

const MODULES = {
  'echo.ts': 'export const event = (message: string) => message;',
  'slow.ts': `
    import { setTimeout as wait } from 'node:timers/promises';
    export const event = async (message: string) => (await wait(Math.random() * 20), message);`,
  'poison.ts': 'export const event = () => process.exit(1);',
};

const SECONDS = 1.5;
/** With 64 MB under way, the first replies take their time where other tests run. */
const LARGE_SECONDS = 5;

function load(n2o: Running, module: string, qos: number, size: number, more = {}) {
  const generator = chooseGenerator();
  const topics = { P: `events/1//${module}/%c`, S: `actions/1/${module}/%c` };
  return startLoad(generator, n2o.port, {
    ...{ c: 1000, w: 4, q: qos, s: size, W: 0.2, v: true, ...topics },
    t: size > 1_024 ? LARGE_SECONDS : SECONDS,
    ...more,
  }).result;
}

/** Nothing was lost, wrong, out of order or late. */
const CLEAN = { connected: 1000, lost_conns: 0, errors: 0, stalled: 0 };

beforeAll(() => {
  process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
});

describe('1,000 connections with 4 requests in flight each', () => {
  it.each([
    ['echo', 0, 64],
    ['echo', 1, 64],
    ['echo', 2, 64],
    ['echo', 0, 16_384],
    ['echo', 1, 16_384],
    ['echo', 2, 16_384],
    ['slow', 0, 64],
    ['slow', 1, 64],
    ['slow', 2, 64],
  ] as const)('are answered by %s at QoS %i with %i bytes', async (module, qos, size) => {
    const n2o = await start(MODULES);
    const result = await load(n2o, module, qos, size);
    expect(result).toMatchObject(CLEAN);
    expect(result.replies).toBeGreaterThan(1000);
  });

  it('are answered by 4 workers, and by none', async () => {
    for (const workers of ['4', '0']) {
      const n2o = await start(MODULES, '--workers', workers);
      expect(await load(n2o, 'slow', 1, 64)).toMatchObject(CLEAN);
    }
  });

  it('are answered in order while workers die over the event of another client', async () => {
    const n2o = await start(MODULES, '--workers', '1');
    const running = load(n2o, 'slow', 1, 64, { c: 200, t: 4 });
    const culprit = await n2o.connect({ clientId: 'culprit' });
    for (let i = 0; i < 2; i++) {
      const answered = new Promise((resolve) => culprit.once('message', resolve));
      await culprit.publishAsync('events/1//poison/culprit', 'x', { qos: 1 });
      await answered;
    }
    expect(await running).toMatchObject({ ...CLEAN, connected: 200 });
    expect(n2o.log.filter(({ msg }) => String(msg).startsWith('worker died'))).toHaveLength(6);
  });
});
