import { describe, expect, it } from 'vitest';
import {
  field,
  int16,
  packet,
  pubcomp,
  publish,
  pubrec,
  pubrel,
  subscribe,
} from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

/** A broker with a subscriber of everything at QoS 2 and a client that speaks. */
async function room() {
  const started = await start();
  const listener = await started.join('listener');
  listener.say(subscribe(1, ['#', 2]));
  expect(await listener.next()).toBe('SUBACK 1 [2]');
  return { ...started, listener, speaker: await started.join('speaker') };
}

/** What a new subscriber finds retained. */
async function retained({ join }: Awaited<ReturnType<typeof start>>, filter = '#', qos = 2) {
  const late = await join('late');
  late.say(subscribe(1, [filter, qos]));
  const lines = await late.rest();
  expect(lines.shift()).toBe(`SUBACK 1 [${qos}]`);
  await late.drop();
  return lines;
}

describe('2.2 and 2.3 fixed header and packet identifier', () => {
  it.each([
    ['PUBACK', packet(0x41, int16(1))],
    ['PUBREC', packet(0x58, int16(1))],
    ['PUBCOMP', packet(0x72, int16(1))],
    ['SUBSCRIBE [MQTT-3.8.1-1]', packet(0x80, int16(1), field('a'), 0)],
    ['UNSUBSCRIBE [MQTT-3.10.1-1]', packet(0xa0, int16(1), field('a'))],
    ['PINGREQ', packet(0xc1)],
    ['DISCONNECT [MQTT-3.14.1-1]', packet(0xe4)],
    ['PUBREL [MQTT-3.6.1-1]', packet(0x60, int16(1))],
    ['PUBREL with others [MQTT-3.6.1-1]', packet(0x63, int16(1))],
  ])('[MQTT-2.2.2-2] wrong flags close the connection: %s', async (_, said) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(said);
    expect(await peer.last()).toEqual([]);
  });

  it('[MQTT-2.2.2-2] wrong flags of CONNECT close the connection', async () => {
    const { open } = await start();
    const peer = await open();
    peer.say(packet(0x11, field('MQTT'), 4, 2, int16(0), field('a')));
    expect(await peer.last()).toEqual([]);
  });

  it.each([
    ['PUBLISH at QoS 1', publish('a', 'b', { qos: 1, id: 0 })],
    ['PUBLISH at QoS 2', publish('a', 'b', { qos: 2, id: 0 })],
    ['SUBSCRIBE', subscribe(0, ['a', 0])],
    ['UNSUBSCRIBE', packet(0xa2, int16(0), field('a'))],
    ['PUBREL', pubrel(0)],
    ['PUBACK', packet(0x40, int16(0))],
  ])('[MQTT-2.3.1-1] identifier 0 closes the connection: %s', async (_, said) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(said);
    expect(await peer.last()).toEqual([]);
  });

  it('[MQTT-2.3.1-5] QoS 0 has no identifier: what stands there belongs to the payload', async () => {
    const { listener, speaker } = await room();
    speaker.say(packet(0x30, field('a'), Buffer.from('\0\x07hi')));
    expect(await listener.next()).toBe('PUBLISH a \0\x07hi');
  });

  it('[MQTT-2.3.1-6] [MQTT-2.3.1-7] acknowledgements carry the identifier of what they acknowledge', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(
      subscribe(0xffff, ['a', 0]),
      publish('b', '', { qos: 1, id: 0xfffe }),
      publish('b', '', { qos: 2, id: 0x0100 }),
      pubrel(0x0100),
      packet(0xa2, int16(0x0203), field('a')),
    );
    expect(await peer.rest()).toEqual([
      'SUBACK 65535 [0]',
      'PUBACK 65534',
      'PUBREC 256',
      'PUBCOMP 256',
      'UNSUBACK 515',
    ]);
  });
});

describe('3.3 PUBLISH', () => {
  it('[MQTT-3.3.1-2] DUP at QoS 0 is against the rules and closes the connection', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(publish('a', 'b', { dup: true }));
    expect(await peer.last()).toEqual([]);
  });

  it('[MQTT-3.3.1-3] DUP is not passed on', async () => {
    const { listener, speaker } = await room();
    speaker.say(publish('a', 'b', { qos: 1, dup: true }));
    expect(await listener.next()).toBe('PUBLISH a b q1 #1');
  });

  it('[MQTT-3.3.1-4] QoS 3 closes the connection', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(publish('a', 'b', { qos: 3 }));
    expect(await peer.last()).toEqual([]);
  });

  it.each([
    ['#', 'a/#'],
    ['+', 'a/+/b'],
    ['+ in a level', 'a+b'],
  ])(
    '[MQTT-3.3.2-2] [MQTT-4.7.1-1] a wildcard in the topic name closes the connection: %s',
    async (_, topic) => {
      const { join } = await start();
      const peer = await join('a');
      peer.say(publish(topic, 'x'));
      expect(await peer.last()).toEqual([]);
    },
  );

  it.each<[string, Uint8Array]>([
    ['[MQTT-4.7.3-1] empty', publish('', 'x')],
    ['[MQTT-4.7.3-2] with U+0000', publish('a\0b', 'x')],
    ['[MQTT-1.5.3-1] with a surrogate', publish(Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'x')],
    ['[MQTT-3.3.2-1] missing', packet(0x30)],
    ['[MQTT-3.3.2-1] longer than the packet', packet(0x30, int16(10), Buffer.from('short'))],
    ['[MQTT-2.3.1-1] without the identifier behind it', packet(0x32, field('a'))],
  ])('a topic name that is %s closes the connection', async (_, said) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(said);
    expect(await peer.last()).toEqual([]);
  });

  it.each([
    [0, 'PINGRESP'],
    [1, 'PUBACK 5'],
    [2, 'PUBREC 5'],
  ])('[MQTT-3.3.4-1] of QoS %i is answered with %s', async (qos, answer) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(publish('a', 'b', { qos, id: 5 }), packet(0xc0));
    expect(await peer.next()).toBe(answer);
  });

  it('an empty payload is one', async () => {
    const { listener, speaker } = await room();
    speaker.say(publish('a', ''));
    expect(await listener.next()).toBe('PUBLISH a ');
  });
});

describe('3.3.1.3 RETAIN', () => {
  it.each([0, 1, 2])(
    '[MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-8] the last message at QoS %i is kept and sent to new subscribers, marked',
    async (qos) => {
      const started = await room();
      started.speaker.say(
        publish('a', '1', { qos, retain: true, id: 1 }),
        publish('a', '2', { qos, retain: true, id: 2 }),
      );
      await started.speaker.rest();
      expect(await retained(started)).toEqual([`PUBLISH a 2${qos ? ` q${qos} #1` : ''} retained`]);
    },
  );

  it('[MQTT-3.3.1-7] a message of QoS 0 takes the place of one of QoS 1', async () => {
    const started = await room();
    started.speaker.say(
      publish('a', 'old', { qos: 1, retain: true }),
      publish('a', 'new', { retain: true }),
    );
    await started.speaker.rest();
    expect(await retained(started)).toEqual(['PUBLISH a new retained']);
  });

  it('[MQTT-3.3.1-9] those who had subscribed before get it without the mark', async () => {
    const { listener, speaker } = await room();
    speaker.say(publish('a', '1', { retain: true }));
    expect(await listener.next()).toBe('PUBLISH a 1');
  });

  it('[MQTT-3.3.1-10] [MQTT-3.3.1-11] an empty payload is delivered, and what was kept is gone', async () => {
    const started = await room();
    started.speaker.say(publish('a', '1', { retain: true }), publish('a', '', { retain: true }));
    expect(await started.listener.take(2)).toEqual(['PUBLISH a 1', 'PUBLISH a ']);
    expect(await retained(started)).toEqual([]);
  });

  it('[MQTT-3.3.1-12] a message without RETAIN leaves what is kept as it is', async () => {
    const started = await room();
    started.speaker.say(
      publish('a', 'kept', { retain: true }),
      publish('a', 'passing'),
      publish('a', ''),
    );
    await started.speaker.rest();
    expect(await retained(started)).toEqual(['PUBLISH a kept retained']);
  });

  it('[MQTT-3.1.2-7] does not end with the session of who said it', async () => {
    const started = await room();
    started.speaker.say(publish('a', 'kept', { retain: true }));
    await started.speaker.rest();
    await started.speaker.drop();
    await started.join('speaker');
    expect(await retained(started)).toEqual(['PUBLISH a kept retained']);
  });

  it('[MQTT-3.8.4-6] is sent in the lower of both qualities of service', async () => {
    const started = await room();
    started.speaker.say(publish('a', 'x', { qos: 2, retain: true }), pubrel(1));
    await started.speaker.rest();
    expect(await retained(started, 'a', 1)).toEqual(['PUBLISH a x q1 #1 retained']);
    expect(await retained(started, 'a', 0)).toEqual(['PUBLISH a x retained']);
  });
});

describe('4.3 quality of service', () => {
  it('[MQTT-4.3.1-1] QoS 0 is sent once, without DUP', async () => {
    const { listener, speaker } = await room();
    speaker.say(publish('a', 'x'));
    expect(await listener.rest()).toEqual(['PUBLISH a x']);
  });

  it('[MQTT-4.3.2-1] QoS 1 is sent with an unused identifier, without DUP', async () => {
    const { listener, speaker } = await room();
    speaker.say(publish('a', '1', { qos: 1 }), publish('a', '2', { qos: 1 }));
    expect(await listener.take(2)).toEqual(['PUBLISH a 1 q1 #1', 'PUBLISH a 2 q1 #2']);
  });

  it('[MQTT-4.3.2-2] after PUBACK an identifier stands for a new message, whatever DUP says', async () => {
    const { listener, speaker } = await room();
    for (const dup of [false, false, true]) speaker.say(publish('a', 'x', { qos: 1, id: 5, dup }));
    expect(await speaker.rest()).toEqual(['PUBACK 5', 'PUBACK 5', 'PUBACK 5']);
    expect(await listener.rest()).toHaveLength(3);
  });

  it('[MQTT-4.3.3-1] QoS 2 to a subscriber: PUBLISH, PUBREL upon PUBREC, and no PUBLISH after that', async () => {
    const { listener, speaker } = await room();
    speaker.say(publish('a', 'x', { qos: 2 }));
    expect(await listener.next()).toBe('PUBLISH a x q2 #1');
    listener.say(pubrec(1));
    expect(await listener.next()).toBe('PUBREL 1');
    listener.say(pubrec(1), pubcomp(1));
    expect(await listener.rest()).toEqual(['PUBREL 1']);
  });

  it('[MQTT-4.3.3-2] QoS 2 from a client: delivered once, however often it comes before PUBREL', async () => {
    const { listener, speaker } = await room();
    const again = publish('a', 'x', { qos: 2, id: 5, dup: true });
    speaker.say(publish('a', 'x', { qos: 2, id: 5 }), again, again, pubrel(5), pubrel(5));
    expect(await speaker.rest()).toEqual([
      'PUBREC 5',
      'PUBREC 5',
      'PUBREC 5',
      'PUBCOMP 5',
      'PUBCOMP 5',
    ]);
    expect(await listener.rest()).toEqual(['PUBLISH a x q2 #1']);
    speaker.say(publish('a', 'y', { qos: 2, id: 5 }));
    expect(await speaker.rest()).toEqual(['PUBREC 5']);
    expect(await listener.rest()).toEqual(['PUBLISH a y q2 #2']);
  });

  it('[MQTT-4.3.3-2] also across connections of a kept session', async () => {
    const { listener, join } = await room();
    const first = await join('b', { clean: false });
    first.say(publish('a', 'x', { qos: 2, id: 5 }));
    expect(await first.next()).toBe('PUBREC 5');
    await first.drop();
    const second = await join('b', { clean: false });
    second.say(publish('a', 'x', { qos: 2, id: 5, dup: true }), pubrel(5));
    expect(await second.rest()).toEqual(['PUBREC 5', 'PUBCOMP 5']);
    expect(await listener.rest()).toEqual(['PUBLISH a x q2 #1']);
  });

  it('PUBREL for what is not known is answered with PUBCOMP', async () => {
    const { speaker } = await room();
    speaker.say(pubrel(99));
    expect(await speaker.next()).toBe('PUBCOMP 99');
  });

  it.each([
    [0, 0, 0],
    [0, 1, 0],
    [0, 2, 0],
    [1, 0, 0],
    [1, 1, 1],
    [1, 2, 1],
    [2, 0, 0],
    [2, 1, 1],
    [2, 2, 2],
  ])(
    '[MQTT-3.8.4-6] published at %i and subscribed at %i is delivered at %i',
    async (said, granted, got) => {
      const { join } = await start();
      const peer = await join('a');
      peer.say(subscribe(1, ['t', granted]), publish('t', 'x', { qos: said, id: 9 }));
      const delivered = (await peer.rest()).filter((line) => line.startsWith('PUBLISH'));
      expect(delivered).toEqual([`PUBLISH t x${got ? ` q${got} #1` : ''}`]);
    },
  );
});
