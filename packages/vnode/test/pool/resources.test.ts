import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type Bus, type Logger, N2OError, type Publication } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Asked, createRemoteResources, type Told } from '../../src/pool/resources.ts';
import { serveResources } from '../../src/pool/serve-resources.ts';

const quiet = () => {};
const log: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** A bus that keeps what it is given, and says what the test wants. */
class KnownBus implements Bus {
  readonly said: unknown[] = [];
  readonly listeners = new Map<string, (publication: Publication) => void>();
  failure: N2OError | undefined;

  async publish(...[topic, payload, options]: Parameters<Bus['publish']>): Promise<void> {
    if (this.failure) throw this.failure;
    this.said.push([topic, Buffer.from(payload).toString(), options]);
  }

  async tell(...[member, payload]: Parameters<Bus['tell']>): Promise<void> {
    if (this.failure) throw this.failure;
    this.said.push([member, Buffer.from(payload).toString()]);
  }

  async subscribe(...[filter, listener]: Parameters<Bus['subscribe']>) {
    if (this.failure) throw this.failure;
    this.listeners.set(filter, listener);
    return {
      unsubscribe: async () => {
        this.listeners.delete(filter);
      },
    };
  }
}

/** Both sides, with a real port between them. */
function start(warn: Logger['warn'] = quiet) {
  const { port1: main, port2: worker } = new MessageChannel();
  onTestFinished(() => main.close());
  const send = (port: MessagePort) => (message: Asked | Told, memory: readonly ArrayBuffer[]) =>
    port.postMessage(message, memory);
  const bus = new KnownBus();
  const store = createMemoryStore();
  const served = serveResources({ store, bus }, { ...log, warn }, send(main));
  const remote = createRemoteResources(
    { durable: store.durable, follows: true },
    send(worker),
    log,
  );
  main.on('message', (asked: Asked) => served.hear(asked));
  worker.on('message', (told: Told) => remote.hear(told));
  return { bus, store, served, remote };
}

const bytes = (text: string) => Buffer.from(text);

describe('the resources of a worker', () => {
  it('have the store of the main thread', async () => {
    const { store, remote } = start();
    await remote.store.commit([{ group: 'g', field: 'f', value: bytes('v') }]);
    expect(await store.extent('g')).toMatchObject({ count: 1 });
    expect(Buffer.from((await remote.store.get('g', ['f']))[0] ?? []).toString()).toBe('v');
    expect(await remote.store.extent('g')).toEqual({ first: 'f', last: 'f', count: 1 });
    expect(remote.store.durable).toBe(store.durable);
  });

  it('have its bus, in the order of saying, and leave the bytes where they are', async () => {
    const { bus, remote } = start();
    const payload = bytes('one');
    const member = { client: 'c', module: 'm', version: '1' };
    await Promise.all([
      remote.bus.publish('t', payload, { qos: 1, retain: true }),
      remote.bus.tell(member, payload),
    ]);
    expect(bus.said).toEqual([
      ['t', 'one', { qos: 1, retain: true }],
      [member, 'one'],
    ]);
    expect(payload.toString()).toBe('one');
  });

  it('get its errors with their codes', async () => {
    const { bus, remote } = start();
    bus.failure = new N2OError('N2O_BUSY_CLIENT');
    const asked = remote.bus.tell({ client: 'c', module: 'm', version: '1' }, bytes(''));
    await expect(asked).rejects.toMatchObject({ code: 'N2O_BUSY_CLIENT' });
    const subscribed = remote.bus.subscribe('a', quiet);
    await expect(subscribed).rejects.toMatchObject({ code: 'N2O_BUSY_CLIENT' });
  });

  it('hear what the bus hears, until they do not want to any more', async () => {
    const { bus, remote } = start();
    const heard: string[] = [];
    const subscription = await remote.bus.subscribe('a/+', ({ topic, payload, retain }) => {
      heard.push(`${topic} ${Buffer.from(payload)} ${retain}`);
      throw new N2OError('N2O_HANDLER_THREW');
    });
    bus.listeners.get('a/+')?.({ topic: 'a/b', payload: bytes('1'), retain: true });
    bus.listeners.get('a/+')?.({ topic: 'a/c', payload: bytes('2'), retain: false });
    await vi.waitFor(() => expect(heard).toEqual(['a/b 1 true', 'a/c 2 false']));
    await subscription.unsubscribe();
    await subscription.unsubscribe();
    expect(bus.listeners.size).toBe(0);
  });

  it('are not sent more publications than they hear', async () => {
    const warn = vi.fn();
    const { bus, remote } = start(warn);
    let heard = 0;
    await remote.bus.subscribe('a', () => {
      heard++;
    });
    const say = () => bus.listeners.get('a')?.({ topic: 'a', payload: bytes('x'), retain: false });
    for (let i = 0; i < 10_003; i++) say();
    expect(warn).toHaveBeenCalledTimes(2);
    await vi.waitFor(() => expect(heard).toBe(10_000));
    await vi.waitFor(() => {
      say();
      expect(heard).toBeGreaterThan(10_000);
    });
  });

  it('end their subscriptions with the worker', async () => {
    const { bus, served, remote } = start();
    await remote.bus.subscribe('a', quiet);
    expect(bus.listeners.size).toBe(1);
    served.end();
    expect(bus.listeners.size).toBe(0);
  });

  it('refuse what is more than may wait', async () => {
    const { remote } = start();
    const asked = Array.from({ length: 10_001 }, () =>
      remote.bus.publish('t', bytes('x'), { qos: 0, retain: false }),
    );
    await expect(asked.at(-1)).rejects.toMatchObject({ code: 'N2O_BUS_UNAVAILABLE' });
    await Promise.all(asked.slice(0, -1));
  });
});
