import { fileURLToPath } from 'node:url';
import type { Event, Logger, Outcome } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { createHost, type Host } from '@n2o/vnode';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { appFolder } from '../../modules/app-folder.ts';
import { KnownBus } from './known-bus.ts';

const quiet = () => {};
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const shared = fileURLToPath(import.meta.resolve('@n2o/shared'));

const services = {
  secrets: ['a secret that only this test knows'],
  legacyPickles: false,
  loginTtl: 60_000,
  loginProlong: true,
  names: {
    ...{
      auth: 'store',
      cache: 'memory',
      files: 'disk',
      kvs: 'store',
      mq: 'bus',
      pickler: 'aes-gcm',
    },
    ...{ processes: 'worker', session: 'store', timers: 'worker' },
  },
} as const;

/** Hears `news` from the beginning, and says all that it hears. */
const NEWSPAPER = `
  export async function init({ services: { mq } }) {
    await mq.subscribe('news', ({ payload }) => void mq.publish('printed', payload));
  }
  export async function event(message, { client, services: { mq } }) {
    void mq.action({ client, module: 'paper' }, 'behind', { format: 'json' });
    return message;
  }`;

async function start(workers: number): Promise<{ host: Host; bus: KnownBus }> {
  const bus = new KnownBus();
  const host = await createHost({
    folder: appFolder({ 'paper.js': NEWSPAPER }),
    alias: { n2o: shared },
    protocols: ['app'],
    ...{ workers, services, bus, log },
    store: createMemoryStore(),
  });
  onTestFinished(() => host.close());
  return { host, bus };
}

describe.each([0, 1])('modules in %i workers', (workers) => {
  it('hear and publish from their init on', async () => {
    const { bus } = await start(workers);
    bus.hear('news', 'today');
    await vi.waitFor(() => expect(bus.lines).toEqual(['printed today']));
  });
});

it('what a handler sends leaves behind the replies of events before', async () => {
  const { bus, host } = await start(1);
  const order: string[] = [];
  bus.publish = async (_, payload) => void order.push(Buffer.from(payload).toString());
  const settled = (outcome: Outcome, bytes?: Uint8Array) => {
    order.push(`${outcome} ${Buffer.from(bytes ?? [])}`);
  };
  const route = { client: 'c', module: 'paper', version: '1', vnode: 1, user: '', token: '' };
  const event = (text: string): Event => {
    return { route, payload: Buffer.from(text), qos: 1, dup: false, settle: settled };
  };
  host.deliver(event('"one"'));
  host.deliver(event('"two"'));
  await vi.waitFor(() => expect(order).toHaveLength(4));
  expect(order).toEqual(['"behind"', 'reply "one"', '"behind"', 'reply "two"']);
});

it('a worker that dies hears nothing any more; the next one does', async () => {
  const { bus, host } = await start(1);
  const [before] = bus.listeners;
  expect(bus.listeners.size).toBe(1);
  await host.kill(0);
  await vi.waitFor(() => {
    expect(bus.listeners.size).toBe(1);
    expect(bus.listeners.has(before as never)).toBe(false);
  }, 10_000);
  await vi.waitFor(() => expect(host.workers[0]?.ready).toBe(true), 10_000);
  bus.hear('news', 'tomorrow');
  await vi.waitFor(() => expect(bus.lines).toEqual(['printed tomorrow']));
});
