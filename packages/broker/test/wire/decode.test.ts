import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  connect,
  field,
  int16,
  type Part,
  subscribe,
  unsubscribe,
} from '../../../../test/support/packets.ts';
import {
  decodeConnect,
  decodeIdentifier,
  decodeSubscribe,
  decodeUnsubscribe,
  text,
} from '../../src/wire/decode.ts';
import { FrameReader } from '../../src/wire/frame.ts';

type Decode<T> = (buffer: Buffer, start: number, end: number) => T;

/** Decodes the body of a whole packet; what lies around it in the buffer must not matter. */
function decode<T>(how: Decode<T>, whole: Buffer): T {
  const reader = new FrameReader(1 << 20);
  reader.push(Buffer.concat([whole, Buffer.alloc(32, 0xff)]));
  expect(reader.next()).toBe(true);
  return how(reader.buffer, reader.start, reader.end);
}

/** Decodes a body given as parts, inside a larger buffer. */
function decodeBody<T>(how: Decode<T>, ...parts: readonly Part[]): T {
  const body = bytesOf(parts);
  return how(Buffer.concat([Buffer.alloc(3), body, Buffer.alloc(99)]), 3, 3 + body.length);
}

const coded = (code: string) => expect.objectContaining({ code });

describe('CONNECT', () => {
  it('is read with all that it says', () => {
    const will = { topic: 'gone/dev1', payload: Buffer.from([0, 1, 255]), qos: 2, retain: true };
    const said = connect('dev1', {
      clean: false,
      keepalive: 300,
      will,
      username: 'u',
      password: 'p',
    });
    expect(decode(decodeConnect, said)).toEqual({
      version: 4,
      clean: false,
      keepalive: 300,
      client: 'dev1',
      will,
      username: 'u',
      password: Buffer.from('p'),
    });
  });

  it('is read with nothing but a client id', () => {
    expect(decode(decodeConnect, connect(''))).toEqual({
      version: 4,
      clean: true,
      keepalive: 0,
      client: '',
      will: undefined,
      username: undefined,
      password: undefined,
    });
  });

  it('is read as another implementation writes it', () => {
    const words = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((s) => !/[+#\0]/.test(s));
    const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const will = fc.record({
      topic: words,
      payload: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
      qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
      retain: fc.boolean(),
    });
    const password = fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes));
    const user = fc.record({ username: words, password: option(password) });
    fc.assert(
      fc.property(
        words,
        fc.boolean(),
        fc.nat(0xffff),
        option(will),
        option(user),
        (clientId, clean, keepalive, w, u) => {
          const whole = generate({
            cmd: 'connect',
            clientId,
            clean,
            keepalive,
            ...(w && { will: w }),
            ...(u && { username: u.username }),
            ...(u?.password && { password: u.password }),
          });
          expect(decode(decodeConnect, whole)).toEqual({
            version: 4,
            clean,
            keepalive,
            client: clientId,
            will: w,
            username: u?.username,
            password: u?.password,
          });
        },
      ),
    );
  });

  it('keeps a byte order mark [MQTT-1.5.3-3]', () => {
    expect(decode(decodeConnect, connect('\uFEFFdev')).client).toBe('\uFEFFdev');
  });

  it('of MQTT 3.1 is read as such', () => {
    expect(decode(decodeConnect, connect('a', { protocol: 'MQIsdp', level: 3 })).version).toBe(3);
  });

  it('of MQTT 3.1 may promise a user name and a password that it does not have', () => {
    const old = { protocol: 'MQIsdp', level: 3, flags: 0xc2 };
    const { username, password } = decode(decodeConnect, connect('a', old));
    expect([username, password]).toEqual([undefined, undefined]);
    expect(decode(decodeConnect, connect('a', { ...old, username: 'u' })).username).toBe('u');
    expect(() => decode(decodeConnect, connect('a', { flags: 0xc2 }))).toThrow();
  });

  it.each([
    ['MQTT', 0],
    ['MQTT', 3],
    ['MQTT', 5],
    ['MQTT', 0x84],
    ['MQTT', 255],
    ['MQIsdp', 4],
    ['MQIsdp', 0x83],
  ])('%s of level %i has no version that is spoken here [MQTT-3.1.2-2]', (protocol, level) => {
    const { version } = decode(decodeConnect, connect('a', { protocol, level }));
    expect([3, 4]).not.toContain(version);
  });

  it('of a level that is not spoken here is not read any further', () => {
    const { version } = decodeBody(decodeConnect, field('MQTT'), 5, 0xff);
    expect([3, 4]).not.toContain(version);
  });

  const bad = Buffer.from([0xff, 0xfe]);
  const start = [field('MQTT'), 4] as const;
  it.each<[name: string, code: string, ...Part[]]>([
    [
      'another protocol name [MQTT-3.1.2-1]',
      'N2O_PACKET_CONNECT',
      field('MQTS'),
      4,
      2,
      int16(0),
      field('a'),
    ],
    [
      'a protocol name in small letters',
      'N2O_PACKET_CONNECT',
      field('mqtt'),
      4,
      2,
      int16(0),
      field('a'),
    ],
    ['an empty protocol name', 'N2O_PACKET_CONNECT', field(''), 4, 2, int16(0), field('a')],
    ['the reserved flag [MQTT-3.1.2-3]', 'N2O_PACKET_CONNECT', ...start, 3, int16(0), field('a')],
    [
      'a will of QoS 3 [MQTT-3.1.2-14]',
      'N2O_PACKET_CONNECT',
      ...start,
      0x1e,
      int16(0),
      field('a'),
      field('t'),
      field(''),
    ],
    [
      'QoS of a will without a will [MQTT-3.1.2-13]',
      'N2O_PACKET_CONNECT',
      ...start,
      0x0a,
      int16(0),
      field('a'),
    ],
    [
      'retain of a will without a will [MQTT-3.1.2-15]',
      'N2O_PACKET_CONNECT',
      ...start,
      0x22,
      int16(0),
      field('a'),
    ],
    [
      'a password without a user name [MQTT-3.1.2-22]',
      'N2O_PACKET_CONNECT',
      ...start,
      0x42,
      int16(0),
      field('a'),
      field('p'),
    ],
    [
      'a wildcard in the topic of the will',
      'N2O_PACKET_CONNECT',
      ...start,
      6,
      int16(0),
      field('a'),
      field('a/+'),
      field(''),
    ],
    [
      'an empty topic of the will',
      'N2O_PACKET_CONNECT',
      ...start,
      6,
      int16(0),
      field('a'),
      field(''),
      field(''),
    ],
    [
      'a client id that is no UTF-8 [MQTT-3.1.3-4]',
      'N2O_PACKET_TEXT',
      ...start,
      2,
      int16(0),
      field(bad),
    ],
    [
      'a topic of the will that is no UTF-8 [MQTT-3.1.3-10]',
      'N2O_PACKET_TEXT',
      ...start,
      6,
      int16(0),
      field('a'),
      field(bad),
      field(''),
    ],
    [
      'a user name that is no UTF-8 [MQTT-3.1.3-11]',
      'N2O_PACKET_TEXT',
      ...start,
      0x82,
      int16(0),
      field('a'),
      field(bad),
    ],
    ['no client id [MQTT-3.1.3-3]', 'N2O_PACKET_MALFORMED', ...start, 2, int16(0)],
    ['half a keep-alive', 'N2O_PACKET_MALFORMED', ...start, 2, 0],
    ['no flags', 'N2O_PACKET_MALFORMED', ...start],
    ['no body', 'N2O_PACKET_MALFORMED'],
    [
      'a client id longer than the packet',
      'N2O_PACKET_MALFORMED',
      ...start,
      2,
      int16(0),
      int16(9),
      Buffer.from('short'),
    ],
    [
      'no payload of the will [MQTT-3.1.2-9]',
      'N2O_PACKET_MALFORMED',
      ...start,
      6,
      int16(0),
      field('a'),
      field('t'),
    ],
    ['no user name [MQTT-3.1.2-19]', 'N2O_PACKET_MALFORMED', ...start, 0x82, int16(0), field('a')],
    [
      'no password [MQTT-3.1.2-21]',
      'N2O_PACKET_MALFORMED',
      ...start,
      0xc2,
      int16(0),
      field('a'),
      field('u'),
    ],
    [
      'a user name that the flags do not name [MQTT-3.1.2-18]',
      'N2O_PACKET_MALFORMED',
      ...start,
      2,
      int16(0),
      field('a'),
      field('u'),
    ],
    [
      'a password that the flags do not name [MQTT-3.1.2-20]',
      'N2O_PACKET_MALFORMED',
      ...start,
      0x82,
      int16(0),
      field('a'),
      field('u'),
      field('p'),
    ],
    ['bytes after the end', 'N2O_PACKET_MALFORMED', ...start, 2, int16(0), field('a'), 0],
  ])('with %s is refused', (_, code, ...body) => {
    expect(() => decodeBody(decodeConnect, ...body)).toThrow(coded(code));
  });

  it('that is cut short anywhere is refused', () => {
    const whole = connect('dev1', {
      will: { topic: 't', payload: 'w' },
      username: 'u',
      password: 'p',
    });
    for (let end = 2; end < whole.length; end++) {
      // Up to the protocol name, a cut may also make the name a wrong one.
      expect(() => decodeConnect(whole, 2, end)).toThrow(coded('N2O_PACKET_MALFORMED'));
    }
  });
});

describe('a packet identifier', () => {
  it('is read', () => {
    expect(decodeBody(decodeIdentifier, int16(0xfffe))).toBe(0xfffe);
    expect(decodeBody(decodeIdentifier, int16(1))).toBe(1);
  });

  it.each<[string, ...Part[]]>([
    ['0 [MQTT-2.3.1-1]', int16(0)],
    ['missing', Buffer.alloc(0)],
    ['one byte long', 1],
    ['three bytes long', 1, 1, 1],
  ])('that is %s is refused', (_, ...body) => {
    expect(() => decodeBody(decodeIdentifier, ...body)).toThrow(coded('N2O_PACKET_MALFORMED'));
  });
});

describe('SUBSCRIBE', () => {
  it('is read with its filters in order', () => {
    const said = subscribe(7, ['a/+', 0], ['#', 2], ['a/+', 1]);
    expect(decode(decodeSubscribe, said)).toEqual({
      id: 7,
      subscriptions: [
        { filter: 'a/+', qos: 0 },
        { filter: '#', qos: 2 },
        { filter: 'a/+', qos: 1 },
      ],
    });
  });

  it.each<[name: string, code: string, ...Part[]]>([
    ['no identifier', 'N2O_PACKET_MALFORMED'],
    ['identifier 0 [MQTT-2.3.1-1]', 'N2O_PACKET_MALFORMED', int16(0), field('a'), 0],
    ['no filter [MQTT-3.8.3-3]', 'N2O_PACKET_MALFORMED', int16(1)],
    ['QoS 3 [MQTT-3-8.3-4]', 'N2O_PACKET_MALFORMED', int16(1), field('a'), 3],
    ['reserved bits in the QoS [MQTT-3-8.3-4]', 'N2O_PACKET_MALFORMED', int16(1), field('a'), 0x41],
    ['no QoS', 'N2O_PACKET_MALFORMED', int16(1), field('a')],
    ['a good filter and a half one', 'N2O_PACKET_MALFORMED', int16(1), field('a'), 0, int16(5), 97],
    [
      'a filter that is no UTF-8 [MQTT-3.8.3-1]',
      'N2O_PACKET_TEXT',
      int16(1),
      field(Buffer.of(0xc0, 0x80)),
      0,
    ],
    ['U+0000 in a filter [MQTT-4.7.3-2]', 'N2O_PACKET_TEXT', int16(1), field('a\0b'), 0],
  ])('with %s is refused', (_, code, ...body) => {
    expect(() => decodeBody(decodeSubscribe, ...body)).toThrow(coded(code));
  });
});

describe('UNSUBSCRIBE', () => {
  it('is read with its filters in order', () => {
    expect(decode(decodeUnsubscribe, unsubscribe(7, 'a/+', '#'))).toEqual({
      id: 7,
      filters: ['a/+', '#'],
    });
  });

  it.each<[name: string, code: string, ...Part[]]>([
    ['no identifier', 'N2O_PACKET_MALFORMED'],
    ['identifier 0 [MQTT-2.3.1-1]', 'N2O_PACKET_MALFORMED', int16(0), field('a')],
    ['no filter [MQTT-3.10.3-2]', 'N2O_PACKET_MALFORMED', int16(1)],
    ['half a filter', 'N2O_PACKET_MALFORMED', int16(1), int16(5), 97],
    [
      'a filter that is no UTF-8 [MQTT-3.10.3-1]',
      'N2O_PACKET_TEXT',
      int16(1),
      field(Buffer.of(0xff)),
    ],
  ])('with %s is refused', (_, code, ...body) => {
    expect(() => decodeBody(decodeUnsubscribe, ...body)).toThrow(coded(code));
  });
});

describe('a string', () => {
  it('of any characters is read as it was written [MQTT-4.7.3-4]', () => {
    const strings = fc.string({ unit: 'binary' }).filter((s) => !s.includes('\0'));
    fc.assert(
      fc.property(strings, (said) => {
        const bytes = Buffer.from(said);
        expect(text(bytes, 0, bytes.length)).toBe(said);
      }),
    );
  });

  it.each([
    ['a surrogate [MQTT-1.5.3-1]', [0xed, 0xa0, 0x80]],
    ['a pair of surrogates [MQTT-1.5.3-1]', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['an overlong form [MQTT-1.5.3-1]', [0xc0, 0xaf]],
    ['an overlong U+0000 [MQTT-1.5.3-1]', [0xc0, 0x80]],
    ['a lone continuation byte [MQTT-1.5.3-1]', [0x80]],
    ['a character cut short [MQTT-1.5.3-1]', [0x61, 0xe2, 0x82]],
    ['a character beyond U+10FFFF [MQTT-1.5.3-1]', [0xf4, 0x90, 0x80, 0x80]],
    ['U+0000 [MQTT-1.5.3-2]', [0x61, 0x00, 0x62]],
  ])('with %s is refused', (_, bytes) => {
    expect(() => text(Buffer.from(bytes), 0, bytes.length)).toThrow(coded('N2O_PACKET_TEXT'));
  });
});
