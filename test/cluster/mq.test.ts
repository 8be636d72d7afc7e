import { type Bus, createFormatters, vnodeOf } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { createHost, joinCluster, type Member, readEndpoint } from '@n2o/vnode';
import type { MqttClient } from 'mqtt';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderOf } from '../end-to-end/n2o.ts';
import { SILENT } from '../support/broker.ts';
import { BROKERS, connect, VNODES } from './both-brokers.ts';

/** Does with `services.mq` what it is asked for, and answers with what it is told. */
const CHAT = `
  export async function event(message, { client, module, origin, services: { mq } }) {
    if (origin === 'server') return message.items[1];
    const [verb, first, second] = message;
    if (verb === 'tell') for (const text of second) await mq.tell({ client: first, module }, text);
    if (verb === 'join') await mq.reg(first, { client, module });
    if (verb === 'say') await mq.send(first, second);
    if (verb === 'act') await mq.action({ client: first, module }, second, { format: 'json' });
    if (verb === 'publish') await mq.publish(first, second);
    if (verb === 'listen') {
      await mq.subscribe(first, ({ payload }) => void mq.publish('echo', payload));
    }
    return { done: verb };
  }`;

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

/** Two hosts with a worker thread each, and a client of each. */
async function start(url: string) {
  const folder = await folderOf({ 'chat.js': CHAT });
  const store = createMemoryStore();
  const join = async (name: string): Promise<Member> => {
    let member: Member | undefined;
    const bus: Bus = {
      publish: async (...all) => member?.bus.publish(...all),
      tell: async (...all) => member?.bus.tell(...all),
      subscribe: async (...all) => (member as Member).bus.subscribe(...all),
    };
    const options = { folder, workers: 1, protocols: ['app'], store, bus, services, log: SILENT };
    const host = await createHost(options);
    onTestFinished(() => host.close());
    const endpoint = readEndpoint(url);
    member = joinCluster({ endpoint, name, vnodes: VNODES, workers: 1, host, log: SILENT });
    const { close } = member;
    onTestFinished(() => close());
    await member.ready;
    return member;
  };
  const a = await join('a');
  const b = await join('b');
  await vi.waitFor(() => {
    expect(a.vnodes.length + b.vnodes.length).toBe(VNODES);
    expect(a.vnodes.length).toBeLessThan(VNODES);
  }, 10_000);
  const names = Array.from({ length: 100 }, (_, i) => `dev${i}`);
  const clientOf = async ({ vnodes }: Member) => {
    const id = names.find((name) => vnodes.includes(vnodeOf(name, VNODES))) ?? '';
    const client = await connect(url, { clientId: id });
    const heard: unknown[] = [];
    client.on('message', (_, payload) => heard.push(read(payload)));
    await client.subscribeAsync(`actions/1/chat/${id}`, { qos: 1 });
    return { id, client, heard, ask: (...message: unknown[]) => ask(client, id, message) };
  };
  return { one: await clientOf(a), other: await clientOf(b) };
}

const formatters = createFormatters();

/** All is in JSON: what clients say here, and what server code tells. */
function read(payload: Uint8Array): unknown {
  return formatters.json.decode(payload);
}

function ask(client: MqttClient, id: string, message: readonly unknown[]): Promise<unknown> {
  const topic = `events/1/${vnodeOf(id, VNODES)}/chat/${id}`;
  return client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
}

describe.each(Object.entries(BROKERS))('handlers of hosts on %s', (_, startBroker) => {
  it('tell modules elsewhere, act, publish and have rooms in common', async () => {
    const { one, other } = await start(await startBroker());
    const texts = Array.from({ length: 30 }, (_, i) => `text ${i}`);
    await one.ask('tell', other.id, texts);
    await vi.waitFor(() => expect(other.heard).toEqual(texts), 5_000);
    await vi.waitFor(() => expect(one.heard).toEqual([{ done: 'tell' }]), 5_000);

    for (const client of [one, other]) {
      client.heard.length = 0;
      await client.ask('join', 'lobby');
      await vi.waitFor(() => expect(client.heard).toEqual([{ done: 'join' }]), 5_000);
      client.heard.length = 0;
    }
    await other.ask('say', 'lobby', 'all of you');
    await vi.waitFor(() => expect(one.heard).toEqual(['all of you']), 5_000);
    // It goes to its own mailbox behind the event that says it.
    await vi.waitFor(() => expect(other.heard).toEqual([{ done: 'say' }, 'all of you']), 5_000);

    one.heard.length = 0;
    await other.ask('act', one.id, { now: true });
    await vi.waitFor(() => expect(one.heard).toEqual([{ now: true }]), 5_000);

    await one.client.subscribeAsync('echo', { qos: 1 });
    await one.ask('listen', 'said');
    await vi.waitFor(() => expect(one.heard).toContainEqual({ done: 'listen' }), 5_000);
    await other.ask('publish', 'said', { loud: 1 });
    await vi.waitFor(() => expect(one.heard).toContainEqual({ loud: 1 }), 5_000);
  }, 60_000);
});
