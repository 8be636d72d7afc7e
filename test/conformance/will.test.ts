import { describe, expect, it } from 'vitest';
import { connect, DISCONNECT, PINGREQ, packet, publish } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { type Stage, stages } from './stage.ts';
import { heard, leaveBehind, listen, pair, plain, retained, tell } from './talk.ts';

const WILL = { topic: 'gone/a', payload: 'bye' };

/** The ways in which a connection ends without DISCONNECT, and what they say. */
const ENDS: Readonly<Record<string, (peer: Peer, stage: Stage) => unknown>> = {
  'the client breaks it': (peer) => peer.drop(),
  'the client ends it in good order, but says nothing': (peer) => peer.socket.end(),
  'another connection takes over': (_, { join }) => join('a'),
  'the client connects a second time': (peer) => peer.say(connect('a')),
  'the client says what is malformed': (peer) => peer.say(packet(0xf0)),
  'the client publishes to a filter': (peer) => peer.say(publish('a/#', 'x')),
  'the client says DISCONNECT with wrong flags': (peer) => peer.say(packet(0xe1)),
};

describe.each(stages())('3.1.2.5 the will, on $name', ({ start }) => {
  it.each(Object.entries(ENDS))('[MQTT-3.1.2-8] is published, once, when %s', async (_, end) => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['gone/#', 1]);
    const peer = await stage.join('a', { will: WILL });
    await end(peer, stage);
    expect(await listener.next()).toBe('PUBLISH gone/a bye');
    await peer.closed;
    expect(await heard(listener, speaker)).toEqual([]);
  });

  it('[MQTT-3.1.2-8] [MQTT-3.1.2-24] is published when the keep-alive is over', async () => {
    const stage = await start();
    const { listener } = await pair(stage, ['gone/#', 1]);
    const before = performance.now();
    const silent = await stage.join('a', { will: WILL, keepalive: 1 });
    const talkative = await stage.join('b', { will: { topic: 'gone/b' }, keepalive: 1 });
    const eternal = await stage.join('c', { will: { topic: 'gone/c' }, keepalive: 0 });
    // Anything counts as a sign of life: the one that speaks outlives the one that does not.
    for (let rounds = 0; !silent.over; rounds++) {
      talkative.say(publish('room', `${rounds}`, { qos: 1, id: 1 }));
      expect(await talkative.next()).toBe('PUBACK 1');
    }
    const after = performance.now() - before;
    expect(await listener.next()).toBe('PUBLISH gone/a bye');
    expect(after).toBeGreaterThan(1_500);
    expect(after).toBeLessThan(4_000);
    for (const alive of [talkative, eternal]) {
      alive.say(PINGREQ);
      expect(await alive.next()).toBe('PINGRESP');
    }
  });

  it.each([0, 1, 2])('[MQTT-3.1.2-9] is published at its own QoS, here %i', async (qos) => {
    const stage = await start();
    const { listener } = await pair(stage, ['gone/#', 2]);
    await (await stage.join('a', { will: { ...WILL, qos } })).drop();
    expect(plain(await listener.next())).toBe(`PUBLISH gone/a bye${qos ? ` q${qos}` : ''}`);
  });

  it('[MQTT-3.1.2-9] is whatever bytes it is, none among them', async () => {
    const stage = await start();
    const { listener } = await pair(stage, ['gone/#', 0]);
    const payload = Buffer.from([0, 0xff, 0x80]);
    await (await stage.join('a', { will: { topic: 'gone/bytes', payload } })).drop();
    expect(await listener.nextPacket()).toMatchObject({ topic: 'gone/bytes', payload });
    await (await stage.join('a', { will: { topic: 'gone/none' } })).drop();
    expect(await listener.next()).toBe('PUBLISH gone/none ');
  });

  it('[MQTT-3.1.2-10] [MQTT-3.14.4-3] is forgotten on DISCONNECT', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['gone/#', 1]);
    const peer = await stage.join('a', { will: { ...WILL, retain: true } });
    peer.say(DISCONNECT);
    await peer.closed;
    expect(await heard(listener, speaker)).toEqual([]);
    expect(await retained(stage, speaker, 'gone/#')).toEqual([]);
  });

  it('[MQTT-3.1.2-10] is forgotten when it was published: the next connection has none', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['gone/#', 1]);
    await (await stage.join('a', { clean: false, will: WILL })).drop();
    expect(await listener.next()).toBe('PUBLISH gone/a bye');
    await (await stage.back('a')).drop();
    expect(await heard(listener, speaker)).toEqual([]);
  });

  it('[MQTT-3.1.2-12] is not published where there was none', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['#', 1]);
    await (await stage.join('a')).drop();
    expect(await heard(listener, speaker)).toEqual([]);
  });

  it('[MQTT-3.1.2-8] of a connection that was refused is not published', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['#', 1]);
    const peer = await stage.open();
    peer.say(connect('a', { level: 9, will: WILL }));
    await peer.closed;
    expect(await heard(listener, speaker)).toEqual([]);
  });

  it.each([
    ['[MQTT-3.1.2-16] is not kept', false, []],
    ['[MQTT-3.1.2-17] is kept', true, ['PUBLISH gone/a bye q1 retained']],
  ])('%s when its retain flag says %s', async (_, retain, expected) => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['gone/#', 1]);
    await (await stage.join('a', { will: { ...WILL, qos: 1, retain } })).drop();
    expect(plain(await listener.next())).toBe('PUBLISH gone/a bye q1');
    expect(await retained(stage, speaker, 'gone/#')).toEqual(expected);
  });

  it('[MQTT-3.1.2-17] [MQTT-3.3.1-10] clears what is retained when it is empty', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['gone/#', 1]);
    await tell(speaker, ['gone/a', 'present', { qos: 1, retain: true }]);
    expect(plain(await listener.next())).toBe('PUBLISH gone/a present q1');
    await (await stage.join('a', { will: { topic: 'gone/a', retain: true } })).drop();
    expect(await listener.next()).toBe('PUBLISH gone/a ');
    expect(await retained(stage, speaker, 'gone/#')).toEqual([]);
  });

  it('[MQTT-3.1.2-5] waits for those who are away, as any other message', async () => {
    const stage = await start();
    await leaveBehind(stage, 'away', ['gone/#', 2]);
    const { listener } = await pair(stage, ['gone/#', 0]);
    await (await stage.join('a', { will: { ...WILL, qos: 2 } })).drop();
    expect(await listener.next()).toBe('PUBLISH gone/a bye');
    const away = await stage.back('away');
    expect(plain(await away.next())).toBe('PUBLISH gone/a bye q2');
  });

  it('[MQTT-3.1.2-8] of a connection is its own: a take-over has the will of the new one', async () => {
    const stage = await start();
    const { listener } = await pair(stage, ['gone/#', 1]);
    await stage.join('a', { will: WILL });
    const second = await stage.join('a', { will: { topic: 'gone/a', payload: 'second' } });
    expect(await listener.next()).toBe('PUBLISH gone/a bye');
    await second.drop();
    expect(await listener.next()).toBe('PUBLISH gone/a second');
  });

  it('[MQTT-3.1.2-8] reaches the client itself when it comes back', async () => {
    const stage = await start();
    const peer = await stage.join('a', { clean: false, will: { ...WILL, qos: 1 } });
    const speaker = await stage.join('speaker');
    await listen(peer, ['gone/#', 1]);
    await peer.drop();
    const back = await stage.back('a', { acknowledges: true });
    expect(plain(await back.next())).toBe('PUBLISH gone/a bye q1');
    expect(await heard(back, speaker)).toEqual([]);
  });
});
