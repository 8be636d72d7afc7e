import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import type { Store } from '@n2o/shared';
import { openFolderStore } from '@n2o/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { echo, TestLink } from '../../../../test/support/link.ts';
import {
  connect,
  DISCONNECT,
  puback,
  pubcomp,
  publish,
  pubrec,
  pubrel,
  subscribe,
} from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { type Broker, type BrokerOptions, createBroker } from '../../src/index.ts';

/** A broker on a folder, that can be started again. */
async function start(
  options: Partial<BrokerOptions> = {},
  seen: (store: Store) => Store = (store) => store,
) {
  const folder = await mkdtemp(path(tmpdir(), 'n2o-broker-'));
  const link = new TestLink();
  let broker: Broker;
  let store: Awaited<ReturnType<typeof openFolderStore>>;
  const up = async () => {
    store = await openFolderStore({ folder });
    const place = { host: '127.0.0.1', mqttPort: 0, httpPort: undefined };
    const parts = { ...place, vnodes: 4, log: SILENT, link, store: seen(store) };
    broker = await createBroker({ ...parts, ...options });
  };
  const down = async (patience = 0) => {
    await broker.close(patience);
    await store.close();
  };
  await up();
  onTestFinished(async () => {
    await down();
    await rm(folder, { recursive: true, force: true });
  });
  const join = async (client: string, how: Parameters<typeof connect>[1] = { clean: false }) => {
    const peer = await Peer.dial(broker.addresses.mqtt ?? '');
    peer.say(connect(client, how));
    return { peer, answer: await peer.next() };
  };
  /** @param patience milliseconds for what is on its way into the store */
  const restart = async (patience?: number) => [await down(patience), await up()];
  return { link, join, restart };
}

/** A store that says each entry twice, as any may: a Redis does that while its hashes shrink. */
function sayingTwice(store: Store): Store {
  async function* entries(group: string) {
    for await (const page of store.entries(group)) {
      yield page;
      yield page;
    }
  }
  return {
    durable: store.durable,
    commit: (changes, fence) => store.commit(changes, fence),
    get: (group, fields) => store.get(group, fields),
    extent: (group) => store.extent(group),
    range: (group, range) => store.range(group, range),
    entries,
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store.close(),
  };
}

describe('a kept session', () => {
  it('has an event run once whose PUBACK was lost behind its acknowledged action', async () => {
    const { link, join } = await start();
    link.answer = echo;
    const said = { qos: 1, id: 7 } as const;
    const { peer } = await join('dev1');
    peer.say(publish('events/1//echo/dev1', 'x', said));
    expect(await peer.next()).toContain('PUBLISH actions/1/echo/dev1 x q1 #');
    peer.say(puback(1));
    expect(await peer.next()).toBe('PUBACK 7');
    await peer.drop();
    const { peer: again } = await join('dev1');
    again.say(publish('events/1//echo/dev1', 'x', { ...said, dup: true }));
    expect(await again.next()).toBe('PUBACK 7');
    again.say(publish('events/1//echo/dev1', 'y', said));
    expect(await again.next()).toContain('PUBLISH actions/1/echo/dev1 y q1 #');
    expect(link.events).toHaveLength(2);
  });
});

describe('a restart', () => {
  it('keeps subscriptions and what waits for who is away, in order', async () => {
    const { join, restart } = await start();
    const { peer } = await join('away');
    peer.say(subscribe(1, ['room/#', 1]), DISCONNECT);
    await peer.closed;
    const { peer: speaker } = await join('speaker', {});
    for (let i = 1; i <= 600; i++) speaker.say(publish('room/a', `${i}`, { qos: 1, id: i }));
    await speaker.take(600);
    await restart();
    const { peer: again } = await join('speaker', {});
    again.say(publish('room/a', '601', { qos: 1, id: 1 }));
    expect(await again.next()).toBe('PUBACK 1');
    const { peer: back, answer } = await join('away');
    expect(answer).toBe('CONNACK 0 present');
    back.acknowledges = true;
    const heard = await back.take(601);
    expect(heard.map((line) => line.split(' ')[2])).toEqual(
      Array.from({ length: 601 }, (_, i) => `${i + 1}`),
    );
    expect(heard.filter((line) => line.includes('dup'))).toEqual([]);
  });

  it('has each session once, however often the store says it', async () => {
    const { join, restart } = await start({ limits: { unreleased: 1 } }, sayingTwice);
    const { peer } = await join('away');
    peer.say(subscribe(1, ['room', 1]), publish('other', 'half', { qos: 2, id: 7 }));
    expect(await peer.take(2)).toEqual(['SUBACK 1 [1]', 'PUBREC 7']);
    peer.say(DISCONNECT);
    await peer.closed;
    const speak = async (...texts: string[]) => {
      const { peer: speaker } = await join('speaker', {});
      texts.forEach((text, i) => {
        speaker.say(publish('room', text, { qos: 1, id: i + 1 }));
      });
      await speaker.take(texts.length);
    };
    await restart();
    const { peer: back } = await join('away');
    back.say(pubrel(7), publish('other', 'next', { qos: 2, id: 8 }));
    expect(await back.take(2)).toEqual(['PUBCOMP 7', 'PUBREC 8']);
    back.acknowledges = true;
    await speak('1', '2', '3');
    await back.take(3);
    back.say(DISCONNECT);
    await back.closed;
    await restart();
    await speak('4');
    const { peer: last } = await join('away');
    expect(await last.next()).toMatch(/^PUBLISH room 4 /);
  });

  it('sends what was sent and not acknowledged again, with DUP and the same identifier', async () => {
    const { join, restart } = await start();
    const { peer } = await join('here');
    peer.say(subscribe(1, ['room', 2]));
    await peer.next();
    const { peer: speaker } = await join('speaker', {});
    speaker.say(
      publish('room', 'one', { qos: 1, id: 1 }),
      publish('room', 'two', { qos: 2, id: 2 }),
    );
    speaker.say(publish('room', 'three', { qos: 2, id: 3 }));
    const heard = await peer.take(3);
    expect(heard).toEqual([
      'PUBLISH room one q1 #1',
      'PUBLISH room two q2 #2',
      'PUBLISH room three q2 #3',
    ]);
    expect((await speaker.take(3)).sort()).toEqual(['PUBACK 1', 'PUBREC 2', 'PUBREC 3']);
    peer.say(pubrec(2));
    expect(await peer.next()).toBe('PUBREL 2');
    await restart();
    const { peer: back } = await join('here');
    expect(await back.take(3)).toEqual([
      'PUBLISH room one q1 #1 dup',
      'PUBREL 2',
      'PUBLISH room three q2 #3 dup',
    ]);
    back.say(puback(1), pubcomp(2), pubrec(3));
    expect(await back.next()).toBe('PUBREL 3');
    back.say(pubcomp(3), DISCONNECT);
    await back.closed;
    await restart();
    const { peer: last } = await join('here');
    expect(await last.rest()).toEqual([]);
  });

  it('takes no message of QoS 2 twice', async () => {
    const { join, restart } = await start();
    const { peer: listener } = await join('listener');
    listener.say(subscribe(1, ['room', 1]), DISCONNECT);
    await listener.closed;
    const { peer: speaker } = await join('speaker');
    speaker.say(publish('room', 'once', { qos: 2, id: 9 }));
    expect(await speaker.next()).toBe('PUBREC 9');
    await restart();
    const { peer: again } = await join('speaker');
    again.say(publish('room', 'once', { qos: 2, id: 9, dup: true }));
    expect(await again.next()).toBe('PUBREC 9');
    again.say(pubrel(9));
    expect(await again.next()).toBe('PUBCOMP 9');
    const { peer: back } = await join('listener');
    back.say(publish('room', 'end', { qos: 1, id: 1 }));
    expect((await back.take(3)).filter((line) => line.startsWith('PUBLISH'))).toHaveLength(2);
  });

  it('keeps the answer to an event that was acknowledged', async () => {
    const { join, restart, link } = await start();
    link.answer = echo;
    const { peer } = await join('dev1');
    peer.say(publish('events/1//echo/dev1', 'hi', { qos: 1, id: 5 }));
    expect((await peer.take(2)).sort()).toEqual([
      'PUBACK 5',
      'PUBLISH actions/1/echo/dev1 hi q1 #1',
    ]);
    await restart();
    const { peer: back } = await join('dev1');
    expect(await back.next()).toBe('PUBLISH actions/1/echo/dev1 hi q1 #1 dup');
  });

  it('keeps retained messages', async () => {
    const { join, restart } = await start();
    const { peer } = await join('speaker', {});
    peer.say(
      publish('lamp', 'on', { qos: 1, id: 1, retain: true }),
      publish('door', 'open', { qos: 1, id: 2, retain: true }),
      publish('door', '', { qos: 1, id: 3, retain: true }),
    );
    await peer.take(3);
    await restart();
    const { peer: back } = await join('speaker', {});
    back.say(subscribe(1, ['#', 1]));
    expect(await back.take(2)).toEqual(['SUBACK 1 [1]', 'PUBLISH lamp on q1 #1 retained']);
    expect(await back.rest()).toEqual([]);
  });

  it('forgets a session that was begun anew', async () => {
    const { join, restart } = await start();
    const { peer } = await join('here');
    peer.say(subscribe(1, ['room', 1]), DISCONNECT);
    await peer.closed;
    const { peer: anew } = await join('here', { clean: true });
    anew.say(DISCONNECT);
    await anew.closed;
    await restart();
    expect((await join('here')).answer).toBe('CONNACK 0');
  });
});

describe('events that are acknowledged when they are stored', () => {
  it('wait for a vnode that does not answer, over a restart too, and are answered in order', async () => {
    const { join, restart, link } = await start({ ack: 'stored' });
    const { peer } = await join('dev1');
    for (let i = 1; i <= 1_500; i++) {
      peer.say(publish('events/1//echo/dev1', `${i}`, { qos: 1, id: i }));
    }
    expect(await peer.take(1_500)).toHaveLength(1_500);
    // It has so many at once.
    expect(link.events).toHaveLength(1_024);
    for (const event of link.events.slice(0, 100)) echo(event);
    peer.acknowledges = true;
    const before = await peer.take(100);
    peer.say(DISCONNECT);
    await peer.closed;
    link.answer = echo;
    // What was acknowledged last is still to be removed.
    await restart(500);
    const { peer: back } = await join('dev1');
    back.acknowledges = true;
    const after = await back.take(1_400);
    const texts = [...before, ...after].map((line) => line.split(' ')[2]);
    expect(texts).toEqual(Array.from({ length: 1_500 }, (_, i) => `${i + 1}`));
  });

  it('are given anew when their vnode changed hands before they were done', async () => {
    const { join, link } = await start({ ack: 'stored' });
    const { peer } = await join('dev1');
    link.answer = (event) => (event.dup ? echo(event) : event.settle('lost'));
    peer.acknowledges = true;
    peer.say(publish('events/1//echo/dev1', '1', { qos: 1, id: 1 }));
    expect(await peer.next()).toBe('PUBACK 1');
    link.answer = echo;
    peer.say(publish('events/1//echo/dev1', '2', { qos: 1, id: 2 }));
    expect(await peer.next()).toBe('PUBACK 2');
    const replies = (await peer.take(2)).map((line) => line.split(' ')[2]);
    expect(replies).toEqual(['1', '2']);
  });
});
