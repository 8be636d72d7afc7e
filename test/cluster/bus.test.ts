import { type Member as Addressee, type Publication, vnodeOf } from '@n2o/shared';
import { joinCluster, type Member, readEndpoint } from '@n2o/vnode';
import mqtt from 'mqtt';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SILENT } from '../support/broker.ts';
import { echo, TestLink, textOf } from '../support/link.ts';
import { BROKERS, connect, heardBy, VNODES } from './both-brokers.ts';
import { startMosquitto } from './mosquitto.ts';

const ONCE = { qos: 1, retain: false } as const;
const bytes = (text: string) => Buffer.from(text);
const chat = (client: string): Required<Addressee> => ({ client, module: 'chat', version: '1' });

/** A host whose workers are the test. */
function join(url: string, name: string): { member: Member; link: TestLink } {
  const link = new TestLink();
  const member = joinCluster({
    endpoint: readEndpoint(url),
    name,
    vnodes: VNODES,
    workers: 1,
    host: link,
    log: SILENT,
  });
  onTestFinished(() => member.close());
  return { member, link };
}

/** As much as no packet may have, where nothing else is said. */
const TOO_MUCH = Buffer.alloc(1_048_576, 'x');

/** Two hosts that share the vnodes, and a client of each. */
async function two(url: string) {
  const a = join(url, 'a');
  await a.member.ready;
  const b = join(url, 'b');
  await b.member.ready;
  const clientOf = ({ member }: typeof a) => {
    for (let i = 0; ; i++) {
      if (member.vnodes.includes(vnodeOf(`dev${i}`, VNODES))) return `dev${i}`;
    }
  };
  await vi.waitFor(() => {
    expect(a.member.vnodes.length + b.member.vnodes.length).toBe(VNODES);
    expect(a.member.vnodes.length).toBeLessThan(VNODES);
  }, 10_000);
  return { a, b, ofA: clientOf(a), ofB: clientOf(b) };
}

describe.each(Object.entries(BROKERS))('server code of hosts on %s', (_, start) => {
  it('tells the module of a client of another host, in order with what the client says', async () => {
    const url = await start();
    const { a, b, ofB } = await two(url);
    b.link.answer = echo;
    const client = await connect(url, { clientId: ofB });
    const heard = heardBy(client);
    await client.subscribeAsync(`actions/1/chat/${ofB}`, { qos: 1 });
    const topic = `events/1/${vnodeOf(ofB, VNODES)}/chat/${ofB}`;
    await client.publishAsync(topic, 'first', { qos: 1 });
    const told = Array.from({ length: 50 }, (_, i) => `told ${i}`);
    await Promise.all(told.map((text) => a.member.bus.tell(chat(ofB), bytes(text))));
    await client.publishAsync(topic, 'last', { qos: 1 });
    const events = await b.link.take(52);
    const texts = ['first', ...told, 'last'];
    expect(events.map(textOf)).toEqual(texts);
    expect(events.map(({ route }) => route.origin)).toEqual(
      texts.map((text) => (text.startsWith('told') ? 'server' : undefined)),
    );
    expect(events[1]?.route).toMatchObject({ client: ofB, module: 'chat', version: '1' });
    await vi.waitFor(() =>
      expect(heard).toEqual(texts.map((text) => `actions/1/chat/${ofB} ${text} q1`)),
    );
    expect(a.link.events).toEqual([]);
  }, 30_000);

  it('publishes to subscribers, in the quality that it says, and retains what it says', async () => {
    const url = await start();
    const { member } = join(url, 'a');
    await member.ready;
    const client = await connect(url, { clientId: 'watcher' });
    const heard = heardBy(client);
    await client.subscribeAsync('news/#', { qos: 2 });
    await member.bus.publish('news/0', bytes('x'), { qos: 0, retain: false });
    await member.bus.publish('news/1', bytes('y'), { qos: 1, retain: true });
    await member.bus.publish('news/2', bytes('z'), { qos: 2, retain: false });
    await vi.waitFor(() => expect(heard).toEqual(['news/0 x q0', 'news/1 y q1', 'news/2 z q2']));
    const late = await connect(url, { clientId: 'late' });
    const retained = heardBy(late);
    await late.subscribeAsync('news/#', { qos: 1 });
    await vi.waitFor(() => expect(retained).toEqual(['news/1 y q1']));
    const forbidden = member.bus.publish('n2o/hosts/a', bytes(''), ONCE);
    await expect(forbidden).rejects.toMatchObject({ code: 'N2O_TOPIC_FORBIDDEN' });
  }, 30_000);

  it('is told of what is too large for a packet, and harms nobody with it', async () => {
    const url = await start();
    const { member, link } = join(url, 'a');
    await member.ready;
    const large = member.bus.publish('news', TOO_MUCH, ONCE);
    await expect(large).rejects.toMatchObject({ code: 'N2O_PACKET_LIMIT' });
    link.answer = (event) =>
      event.settle('reply', textOf(event) === 'large' ? TOO_MUCH : event.payload);
    const client = await connect(url, { clientId: 'dev1' });
    const heard = heardBy(client);
    await client.subscribeAsync('actions/1/chat/dev1', { qos: 1 });
    const topic = `events/1/${vnodeOf('dev1', VNODES)}/chat/dev1`;
    for (const text of ['before', 'large', 'after']) {
      await client.publishAsync(topic, text, { qos: 1 });
    }
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    expect(heard[1]).toContain('N2O_PACKET_LIMIT');
    expect([heard[0], heard[2]]).toEqual(
      ['before', 'after'].map((text) => `actions/1/chat/dev1 ${text} q1`),
    );
    expect(link.events).toHaveLength(3);
  }, 30_000);

  it('sends an action to a client that is away and has a session', async () => {
    const url = await start();
    const { member } = join(url, 'a');
    await member.ready;
    const before = await connect(url, { clientId: 'dev1', clean: false });
    await before.subscribeAsync('actions/1/chat/dev1', { qos: 1 });
    await before.endAsync();
    await member.bus.publish('actions/1/chat/dev1', bytes('hi'), ONCE);
    // Connected by hand: the message comes at once.
    const client = mqtt.connect(url, { clientId: 'dev1', clean: false });
    onTestFinished(() => client.endAsync(true));
    const heard = heardBy(client);
    await vi.waitFor(() => expect(heard).toEqual(['actions/1/chat/dev1 hi q1']));
  }, 30_000);

  it('hears what is published, each listener for as long as it likes', async () => {
    const url = await start();
    const { member } = join(url, 'a');
    await member.ready;
    const client = await connect(url, { clientId: 'dev1' });
    await client.publishAsync('a/kept', '0', { qos: 1, retain: true });
    const heard: string[] = [];
    const hearAs =
      (name: string) =>
      ({ topic, payload, retain }: Publication) =>
        heard.push(`${name} ${topic} ${Buffer.from(payload)}${retain ? ' retained' : ''}`);
    const one = await member.bus.subscribe('a/#', hearAs('one'));
    await vi.waitFor(() => expect(heard.splice(0)).toEqual(['one a/kept 0 retained']));
    const other = await member.bus.subscribe('a/+', hearAs('other'));
    await vi.waitFor(() => expect(heard).toContain('other a/kept 0 retained'));
    heard.length = 0;
    await client.publishAsync('a/b', '1', { qos: 1 });
    await vi.waitFor(() => expect(heard.splice(0).sort()).toEqual(['one a/b 1', 'other a/b 1']));
    await one.unsubscribe();
    await client.publishAsync('a/b', '2', { qos: 1 });
    await vi.waitFor(() => expect(heard.splice(0)).toEqual(['other a/b 2']));
    await other.unsubscribe();
    await client.publishAsync('a/b', '3', { qos: 1 });
    await member.bus.publish('a/b', bytes('4'), ONCE);
    expect(heard).toEqual([]);
  }, 30_000);
});

it('without a broker nothing is taken; when it is back server code hears as before', async () => {
  const broker = await startMosquitto();
  const { member } = join(broker.url, 'a');
  const publish = () => member.bus.publish('a', bytes('x'), ONCE);
  await expect(publish()).rejects.toMatchObject({ code: 'N2O_BUS_UNAVAILABLE' });
  await member.ready;
  const heard = vi.fn();
  await member.bus.subscribe('a', heard);
  await broker.stop();
  await vi.waitFor(() => expect(publish()).rejects.toMatchObject({ code: 'N2O_BUS_UNAVAILABLE' }));
  await broker.start();
  await vi.waitFor(publish, 20_000);
  await vi.waitFor(() => expect(heard).toHaveBeenCalled());
}, 60_000);
