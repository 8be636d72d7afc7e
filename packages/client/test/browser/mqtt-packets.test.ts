/** The packets of the browser's MQTT, against the codec of MQTT.js. */
import { N2OError } from '@n2o/shared';
import mqttPacket, { type Packet as Theirs } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { type Packet, PacketReader } from '../../src/browser/mqtt/read.ts';
import * as write from '../../src/browser/mqtt/write.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function theirs(packet: Uint8Array): Theirs {
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  const packets: Theirs[] = [];
  parser.on('packet', (one) => packets.push(one));
  parser.parse(Buffer.from(packet));
  expect(packets).toHaveLength(1);
  return packets[0] as Theirs;
}

describe('what is written', () => {
  const plain = { id: 'c', clean: true, keepalive: 60, username: undefined, password: undefined };

  it.each([
    ['nothing but an id', { ...plain, will: undefined }, { clean: true }],
    ['a kept session', { ...plain, clean: false, will: undefined }, { clean: false }],
    [
      'a name and a password',
      { ...plain, username: 'ü', password: 'p', will: undefined },
      { username: 'ü', password: Buffer.from('p') },
    ],
    [
      'a will',
      { ...plain, will: { topic: 't', payload: bytes('gone'), qos: 1, retain: true } as const },
      { will: { topic: 't', payload: Buffer.from('gone'), qos: 1, retain: true } },
    ],
  ])('is a CONNECT with %s', (_, connect, expected) => {
    const common = { cmd: 'connect', clientId: 'c', keepalive: 60, protocolVersion: 4 };
    expect(theirs(write.connect(connect))).toMatchObject({ ...common, ...expected });
  });

  it.each([0, 1, 127, 128, 16_383, 16_384, 70_000])('is a PUBLISH with %d bytes', (length) => {
    const payload = new Uint8Array(length).fill(7);
    const packet = write.publish({ topic: 'a/ü', payload, qos: 1, retain: true }, 258, true);
    expect(theirs(packet)).toMatchObject({
      cmd: 'publish',
      topic: 'a/ü',
      payload: Buffer.from(payload),
      qos: 1,
      retain: true,
      dup: true,
      messageId: 258,
    });
  });

  it('has neither identifier nor DUP with QoS 0', () => {
    const packet = write.publish(
      { topic: 't', payload: bytes('x'), qos: 0, retain: false },
      9,
      true,
    );
    expect(theirs(packet)).toMatchObject({ qos: 0, dup: false, payload: Buffer.from('x') });
  });

  it('is SUBSCRIBE, UNSUBSCRIBE, each acknowledgement, PINGREQ and DISCONNECT', () => {
    const filters = new Map([
      ['a/+', 1],
      ['b/#', 2],
    ] as const);
    expect(theirs(write.subscribe(filters, 3))).toMatchObject({
      cmd: 'subscribe',
      messageId: 3,
      subscriptions: [
        { topic: 'a/+', qos: 1 },
        { topic: 'b/#', qos: 2 },
      ],
    });
    const unsubscribe = { cmd: 'unsubscribe', messageId: 4, unsubscriptions: ['a/+'] };
    expect(theirs(write.unsubscribe(['a/+'], 4))).toMatchObject(unsubscribe);
    for (const cmd of ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const) {
      expect(theirs(write.acknowledge(cmd, 65_535))).toMatchObject({ cmd, messageId: 65_535 });
    }
    for (const cmd of ['pingreq', 'disconnect'] as const) {
      expect(theirs(write.bare(cmd))).toMatchObject({ cmd });
    }
  });
});

describe('what is read', () => {
  const publish = { cmd: 'publish', topic: 'a/ü', payload: 'hello', retain: false } as const;
  const sent: readonly Theirs[] = [
    { cmd: 'connack', returnCode: 0, sessionPresent: true },
    { cmd: 'suback', messageId: 1, granted: [1, 128] },
    { ...publish, qos: 0, dup: false },
    { ...publish, qos: 1, dup: true, messageId: 2 },
    { ...publish, payload: Buffer.alloc(200), qos: 2, dup: false, messageId: 3 },
    { cmd: 'puback', messageId: 4 },
    { cmd: 'pubrec', messageId: 5 },
    { cmd: 'pubrel', messageId: 6 },
    { cmd: 'pubcomp', messageId: 7 },
    { cmd: 'unsuback', messageId: 8, granted: [] },
    { cmd: 'pingresp' },
  ];
  const arrival = { topic: 'a/ü', retain: false };
  const payload = bytes('hello');
  const expected: readonly Packet[] = [
    { kind: 'connack', code: 0, isResumed: true },
    { kind: 'suback', id: 1, granted: [1, 128] },
    { kind: 'publish', arrival: { ...arrival, payload, qos: 0, dup: false, id: 0 } },
    { kind: 'publish', arrival: { ...arrival, payload, qos: 1, dup: true, id: 2 } },
    {
      kind: 'publish',
      arrival: { ...arrival, payload: new Uint8Array(200), qos: 2, dup: false, id: 3 },
    },
    { kind: 'puback', id: 4 },
    { kind: 'pubrec', id: 5 },
    { kind: 'pubrel', id: 6 },
    { kind: 'pubcomp', id: 7 },
    { kind: 'unsuback', id: 8 },
    { kind: 'pingresp' },
  ];
  const stream = new Uint8Array(Buffer.concat(sent.map((packet) => mqttPacket.generate(packet))));

  it.each([1, 2, 3, 7, 100, stream.length])('is the same in pieces of %d bytes', (size) => {
    const reader = new PacketReader();
    const packets: Packet[] = [];
    for (let at = 0; at < stream.length; at += size) {
      packets.push(...reader.push(stream.slice(at, at + size)));
    }
    expect(packets).toEqual(expected);
  });

  it.each([
    ['a packet of no type', [0x00, 0]],
    ['a packet of a client', [0x10, 0]],
    ['a length without end', [0x30, 0xff, 0xff, 0xff, 0xff]],
    ['a QoS of 3', [0x36, 2, 0, 0]],
    ['a topic that does not end', [0x30, 2, 0, 9]],
    ['a PUBACK without identifier', [0x40, 1, 0]],
  ])('is no %s', (_, packet) => {
    const read = () => new PacketReader().push(Uint8Array.from(packet));
    expect(read).toThrow(N2OError);
    expect(read).toThrow(expect.objectContaining({ code: 'N2O_LINK_PACKET' }));
  });

  it('is no packet beyond the limit, which need not arrive to be refused', () => {
    const reader = new PacketReader(100);
    expect(() => reader.push(Uint8Array.of(0x30, 101))).toThrow('100 bytes');
  });
});
