import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { createHost, type Host, type HostOptions } from '@n2o/vnode';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Answer, type Ask, COUNTER, insist, requestOf, routeOf } from './dialogue.ts';

const shared = fileURLToPath(import.meta.resolve('@n2o/shared'));
const quiet = () => {};
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'n2o-effects-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** A host on the counter, and on what else there is; gone with the test. */
async function start(
  options: Partial<HostOptions>,
  files: Readonly<Record<string, string>> = {},
): Promise<{ host: Host; ask: Ask }> {
  const app = folder({ 'counter.ts': COUNTER, ...files });
  const host = await createHost({ folder: app, alias: { n2o: shared }, log, ...options });
  onTestFinished(() => host.close());
  const ask: Ask = (route, text) =>
    new Promise((resolve) => {
      const settle = (outcome: Answer['outcome'], bytes: Uint8Array = new Uint8Array()) =>
        resolve({ outcome, text: new TextDecoder().decode(bytes) });
      host.deliver({ route, payload: new TextEncoder().encode(text), qos: 1, dup: false, settle });
    });
  return { host, ask };
}

/** A host in a process of its own that is killed as often as one likes: each time another one begins. */
function mortal(app: string, store: string) {
  const script = fileURLToPath(new URL('./host-process.mjs', import.meta.url));
  const waiting = new Map<number, (answer: Answer | undefined) => void>();
  let tickets = 0;
  const begin = () => {
    const child = fork(script, [app, store], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const ready = new Promise<void>((resolve) => {
      child.on('message', (message) => {
        if (message === 'ready') return resolve();
        const { ticket, outcome, text } = message as Answer & { ticket: number };
        waiting.get(ticket)?.({ outcome, text });
        waiting.delete(ticket);
      });
    });
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    return { child, ready, ended };
  };
  let current = begin();
  onTestFinished(() => void current.child.kill('SIGKILL'));
  const kill = async () => {
    const { child, ended } = current;
    child.kill('SIGKILL');
    await ended;
    current = begin();
    for (const tell of waiting.values()) tell(undefined);
    waiting.clear();
    await current.ready;
  };
  const ask: Ask = async (route, text) => {
    await current.ready;
    return new Promise((resolve) => {
      const ticket = ++tickets;
      waiting.set(ticket, resolve);
      // What does not arrive any more is told when the next one has begun.
      current.child.send({ ticket, route, text }, () => {});
    });
  };
  return { kill, ask, ready: current.ready };
}

/** Clients that count up to `count` each, side by side, every request sent again at random. */
async function countUp(ask: Ask, clients: number, count: number, likely: number): Promise<void> {
  const names = Array.from({ length: clients }, (_, i) => `client${i}`);
  await Promise.all(
    names.map(async (client, i) => {
      const route = routeOf(client, (i % 16) + 1);
      const results = await Promise.all(
        Array.from({ length: count }, (_, n) => {
          const text = requestOf(`${client}-${n}`, 'inc', { likely });
          return insist(ask, route, text, n % 3);
        }),
      );
      for (const [first, ...others] of results) expect(new Set([first, ...others]).size).toBe(1);
      const numbers = results.map(([first]) => Number(first)).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: count }, (_, n) => n + 1));
      const [seen] = await insist(ask, route, requestOf('end', 'seen'), 0);
      expect(new Set(seen as string[]).size).toBe(count);
      expect(seen).toHaveLength(count);
    }),
  );
}

describe('numbered requests that are sent again until they are answered', () => {
  it.each([0, 1, 2])('have one effect each, with %i workers', async (workers) => {
    const { ask, host } = await start({ workers, store: createMemoryStore() });
    await countUp(ask, 20, 12, 0);
    expect(host.effects).toMatchObject({ kept: 260, repeated: 240, waiting: 0, refused: 0 });
    await vi.waitFor(() => expect(host.effects).toMatchObject({ clients: 20 }));
  });

  it('have one effect each, whenever their workers die', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 1 }), { maxLength: 3 }), async (kills) => {
        const { ask, host } = await start({ workers: 2, store: createMemoryStore() });
        const counting = countUp(ask, 6, 8, 0.01);
        for (const worker of kills) {
          // Somewhere in the midst of it.
          await ask(routeOf('witness', worker + 1), requestOf(`${worker}`, 'seen'));
          await host.kill(worker);
        }
        await counting;
        await host.close();
      }),
      { numRuns: 3 },
    );
  }, 60_000);

  it('have one effect each, though their host is killed and the next one finds only its folder', async () => {
    const path = folder({ 'counter.ts': COUNTER });
    mkdirSync(join(path, 'store'));
    const { kill, ask, ready } = mortal(path, join(path, 'store'));
    await ready;
    const counting = countUp(ask, 6, 20, 0.002);
    for (let i = 0; i < 4; i++) {
      await insist(ask, routeOf('witness', 1), requestOf(`${i}`, 'inc', { likely: 0 }), 0);
      await kill();
    }
    await counting;
    const [seen] = await insist(ask, routeOf('witness', 1), requestOf('end', 'seen'), 0);
    expect(seen).toEqual(['0', '1', '2', '3']);
  }, 60_000);
});

describe('a worker that dies', () => {
  const files = {
    'once.ts': `
      import { existsSync, writeFileSync } from 'node:fs';
      export const state = () => 0;
      export function event({ mark }, { state }) {
        state.set(state.get() + 1);
        if (!existsSync(mark)) { writeFileSync(mark, ''); process.exit(9); }
        return state.get();
      }`,
  };

  it('after it has set a state, before its event was settled: it has set nothing', async () => {
    const { ask } = await start({ workers: 1, store: createMemoryStore() }, files);
    const route = { ...routeOf('c', 1), module: 'once' };
    const text = JSON.stringify({ idempotencyKey: 'k', mark: join(folder(), 'mark') });
    expect((await ask(route, text))?.text).toBe('1');
    expect((await ask(route, text))?.text).toBe('1');
  });

  it('after its event was settled: the next one answers the repetition', async () => {
    const { ask, host } = await start({ workers: 1, store: createMemoryStore() });
    const text = requestOf('1', 'inc', { likely: 0 });
    const first = await ask(routeOf('c', 1), text);
    await host.kill(0);
    expect(await ask(routeOf('c', 1), text)).toEqual(first);
    expect(host.effects).toMatchObject({ kept: 1, repeated: 1 });
  });
});

it('a host without a store runs each event as often as it comes', async () => {
  const files = {
    'plain.ts': 'let runs = 0; export const methods = { run: () => ++runs };',
  };
  const { ask, host } = await start({ workers: 1 }, files);
  const route = { ...routeOf('c', 1), module: 'plain' };
  expect((await ask(route, requestOf('1', 'run')))?.text).toContain('"result":1');
  expect((await ask(route, requestOf('1', 'run')))?.text).toContain('"result":2');
  const { text = '' } = (await ask(routeOf('c', 1), requestOf('2', 'seen'))) ?? {};
  expect(text).toContain('N2O_STATE_MISSING');
  expect(host.effects).toMatchObject({ kept: 0, clients: 0 });
});
