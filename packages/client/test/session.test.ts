/** What is on the wire when a session outlives its connection. */
import { afterEach, expect, test } from 'vitest';
import { type Client, connect } from '../src/index.ts';
import { type Packet, PUBREL, type ScriptedBroker, startScript } from './scripted-broker.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const options = { id: 'c', clean: false, keepalive: 0, backoff: { min: 1, max: 1 } };

async function setUp() {
  const broker = await startScript();
  open.push(broker);
  const [client, script] = await Promise.all([dial(broker), broker.accept(false)]);
  return { broker, client, script };
}

async function dial(broker: ScriptedBroker): Promise<Client> {
  const client = await connect(broker.url, options);
  open.push(client);
  return client;
}

/** The packet identifier of a PUBLISH to a topic of one letter, or of an acknowledgement. */
const idOf = ({ first, body }: Packet): Buffer =>
  first >> 4 === 3 ? body.subarray(3, 5) : body.subarray(0, 2);

function publish(flags: number, id: number, topic: string, payload: string): Buffer {
  const body = Buffer.concat([
    Buffer.from([0, topic.length]),
    Buffer.from(topic),
    Buffer.from([0, id]),
    Buffer.from(payload),
  ]);
  return Buffer.concat([Buffer.from([0x30 | flags, body.length]), body]);
}

test('QoS 1: a message without PUBACK is published again, with DUP and its identifier', async () => {
  const { broker, client, script } = await setUp();
  const published = client.publish('a', 'x');
  const first = await script.next();
  expect(first.first).toBe(0x32);
  script.drop();
  const again = await broker.accept(true);
  const second = await again.next();
  expect(second.first).toBe(0x3a);
  expect(second.body).toEqual(first.body);
  again.send(0x40, 2, idOf(second));
  await published;
});

test('QoS 2: a message without PUBREC is published again', async () => {
  const { broker, client, script } = await setUp();
  const published = client.publish('a', 'x', { qos: 2 });
  const first = await script.next();
  script.drop();
  const again = await broker.accept(true);
  const second = await again.next();
  expect(second).toEqual({ first: 0x3c, body: first.body });
  again.send(0x50, 2, idOf(second));
  expect(await again.next()).toEqual({ first: PUBREL, body: idOf(second) });
  again.send(0x70, 2, idOf(second));
  await published;
});

test('QoS 2: a message with PUBREC is not published again, only released', async () => {
  const { broker, client, script } = await setUp();
  const published = client.publish('a', 'x', { qos: 2 });
  const id = idOf(await script.next());
  script.send(0x50, 2, id);
  expect((await script.next()).first).toBe(PUBREL);
  script.drop();
  const again = await broker.accept(true);
  expect(await again.next()).toEqual({ first: PUBREL, body: id });
  again.send(0x70, 2, id);
  await published;
  const later = client.publish('a', 'y');
  const next = await again.next();
  expect(next.first).toBe(0x32);
  again.send(0x40, 2, idOf(next));
  await later;
});

test('a delivery that is repeated with DUP is taken once', async () => {
  const { broker, client, script } = await setUp();
  const heard: unknown[] = [];
  const last = new Promise<void>((resolve) => {
    client.on('action', ({ value }) => {
      heard.push(value);
      if (value === 'last') resolve();
    });
  });
  const topic = 'actions/1/m/c';
  script.send(publish(2, 7, topic, 'once'));
  expect((await script.next()).first).toBe(0x40);
  script.drop();
  // With CONNACK in one piece: nothing may be missed before the client knows that it is connected.
  await broker.accept(
    true,
    publish(2 | 8, 7, topic, 'once'),
    publish(2 | 8, 8, topic, 'lost before'),
    publish(2, 9, topic, 'last'),
  );
  await last;
  expect(heard).toEqual(['once', 'lost before', 'last']);
});

test('a delivery of QoS 2 is taken when it comes, and once until it is released', async () => {
  const { broker, client, script } = await setUp();
  const heard: unknown[] = [];
  const last = new Promise<void>((resolve) => {
    client.on('action', ({ value }) => {
      heard.push(value);
      if (value === 'last') resolve();
    });
  });
  const topic = 'actions/1/m/c';
  script.send(publish(4, 7, topic, 'once'));
  expect((await script.next()).first).toBe(0x50);
  expect(heard).toEqual(['once']);
  script.drop();
  const again = await broker.accept(true);
  again.send(publish(4 | 8, 7, topic, 'once'));
  expect((await again.next()).first).toBe(0x50);
  again.send(PUBREL, 2, 0, 7);
  expect((await again.next()).first).toBe(0x70);
  again.send(publish(4, 7, topic, 'last'));
  await last;
  expect(heard).toEqual(['once', 'last']);
});
