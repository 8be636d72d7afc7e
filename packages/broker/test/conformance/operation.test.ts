import { describe, expect, it } from 'vitest';
import type { Started } from '../../../../test/support/broker.ts';
import {
  connect,
  DISCONNECT,
  puback,
  pubcomp,
  publish,
  pubrec,
  subscribe,
} from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

/** A broker with a client that has a session to keep and is away. */
async function withAway(started: Started, ...filters: [string, number][]) {
  const away = await started.join('away', { clean: false });
  away.say(subscribe(1, ...filters));
  expect(await away.next()).toMatch(/^SUBACK 1/);
  away.say(DISCONNECT);
  await away.closed;
  return started.join('speaker');
}

describe('3.1.2.4, 4.1 and 4.5 session state', () => {
  it('[MQTT-3.1.2-4] [MQTT-4.1.0-1] subscriptions outlive the connection', async () => {
    const started = await start();
    const speaker = await withAway(started, ['a', 1]);
    const back = await started.join('away', { clean: false });
    speaker.say(publish('a', 'x', { qos: 1 }));
    await speaker.rest();
    expect(await back.rest()).toEqual(['PUBLISH a x q1 #1']);
  });

  it('[MQTT-3.1.2-5] [MQTT-4.5.0-1] messages of QoS 1 and 2 wait for a client that is away, in order', async () => {
    const started = await start();
    const speaker = await withAway(started, ['#', 2]);
    for (const [i, qos] of [1, 2, 0, 1, 2].entries())
      speaker.say(publish(`t/${i}`, `${i}`, { qos, id: i + 1 }));
    await speaker.rest();
    const back = await started.join('away', { clean: false });
    expect(await back.rest()).toEqual([
      'PUBLISH t/0 0 q1 #1',
      'PUBLISH t/1 1 q2 #2',
      'PUBLISH t/3 3 q1 #3',
      'PUBLISH t/4 4 q2 #4',
    ]);
  });

  it('messages that waited come before those that are sent now, however many', async () => {
    const started = await start();
    const speaker = await withAway(started, ['a', 1]);
    const count = 2_000;
    const said = (from: number) =>
      Array.from({ length: count }, (_, i) => publish('a', `${from + i}`, { qos: 1, id: i + 1 }));
    speaker.say(...said(0));
    await speaker.rest();
    const back = await started.open();
    back.acknowledges = true;
    back.say(connect('away', { clean: false }));
    expect(await back.next()).toBe('CONNACK 0 present');
    speaker.say(...said(count));
    await speaker.rest();
    const got = await back.take(2 * count);
    expect(got.map((line) => Number(line.split(' ')[2]))).toEqual(
      Array.from({ length: 2 * count }, (_, i) => i),
    );
  });

  it('[MQTT-3.1.2-6] a clean session begins with nothing and leaves nothing', async () => {
    const started = await start();
    const speaker = await withAway(started, ['a', 1]);
    speaker.say(publish('a', 'x', { qos: 1 }));
    await speaker.rest();
    const clean = await started.join('away');
    expect(await clean.rest()).toEqual([]);
    clean.say(subscribe(1, ['a', 1]), DISCONNECT);
    await clean.closed;
    const after = await started.join('away', { clean: false });
    speaker.say(publish('a', 'y', { qos: 1 }));
    await speaker.rest();
    expect(await after.rest()).toEqual([]);
  });

  it('[MQTT-3.1.2-4] the session goes over to a connection that takes over from another', async () => {
    const { join } = await start();
    const speaker = await join('speaker');
    const first = await join('a', { clean: false });
    first.say(subscribe(1, ['t', 1]));
    expect(await first.next()).toBe('SUBACK 1 [1]');
    speaker.say(publish('t', 'x', { qos: 1 }));
    expect(await first.next()).toBe('PUBLISH t x q1 #1');
    const second = await join('a', { clean: false });
    expect(await second.rest()).toEqual(['PUBLISH t x q1 #1 dup']);
  });

  it('as many sessions as the bound says are kept, the longest away is let go first', async () => {
    const { join, open } = await start({ limits: { keptSessions: 2 } });
    for (const client of ['a', 'b', 'c']) {
      const peer = await join(client, { clean: false });
      peer.say(DISCONNECT);
      await peer.closed;
    }
    const present: string[] = [];
    for (const client of ['c', 'b', 'a']) {
      const peer = await open();
      peer.say(connect(client, { clean: false }));
      present.push(await peer.next());
    }
    expect(present).toEqual(['CONNACK 0 present', 'CONNACK 0 present', 'CONNACK 0']);
  });
});

describe('4.4 message delivery retry', () => {
  it('[MQTT-4.4.0-1] [MQTT-3.3.1-1] what was not acknowledged comes again: same identifiers, same order, DUP', async () => {
    const { join } = await start();
    const speaker = await join('speaker');
    const first = await join('a', { clean: false });
    first.say(subscribe(1, ['t', 2]));
    expect(await first.next()).toBe('SUBACK 1 [2]');
    for (const [i, qos] of [1, 2, 1, 2, 2].entries())
      speaker.say(publish('t', `${i}`, { qos, id: i + 1 }));
    expect(await first.take(5)).toHaveLength(5);
    first.say(puback(1), pubrec(2), pubrec(5), pubcomp(5));
    expect(await first.rest()).toEqual(['PUBREL 2', 'PUBREL 5']);
    await first.drop();
    const second = await join('a', { clean: false });
    expect(await second.rest()).toEqual([
      'PUBREL 2',
      'PUBLISH t 2 q1 #3 dup',
      'PUBLISH t 3 q2 #4 dup',
    ]);
    second.say(pubcomp(2), puback(3), pubrec(4), pubcomp(4));
    expect(await second.rest()).toEqual(['PUBREL 4']);
    await second.drop();
    const third = await join('a', { clean: false });
    expect(await third.rest()).toEqual([]);
  });
});

describe('4.6 message ordering', () => {
  it('[MQTT-4.6.0-6] messages of one client arrive in the order they were sent, at every quality', async () => {
    const { join } = await start();
    const [speaker, listener] = [await join('speaker'), await join('listener')];
    listener.acknowledges = true;
    listener.say(subscribe(1, ['t/#', 2]));
    expect(await listener.next()).toBe('SUBACK 1 [2]');
    const count = 600;
    const said = Array.from({ length: count }, (_, i) =>
      publish(`t/${i % 5}`, `${i}`, { qos: i % 3, id: i + 1 }),
    );
    speaker.say(...said);
    const got: number[] = [];
    while (got.length < count) {
      const packet = await listener.nextPacket();
      if (packet.cmd === 'publish') got.push(Number(packet.payload));
    }
    expect(got).toEqual(said.map((_, i) => i));
  });

  it('a subscriber that does not acknowledge gets a window full, and the rest in order when it does', async () => {
    const { join } = await start({ limits: { outgoingWindow: 10 } });
    const [speaker, listener] = [await join('speaker'), await join('listener')];
    listener.say(subscribe(1, ['t', 1]));
    expect(await listener.next()).toBe('SUBACK 1 [1]');
    speaker.say(
      ...Array.from({ length: 25 }, (_, i) => publish('t', `${i}`, { qos: 1, id: i + 1 })),
    );
    await speaker.rest();
    const first = await listener.rest();
    expect(first.map((line) => line.split(' ')[2])).toEqual(
      Array.from({ length: 10 }, (_, i) => `${i}`),
    );
    listener.acknowledges = true;
    for (let id = 1; id <= 10; id++) listener.say(puback(id));
    expect((await listener.take(15)).map((line) => line.split(' ')[2])).toEqual(
      Array.from({ length: 15 }, (_, i) => `${i + 10}`),
    );
  });

  it('a subscriber that does not read harms nobody', async () => {
    const { broker, join } = await start({ limits: { outputBytes: 100_000 } });
    const [speaker, frozen, listener] = [
      await join('speaker'),
      await join('frozen'),
      await join('listener'),
    ];
    for (const peer of [frozen, listener]) {
      peer.say(subscribe(1, ['t', 0]));
      expect(await peer.next()).toBe('SUBACK 1 [0]');
    }
    frozen.ignore();
    const payload = 'x'.repeat(50_000);
    for (let i = 0; i < 400; i++) {
      speaker.say(publish('t', payload));
      expect(await listener.next()).toBe('PUBLISH t <50000 bytes>');
    }
    expect(broker.counters.drops).toBeGreaterThan(0);
  });
});

describe('4.7 topic names and filters', () => {
  /** Examples of the specification and of the rules between them. */
  it.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['sport/#', 'sports', false],
    ['#', 'any/topic', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['+/tennis/#', 'sport/tennis', true],
    ['a//b', 'a//b', true],
    ['a/+/b', 'a//b', true],
    ['a/b', 'a//b', false],
    ['/', '/', true],
    ['+/+/+', '//', true],
    ['a', 'A', false],
    ['a b', 'a b', true],
    ['ACCOUNTS', 'Accounts', false],
    ['é', 'e\u0301', false],
    ['\uFEFFa', 'a', false],
    ['__proto__/+', '__proto__/constructor', true],
  ])(
    '[MQTT-4.7.1-2] [MQTT-4.7.1-3] [MQTT-4.7.3-4] "%s" and "%s": %s',
    async (filter, topic, matching) => {
      const { join } = await start();
      const peer = await join('a');
      peer.say(
        publish(topic, 'kept', { retain: true }),
        subscribe(1, [filter, 0]),
        publish(topic, 'live'),
      );
      expect(await peer.rest()).toEqual(
        matching
          ? ['SUBACK 1 [0]', `PUBLISH ${topic} kept retained`, `PUBLISH ${topic} live`]
          : ['SUBACK 1 [0]'],
      );
    },
  );
});
