import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  connect,
  DISCONNECT,
  field,
  int16,
  PINGREQ,
  packet,
  puback,
  pubcomp,
  publish,
  pubrec,
  pubrel,
  subscribe,
  unsubscribe,
} from '../support/packets.ts';
import { stages } from './stage.ts';
import { heard, listen, pair, tell } from './talk.ts';

/** Bytes that are no text, and why. */
const BROKEN: Readonly<Record<string, readonly number[]>> = {
  '[MQTT-1.5.3-1] a surrogate': [0x61, 0xed, 0xa0, 0x80],
  '[MQTT-1.5.3-1] an overlong form': [0xc0, 0xaf],
  '[MQTT-1.5.3-1] beyond U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
  '[MQTT-1.5.3-1] a character cut short': [0x61, 0xe2, 0x82],
  '[MQTT-1.5.3-1] a stray continuation': [0x80, 0x61],
  '[MQTT-1.5.3-2] [MQTT-4.7.3-2] U+0000': [0x61, 0x00, 0x62],
};

/** Where text stands in packets of clients. */
const PLACES: Readonly<Record<string, (text: Uint8Array) => Uint8Array>> = {
  'a topic name [MQTT-3.3.2-1]': (text) => publish(text, 'x'),
  'a filter to subscribe [MQTT-3.8.3-1]': (text) => packet(0x82, int16(1), field(text), 0),
  'a filter to unsubscribe [MQTT-3.10.3-1]': (text) => packet(0xa2, int16(1), field(text)),
};

/** Each kind of packet of a client but PUBLISH with its right flags changed. */
const FLAGS: Readonly<Record<string, readonly Uint8Array[]>> = {
  PUBACK: [packet(0x41, int16(1)), packet(0x48, int16(1))],
  PUBREC: [packet(0x52, int16(1))],
  'PUBREL [MQTT-3.6.1-1]': [0x60, 0x61, 0x63, 0x66, 0x6a].map((first) => packet(first, int16(1))),
  PUBCOMP: [packet(0x74, int16(1))],
  'SUBSCRIBE [MQTT-3.8.1-1]': [0x80, 0x81, 0x83, 0x86, 0x8a].map((first) =>
    packet(first, int16(1), field('a'), 0),
  ),
  'UNSUBSCRIBE [MQTT-3.10.1-1]': [0xa0, 0xa1, 0xa3, 0xaa].map((first) =>
    packet(first, int16(1), field('a')),
  ),
  PINGREQ: [packet(0xc1), packet(0xc2)],
  'DISCONNECT [MQTT-3.14.1-1]': [packet(0xe1), packet(0xe8)],
};

const KiB = 1024;

describe.each(stages())('the form of packets, on $name', ({ start }) => {
  describe.each(Object.entries(BROKEN))('%s closes the connection', (_, bytes) => {
    it.each(Object.entries(PLACES))('in %s', async (_place, make) => {
      const { join } = await start();
      const peer = await join('a');
      peer.say(make(Uint8Array.from(bytes)));
      expect(await peer.last()).toEqual([]);
    });
  });

  it('[MQTT-1.5.3-3] U+FEFF stays where it stands, and counts', async () => {
    const { listener, speaker } = await pair(await start(), ['a', 0], ['\uFEFFb', 0]);
    await tell(speaker, ['\uFEFFa', '1'], ['b', '2'], ['\uFEFFb', '3'], ['a', '4']);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH \uFEFFb 3', 'PUBLISH a 4']);
  });

  it('[MQTT-2.2.2-1] what the broker sends has the flags of the table', async () => {
    const { open } = await start();
    const peer = await open();
    const first: number[] = [];
    peer.socket.on('data', (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; at += 2 + (chunk[at + 1] as number))
        first.push(chunk[at] as number);
    });
    const turns: readonly Uint8Array[] = [
      connect('a'),
      subscribe(1, ['a', 2]),
      publish('b', '', { qos: 1, id: 1 }),
      publish('b', '', { qos: 2, id: 1 }),
      pubrel(1),
      publish('a', '', { qos: 0 }),
      pubrec(1),
      unsubscribe(1, 'a'),
      PINGREQ,
    ];
    for (const said of turns) {
      peer.say(said);
      await peer.next();
    }
    expect(first).toEqual([0x20, 0x90, 0x40, 0x50, 0x70, 0x30, 0x62, 0xb0, 0xd0]);
  });

  it.each(Object.entries(FLAGS))(
    '[MQTT-2.2.2-2] wrong flags of %s close the connection',
    async (_, wrong) => {
      const { join } = await start();
      for (const said of wrong) {
        const peer = await join('a');
        peer.say(said);
        expect(await peer.last()).toEqual([]);
      }
    },
  );

  it('[MQTT-2.2.2-2] wrong flags of CONNECT close the connection', async () => {
    const { open } = await start();
    const peer = await open();
    peer.say(packet(0x12, connect('a').subarray(2)));
    expect(await peer.last()).toEqual([]);
  });

  it('2.2.3 the remaining length is read and written right around each of its steps', async () => {
    const limits = { packetSize: 4 * KiB * KiB, outputBytes: 16 * KiB * KiB };
    const { listener, speaker } = await pair(await start({ limits }), ['t', 1]);
    // The body of PUBLISH at QoS 1 to a topic of one letter is five bytes longer than its payload.
    for (const length of [127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
      const payload = Buffer.alloc(length - 5, '.');
      speaker.say(publish('t', payload, { qos: 1, id: 9 }));
      expect(await speaker.next()).toBe('PUBACK 9');
      const arrived = await listener.nextPacket();
      expect(arrived).toMatchObject({ cmd: 'publish', length });
      listener.say(puback(Number(arrived.messageId)));
    }
  });

  it('2.2.3 a remaining length of more than four bytes closes the connection', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]));
    expect(await peer.last()).toEqual([]);
  });

  it('4.2 packets are understood wherever the stream of bytes is cut', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t/#', 0]);
    const said = bytesOf([
      publish('t/1', 'one'),
      publish('t/2', 'x'.repeat(200)),
      PINGREQ,
      publish('t/3', '', { qos: 1, id: 3 }),
    ]);
    for (const byte of said) speaker.say(Buffer.of(byte));
    expect(await speaker.take(2)).toEqual(['PINGRESP', 'PUBACK 3']);
    expect(await heard(listener, speaker)).toEqual([
      'PUBLISH t/1 one',
      `PUBLISH t/2 ${'x'.repeat(200)}`,
      'PUBLISH t/3 ',
    ]);
  });

  it.each<[string, Uint8Array]>([
    ['PUBLISH at QoS 1', publish('a', 'b', { qos: 1, id: 0 })],
    ['PUBLISH at QoS 2', publish('a', 'b', { qos: 2, id: 0 })],
    ['PUBLISH without one', packet(0x32, field('a'))],
    ['SUBSCRIBE', subscribe(0, ['a', 0])],
    ['UNSUBSCRIBE', unsubscribe(0, 'a')],
    ['PUBREL', pubrel(0)],
  ])('[MQTT-2.3.1-1] a packet identifier of 0 closes the connection: %s', async (_, said) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(said);
    expect(await peer.last()).toEqual([]);
  });

  it.each([
    ['clean', true],
    ['kept', false],
  ])(
    '[MQTT-2.3.1-4] no two messages in flight have one identifier, however many pass, in a session that is %s',
    async (_, clean) => {
      const stage = await start();
      const speaker = await stage.join('speaker');
      const listener = await stage.join('listener', { clean });
      await listen(listener, ['t', 2]);
      await tell(speaker, ['t', 'held', { qos: 1 }], ['t', 'half', { qos: 2 }]);
      const held = [await listener.nextPacket(), await listener.nextPacket()].map((got) =>
        Number(got.messageId),
      );
      listener.say(pubrec(held[1] as number));
      expect(await listener.next()).toBe(`PUBREL ${held[1]}`);
      const BATCH = 600;
      const batch = Array.from({ length: BATCH }, () => ['t', '.', { qos: 1 }] as const);
      const inFlight = new Set(held);
      // Once round all identifiers, and a little further.
      for (let count = 0; count < 0x10000 + BATCH; count += BATCH) {
        const before = inFlight.size;
        const told = tell(speaker, ...batch);
        const ids = Array.from({ length: BATCH }, () => 0);
        for (const i of ids.keys()) ids[i] = Number((await listener.nextPacket()).messageId);
        expect(new Set([...inFlight, ...ids]).size).toBe(before + BATCH);
        listener.say(...ids.map(puback));
        await told;
        // A session that is kept may wait for what it sent so long ago, before it goes round.
        if (!clean && count > 0xf000 && inFlight.size > 0) {
          listener.say(puback(held[0] as number), pubcomp(held[1] as number));
          inFlight.clear();
        }
      }
      listener.say(puback(held[0] as number), pubcomp(held[1] as number));
      expect(await heard(listener, speaker)).toEqual([]);
    },
  );

  it('[MQTT-2.3.1-5] QoS 0 has no identifier, coming and going', async () => {
    const { listener, speaker } = await pair(await start(), ['a', 2]);
    const bytes: Buffer[] = [];
    listener.socket.on('data', (chunk: Buffer) => bytes.push(chunk));
    const said = packet(0x30, field('a'), Buffer.from('\0\x07hi'));
    speaker.say(said);
    expect(await listener.next()).toBe('PUBLISH a \0\x07hi');
    expect(Buffer.concat(bytes)).toEqual(said);
  });

  it('[MQTT-2.3.1-6] [MQTT-2.3.1-7] acknowledgements have the identifier of what they answer', async () => {
    const { join } = await start();
    const peer = await join('a');
    const turns: readonly (readonly [Uint8Array, string])[] = [
      [subscribe(0xffff, ['a', 0]), 'SUBACK 65535 [0]'],
      [publish('b', '', { qos: 1, id: 0xfffe }), 'PUBACK 65534'],
      [publish('b', '', { qos: 2, id: 0x0100 }), 'PUBREC 256'],
      [pubrel(0x0100), 'PUBCOMP 256'],
      [unsubscribe(0x0203, 'a'), 'UNSUBACK 515'],
    ];
    for (const [said, answer] of turns) {
      peer.say(said);
      expect(await peer.next()).toBe(answer);
    }
  });

  it.each<[string, Uint8Array]>([
    ['type 0', packet(0x00)],
    ['type 15', packet(0xf0)],
    ['CONNACK', packet(0x20, 0, 0)],
    ['SUBACK', packet(0x90, int16(1), 0)],
    ['UNSUBACK', packet(0xb0, int16(1))],
    ['PINGRESP', packet(0xd0)],
    ['PINGREQ with a body', packet(0xc0, 0)],
    ['DISCONNECT with a body', packet(0xe0, 0)],
    ['PUBACK of three bytes', packet(0x40, int16(1), 0)],
    ['PUBREL of one byte', packet(0x62, 1)],
    ['PUBLISH that ends in its topic', packet(0x30, int16(9), Buffer.from('short'))],
  ])('[MQTT-4.8.0-1] what no client may say closes the connection: %s', async (_, said) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(said);
    expect(await peer.last()).toEqual([]);
  });

  it('[MQTT-4.8.0-1] closes the one connection, and nobody is any worse for it', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 1]);
    speaker.say(publish('t', 'before', { qos: 1 }), packet(0xf0), publish('t', 'after'));
    await speaker.closed;
    listener.say(PINGREQ);
    const lines = [await listener.next(), await listener.next()];
    expect(lines.sort()).toEqual(['PINGRESP', expect.stringMatching(/^PUBLISH t before q1 #\d+$/)]);
  });

  it('3.12 [MQTT-3.12.4-1] PINGREQ is answered with PINGRESP', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(PINGREQ, PINGREQ, DISCONNECT);
    expect(await peer.last()).toEqual(['PINGRESP', 'PINGRESP']);
  });
});
