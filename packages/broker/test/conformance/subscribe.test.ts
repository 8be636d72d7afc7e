import { describe, expect, it } from 'vitest';
import {
  connect,
  DISCONNECT,
  field,
  int16,
  PINGREQ,
  packet,
  puback,
  publish,
  subscribe,
  unsubscribe,
} from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

/** A broker with two clients. */
async function pair() {
  const started = await start();
  return {
    ...started,
    listener: await started.join('listener'),
    speaker: await started.join('speaker'),
  };
}

describe('3.8 SUBSCRIBE and 3.9 SUBACK', () => {
  it('[MQTT-3.8.4-1] [MQTT-3.8.4-2] is acknowledged under its identifier', async () => {
    const { listener } = await pair();
    listener.say(subscribe(0x1234, ['a', 0]));
    expect(await listener.next()).toBe('SUBACK 4660 [0]');
  });

  it('[MQTT-3.8.4-4] [MQTT-3.8.4-5] [MQTT-3.9.3-1] many filters are acknowledged in one packet, in order', async () => {
    const { listener } = await pair();
    listener.say(subscribe(1, ['a', 2], ['b', 0], ['c', 1], ['events/1/#', 1], ['a', 0]));
    expect(await listener.next()).toBe('SUBACK 1 [2,0,1,128,0]');
  });

  it('[MQTT-3.8.4-3] an identical filter takes the place of the old one, and what is retained comes again', async () => {
    const { listener, speaker } = await pair();
    speaker.say(publish('a/b', 'kept', { retain: true, qos: 1 }));
    await speaker.rest();
    listener.say(subscribe(1, ['a/+', 0]));
    expect(await listener.rest()).toEqual(['SUBACK 1 [0]', 'PUBLISH a/b kept retained']);
    listener.say(subscribe(2, ['a/+', 1]));
    expect(await listener.rest()).toEqual(['SUBACK 2 [1]', 'PUBLISH a/b kept q1 #1 retained']);
    speaker.say(publish('a/b', 'live', { qos: 1 }));
    await speaker.rest();
    expect(await listener.rest()).toEqual(['PUBLISH a/b live q1 #2']);
  });

  it('[MQTT-3.8.4-3] the flow of messages is not interrupted by that', async () => {
    const { listener, speaker } = await pair();
    listener.say(subscribe(1, ['a', 1]));
    expect(await listener.next()).toBe('SUBACK 1 [1]');
    const count = 200;
    for (let i = 0; i < count; i++) {
      speaker.say(publish('a', `${i}`, { qos: 1, id: i + 1 }));
      if (i % 20 === 0) listener.say(subscribe(2, ['a', 1]));
    }
    await speaker.rest();
    const got = (await listener.rest()).filter((line) => line.startsWith('PUBLISH'));
    expect(got.map((line) => line.split(' ')[2])).toEqual(
      Array.from({ length: count }, (_, i) => `${i}`),
    );
  });

  it('[MQTT-3.3.5-1] overlapping filters deliver a message once, in the highest quality that was granted', async () => {
    const { listener, speaker } = await pair();
    listener.say(subscribe(1, ['a/b', 0], ['a/+', 2], ['#', 1], ['a/#', 0]));
    expect(await listener.next()).toBe('SUBACK 1 [0,2,1,0]');
    speaker.say(publish('a/b', 'x', { qos: 2, id: 1 }), publish('a', 'y', { qos: 2, id: 2 }));
    await speaker.rest();
    expect(await listener.rest()).toEqual(['PUBLISH a/b x q2 #1', 'PUBLISH a y q1 #2']);
  });

  it('[MQTT-3.8.4-4] several filters with the same retained message: once each, as if they had come one by one', async () => {
    const { listener, speaker } = await pair();
    speaker.say(publish('a', 'kept', { retain: true }));
    await speaker.rest();
    listener.say(subscribe(1, ['a', 0], ['+', 0]));
    expect(await listener.rest()).toEqual([
      'SUBACK 1 [0,0]',
      'PUBLISH a kept retained',
      'PUBLISH a kept retained',
    ]);
  });

  it.each<[string, Uint8Array]>([
    ['[MQTT-3.8.3-3] no filter', packet(0x82, int16(1))],
    ['[MQTT-3-8.3-4] QoS 3', subscribe(1, ['a', 3])],
    ['[MQTT-3-8.3-4] reserved bits', subscribe(1, ['a', 0x80])],
    ['[MQTT-3.8.3-1] a filter that is no UTF-8', packet(0x82, int16(1), field(Buffer.of(0xfe)), 0)],
    ['[MQTT-4.7.3-1] an empty filter', subscribe(1, ['', 0])],
    ['[MQTT-4.7.3-2] U+0000', subscribe(1, ['a\0', 0])],
    ['[MQTT-4.7.1-2] # in a level', subscribe(1, ['a#', 0])],
    ['[MQTT-4.7.1-2] # before the end', subscribe(1, ['a/#/b', 0])],
    ['[MQTT-4.7.1-3] + in a level', subscribe(1, ['a+/b', 0])],
    ['a good filter before a bad one', subscribe(1, ['good', 0], ['+bad', 0])],
  ])('closes the connection on %s', async (_, said) => {
    const { listener } = await pair();
    listener.say(said);
    expect(await listener.last()).toEqual([]);
  });
});

describe('3.10 UNSUBSCRIBE and 3.11 UNSUBACK', () => {
  it('[MQTT-3.10.4-2] [MQTT-3.10.4-4] ends the subscription and is acknowledged', async () => {
    const { listener, speaker } = await pair();
    listener.say(subscribe(1, ['a', 1]), unsubscribe(0x1234, 'a'));
    expect(await listener.take(2)).toEqual(['SUBACK 1 [1]', 'UNSUBACK 4660']);
    speaker.say(publish('a', 'x'));
    await speaker.rest();
    expect(await listener.rest()).toEqual([]);
  });

  it('[MQTT-3.10.4-1] compares filters character by character', async () => {
    const { listener, speaker } = await pair();
    listener.say(subscribe(1, ['a/+', 0]), unsubscribe(2, 'a/b', 'a/#', 'A/+', '#'));
    expect(await listener.take(2)).toEqual(['SUBACK 1 [0]', 'UNSUBACK 2']);
    speaker.say(publish('a/b', 'x'));
    await speaker.rest();
    expect(await listener.rest()).toEqual(['PUBLISH a/b x']);
  });

  it('[MQTT-3.10.4-5] is acknowledged also where there was nothing to end', async () => {
    const { listener } = await pair();
    listener.say(unsubscribe(7, 'never'));
    expect(await listener.next()).toBe('UNSUBACK 7');
  });

  it('[MQTT-3.10.4-6] of many filters is acknowledged once, and leaves the others', async () => {
    const { listener, speaker } = await pair();
    listener.say(subscribe(1, ['a', 0], ['b', 0], ['c', 0]), unsubscribe(2, 'a', 'c'));
    expect(await listener.take(2)).toEqual(['SUBACK 1 [0,0,0]', 'UNSUBACK 2']);
    speaker.say(publish('a', '1'), publish('b', '2'), publish('c', '3'));
    await speaker.rest();
    expect(await listener.rest()).toEqual(['PUBLISH b 2']);
  });

  it('[MQTT-3.10.4-3] what was sent before is completed', async () => {
    const { listener, speaker, join } = await pair();
    const away = await join('away', { clean: false });
    away.say(subscribe(1, ['a', 1]));
    expect(await away.next()).toBe('SUBACK 1 [1]');
    speaker.say(publish('a', 'x', { qos: 1 }));
    await speaker.rest();
    expect(await away.next()).toBe('PUBLISH a x q1 #1');
    away.say(unsubscribe(2, 'a'));
    expect(await away.next()).toBe('UNSUBACK 2');
    await away.drop();
    const back = await join('away', { clean: false });
    expect(await back.rest()).toEqual(['PUBLISH a x q1 #1 dup']);
    back.say(puback(1));
    expect(await back.rest()).toEqual([]);
    expect(await listener.rest()).toEqual([]);
  });

  it.each<[string, Uint8Array]>([
    ['[MQTT-3.10.3-2] no filter', packet(0xa2, int16(1))],
    ['[MQTT-3.10.3-1] a filter that is no UTF-8', packet(0xa2, int16(1), field(Buffer.of(0xfe)))],
    ['[MQTT-4.7.3-1] an empty filter', unsubscribe(1, '')],
    ['half a filter', packet(0xa2, int16(1), int16(9), Buffer.from('half'))],
  ])('closes the connection on %s', async (_, said) => {
    const { listener } = await pair();
    listener.say(said);
    expect(await listener.last()).toEqual([]);
  });
});

describe('3.12 PINGREQ, 3.13 PINGRESP and 3.14 DISCONNECT', () => {
  it('[MQTT-3.12.4-1] PINGREQ is answered with PINGRESP', async () => {
    const { listener } = await pair();
    listener.say(PINGREQ, PINGREQ);
    expect(await listener.take(2)).toEqual(['PINGRESP', 'PINGRESP']);
  });

  it.each([
    ['PINGREQ', packet(0xc0, 0)],
    ['DISCONNECT', packet(0xe0, 0)],
    ['PUBACK', packet(0x40, int16(1), 0)],
    ['PUBREL', packet(0x62, 1)],
  ])('%s of a wrong length closes the connection [MQTT-4.8.0-1]', async (_, said) => {
    const { listener } = await pair();
    listener.say(said);
    expect(await listener.last()).toEqual([]);
  });

  it('DISCONNECT ends the connection, and what is behind it is not done [MQTT-3.14.4-2]', async () => {
    const { listener, speaker } = await pair();
    listener.say(subscribe(1, ['a', 0]));
    expect(await listener.next()).toBe('SUBACK 1 [0]');
    speaker.say(DISCONNECT, publish('a', 'too late'), PINGREQ);
    expect(await speaker.last()).toEqual([]);
    expect(await listener.rest()).toEqual([]);
  });

  it('[MQTT-3.1.4-4] [MQTT-3.3.4-1] [MQTT-3.8.4-1] what came before DISCONNECT is answered', async () => {
    const { open } = await start();
    const peer = await open();
    const said = publish('a', 'x', { qos: 1, id: 5 });
    peer.say(connect('hasty'), subscribe(1, ['b', 0]), said, PINGREQ, DISCONNECT);
    expect(await peer.last()).toEqual(['CONNACK 0', 'SUBACK 1 [0]', 'PUBACK 5', 'PINGRESP']);
  });

  it('what was said before DISCONNECT is done', async () => {
    const { listener, speaker } = await pair();
    listener.say(subscribe(1, ['a', 0]));
    expect(await listener.next()).toBe('SUBACK 1 [0]');
    speaker.say(publish('a', 'in time', { qos: 1 }), DISCONNECT);
    await speaker.closed;
    expect(await listener.rest()).toEqual(['PUBLISH a in time']);
  });

  it.each([0, 15])('a packet of the reserved type %i closes the connection', async (type) => {
    const { listener } = await pair();
    listener.say(packet(type << 4));
    expect(await listener.last()).toEqual([]);
  });

  it.each([
    ['CONNACK', packet(0x20, 0, 0)],
    ['SUBACK', packet(0x90, int16(1), 0)],
    ['UNSUBACK', packet(0xb0, int16(1))],
    ['PINGRESP', packet(0xd0)],
  ])('%s, which only servers send, closes the connection', async (_, said) => {
    const { listener } = await pair();
    listener.say(said);
    expect(await listener.last()).toEqual([]);
  });
});
