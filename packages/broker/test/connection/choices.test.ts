/** What MQTT leaves to brokers, or says of no other version: the rest is in the suite of conformance, for every store. */
import { describe, expect, it } from 'vitest';
import {
  connect,
  DISCONNECT,
  field,
  int16,
  PINGREQ,
  packet,
  publish,
  subscribe,
} from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

describe('a client', () => {
  it('of MQTT 3.1 is welcome, and is told of no session that was present', async () => {
    const { join, open } = await start();
    const old = { protocol: 'MQIsdp', level: 3, clean: false };
    const first = await join('a', old);
    first.say(DISCONNECT);
    await first.closed;
    const again = await open();
    again.say(connect('a', old));
    expect(await again.next()).toBe('CONNACK 0');
  });

  it('of MQTT 3.1 says with DUP that a packet comes again, which later versions do not have', async () => {
    const { join } = await start();
    const packets = [
      packet(0x8a, int16(1), field('a'), 1),
      packet(0xaa, int16(2), field('a')),
      packet(0x6a, int16(3)),
    ];
    const old = await join('old', { protocol: 'MQIsdp', level: 3 });
    old.say(...packets);
    expect(await old.rest()).toEqual(['SUBACK 1 [1]', 'UNSUBACK 2', 'PUBCOMP 3']);
    for (const wrong of packets) {
      const peer = await join('new');
      peer.say(wrong);
      expect(await peer.last()).toEqual([]);
    }
  });

  it('may have an id as long as a topic may be', async () => {
    const { join, open } = await start();
    expect(await (await join('A'.repeat(1_024))).rest()).toEqual([]);
    const refused = await open();
    refused.say(connect('A'.repeat(1_025)));
    expect(await refused.last()).toEqual(['CONNACK 2']);
  });

  it('without an id gets one of its own, under which its events are known', async () => {
    const { link, join } = await start();
    for (const peer of [await join(''), await join('')]) {
      peer.say(publish('events/1//echo/', 'who am I?'));
    }
    const [a, b] = await link.take(2);
    expect(a?.route.client).not.toBe(b?.route.client);
    expect(a?.route.client).toMatch(/.+/);
  });

  it('that was away longest loses its session when there are too many', async () => {
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

  it('that leaves in one breath is answered in the order in which it spoke', async () => {
    const { open } = await start();
    const peer = await open();
    const said = publish('a', 'x', { qos: 1, id: 5 });
    peer.say(connect('hasty'), subscribe(1, ['b', 0]), said, PINGREQ, DISCONNECT);
    expect(await peer.last()).toEqual(['CONNACK 0', 'SUBACK 1 [0]', 'PUBACK 5', 'PINGRESP']);
  });

  it('that acknowledges an identifier of 0 is closed', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(packet(0x40, int16(0)));
    expect(await peer.last()).toEqual([]);
  });
});

it('a retained message comes once for each of the filters that select it', async () => {
  const { join } = await start();
  const peer = await join('a');
  peer.say(publish('a', 'kept', { retain: true }), subscribe(1, ['a', 0], ['+', 0]));
  expect(await peer.rest()).toEqual([
    'SUBACK 1 [0,0]',
    'PUBLISH a kept retained',
    'PUBLISH a kept retained',
  ]);
});

it('of QoS 0 a client that does not read misses what is beyond its bound, and that is counted', async () => {
  const { broker, join } = await start({ limits: { outputBytes: 100_000 } });
  const speaker = await join('speaker');
  const [frozen, listener] = [await join('frozen'), await join('listener')];
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
