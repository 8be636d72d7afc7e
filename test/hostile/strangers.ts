/** What those may say who have not said CONNECT yet, or say it badly. */
import {
  connect,
  DISCONNECT,
  field,
  int16,
  PINGREQ,
  packet,
  publish,
  pubrel,
  subscribe,
} from '../support/packets.ts';
import { type Case, closes, refuses } from './verdict.ts';

const text = (said: string) => Buffer.from(said);
const bytes = (...said: number[]) => Buffer.from(said);
const LONG = 'x'.repeat(0xffff);
const LEVELS = Array.from({ length: 200 }, () => 'a').join('/');

/** A TLS 1.2 ClientHello, up to its random. */
const CLIENT_HELLO = Buffer.concat([
  bytes(0x16, 0x03, 0x01, 0x00, 0xa5, 0x01, 0x00, 0x00, 0xa1, 0x03, 0x03),
  Buffer.alloc(160, 0x5a),
]);

/** On a fresh connection. */
export const STRANGERS: Readonly<Record<string, Case>> = {
  'a TLS ClientHello': closes(CLIENT_HELLO),
  'an HTTP request': closes(text('GET / HTTP/1.1\r\nHost: broker\r\n\r\n')),
  'an HTTP/2 preface': closes(text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')),
  'a banner of SSH': closes(text('SSH-2.0-OpenSSH_9.6\r\n')),
  'a PROXY header': closes(text('PROXY TCP4 10.0.0.1 10.0.0.2 4711 1883\r\n')),
  zeros: closes(Buffer.alloc(1_000)),
  ones: closes(Buffer.alloc(1_000, 0xff)),
  'a packet of type 0 [MQTT-3.1.0-1]': closes(packet(0x00)),
  'a packet of type 15 [MQTT-3.1.0-1]': closes(packet(0xf0)),
  'PINGREQ first [MQTT-3.1.0-1]': closes(PINGREQ),
  'PUBLISH first [MQTT-3.1.0-1]': closes(publish('a', 'b')),
  'SUBSCRIBE first [MQTT-3.1.0-1]': closes(subscribe(1, ['#', 0])),
  'PUBREL first [MQTT-3.1.0-1]': closes(pubrel(1)),
  'DISCONNECT first [MQTT-3.1.0-1]': closes(DISCONNECT),
  'a CONNACK [MQTT-3.1.0-1]': closes(packet(0x20, 0, 0)),
  'a remaining length of five bytes [MQTT-2.2.3]': closes(
    bytes(0x10, 0x80, 0x80, 0x80, 0x80, 0x01),
  ),
  'a remaining length without end [MQTT-2.2.3]': closes(bytes(0x10, 0xff, 0xff, 0xff, 0xff)),
  'a CONNECT of 256 MiB, announced': closes(bytes(0x10, 0xff, 0xff, 0xff, 0x7f)),
  'a CONNECT of 2 MiB, announced and begun': closes(
    bytes(0x10, 0x80, 0x80, 0x80, 0x01),
    Buffer.alloc(70_000),
  ),
  'a CONNECT with reserved flags in its first byte [MQTT-2.2.2-2]': closes(
    bytes(0x1f),
    connect('a').subarray(1),
  ),
  'a CONNECT without a body': closes(packet(0x10)),
  'a CONNECT of another protocol [MQTT-3.1.2-1]': closes(connect('a', { protocol: 'AMQP' })),
  'a CONNECT of an endless protocol name': closes(connect('a', { protocol: LONG })),
  'a CONNECT with a broken protocol name [MQTT-1.5.3-1]': closes(
    connect('a', { protocol: bytes(0xff, 0xff) }),
  ),
  'a CONNECT of MQTT 5 [MQTT-3.1.2-2]': refuses(
    1,
    packet(0x10, field('MQTT'), 5, 2, int16(60), 0, field('a')),
  ),
  'a CONNECT of level 0 [MQTT-3.1.2-2]': refuses(1, connect('a', { level: 0 })),
  'a CONNECT of a bridge [MQTT-3.1.2-2]': refuses(1, connect('a', { level: 0x84 })),
  'a CONNECT with the reserved flag [MQTT-3.1.2-3]': closes(connect('a', { flags: 3 })),
  'a CONNECT with all flags [MQTT-3.1.2-3]': closes(connect('a', { flags: 0xff })),
  'a CONNECT that ends in its client id [MQTT-3.1.3-3]': closes(
    packet(0x10, field('MQTT'), 4, 2, int16(0), int16(99), text('short')),
  ),
  'a CONNECT with bytes after its end': closes(
    packet(0x10, field('MQTT'), 4, 2, int16(0), field('a'), Buffer.alloc(9)),
  ),
  'a CONNECT without the user name it announces [MQTT-3.1.2-19]': closes(
    connect('a', { flags: 0x82 }),
  ),
  'a CONNECT with a password alone [MQTT-3.1.2-22]': closes(connect('a', { password: 'p' })),
  'an empty client id with a session to keep [MQTT-3.1.3-8]': refuses(
    2,
    connect('', { clean: false }),
  ),
  'a client id of 64 KiB [MQTT-3.1.3-9]': refuses(2, connect(LONG)),
  'a client id with a wildcard [MQTT-3.1.3-9]': refuses(2, connect('a/+/b')),
  'a client id that selects all [MQTT-3.1.3-9]': refuses(2, connect('#')),
  'a client id with U+0000 [MQTT-1.5.3-2]': closes(connect('a\0b')),
  'a client id with a surrogate [MQTT-1.5.3-1]': closes(connect(bytes(0xed, 0xa0, 0x80))),
  'a client id that is no UTF-8 [MQTT-3.1.3-4]': closes(connect(bytes(0xc0, 0xaf))),
  'a user name that is no UTF-8 [MQTT-3.1.3-11]': closes(connect('a', { username: bytes(0xfe) })),
  'a will of QoS 3 [MQTT-3.1.2-14]': closes(connect('a', { will: { topic: 'w', qos: 3 } })),
  'a will that is none, with a QoS [MQTT-3.1.2-13]': closes(connect('a', { flags: 0x12 })),
  'a will with a wildcard in its topic [MQTT-4.7.1-1]': closes(
    connect('a', { will: { topic: 'w/#' } }),
  ),
  'a will with an empty topic [MQTT-4.7.3-1]': closes(connect('a', { will: { topic: '' } })),
  'a will with U+0000 in its topic [MQTT-1.5.3-2]': closes(
    connect('a', { will: { topic: 'w\0' } }),
  ),
  'a will with a broken topic [MQTT-3.1.3-10]': closes(
    connect('a', { will: { topic: bytes(0xff) } }),
  ),
  'a will with a topic of 200 levels': closes(
    connect('a', { will: { topic: LEVELS, retain: true } }),
  ),
  'a will with a topic of 64 KiB': closes(connect('a', { will: { topic: LONG, retain: true } })),
  'a will longer than its packet': closes(
    packet(0x10, field('MQTT'), 4, 6, int16(0), field('a'), field('w'), int16(999)),
  ),
};
