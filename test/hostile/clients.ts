/** What clients may say that have connected properly, and then behave badly. */
import { expect } from 'vitest';
import {
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
import { answers, type Case, closes, closesAtLast, ignores } from './verdict.ts';

/** The client id that these cases connect with. */
export const CLIENT = 'mallory';
/** The bounds that some of them go beyond. */
export const LIMITS = { unreleased: 64, subscriptions: 100, retained: 200 };

const bytes = (...said: number[]) => Buffer.from(said);
const levels = (count: number, level = 'a') => Array.from({ length: count }, () => level).join('/');
const LONG = 'x'.repeat(0xffff);
const many = <T>(count: number, make: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));
const frame = (module: string, code: string) =>
  expect.stringMatching(new RegExp(`^PUBLISH actions/1/${module}/${CLIENT} .*${code}`, 's'));

const BROKEN: Readonly<Record<string, Uint8Array>> = {
  'a byte that never occurs': bytes(0x61, 0xff),
  'a surrogate': bytes(0x61, 0xed, 0xbf, 0xbf),
  'an overlong form': bytes(0xe0, 0x80, 0xaf),
  'U+0000': bytes(0x61, 0x00),
  'a character cut short': bytes(0xf0, 0x9f, 0x9a),
};

/** Wrong flags for each type that has fixed ones. */
const FLAGS: Readonly<Record<string, Uint8Array>> = {
  PUBACK: packet(0x4f, int16(1)),
  PUBREC: packet(0x52, int16(1)),
  PUBREL: packet(0x60, int16(1)),
  PUBCOMP: packet(0x71, int16(1)),
  SUBSCRIBE: packet(0x8a, int16(1), field('a'), 0),
  UNSUBSCRIBE: packet(0xa0, int16(1), field('a')),
  PINGREQ: packet(0xc8),
  DISCONNECT: packet(0xe1),
};

function each(
  rows: Readonly<Record<string, Uint8Array>>,
  name: (key: string) => string,
  make: (said: Uint8Array) => Case,
) {
  return Object.fromEntries(Object.entries(rows).map(([key, said]) => [name(key), make(said)]));
}

/** On a connection that was accepted. */
export const CLIENTS: Readonly<Record<string, Case>> = {
  'a second CONNECT [MQTT-3.1.0-2]': closes(connect(CLIENT)),
  'a second CONNECT, as another client [MQTT-3.1.0-2]': closes(connect('witness')),
  'a packet of type 0': closes(packet(0x00)),
  'a packet of type 15': closes(packet(0xf0)),
  'CONNACK, as if it were the server': closes(packet(0x20, 0, 0)),
  'SUBACK, as if it were the server': closes(packet(0x90, int16(1), 0)),
  'UNSUBACK, as if it were the server': closes(packet(0xb0, int16(1))),
  'PINGRESP, as if it were the server': closes(packet(0xd0)),
  ...each(FLAGS, (type) => `wrong flags of ${type} [MQTT-2.2.2-2]`, closes),

  'QoS 3 [MQTT-3.3.1-4]': closes(publish('a', 'b', { qos: 3 })),
  'DUP at QoS 0 [MQTT-3.3.1-2]': closes(publish('a', 'b', { dup: true })),
  'PUBLISH without a body': closes(packet(0x30)),
  'PUBLISH with half a length': closes(packet(0x30, 0)),
  'PUBLISH whose topic is longer than itself': closes(packet(0x30, int16(500), bytes(97))),
  'PUBLISH without its identifier': closes(packet(0x32, field('a'))),
  'PUBLISH with half an identifier': closes(packet(0x34, field('a'), 1)),
  'PUBLISH with identifier 0 [MQTT-2.3.1-1]': closes(publish('a', 'b', { qos: 1, id: 0 })),
  'an event with identifier 0 [MQTT-2.3.1-1]': closes(
    publish(`events/1//echo/${CLIENT}`, 'x', { qos: 2, id: 0 }),
  ),
  'an empty topic [MQTT-4.7.3-1]': closes(publish('', 'b')),
  'a topic with # [MQTT-3.3.2-2]': closes(publish('a/#', 'b')),
  'a topic with + [MQTT-3.3.2-2]': closes(publish('+', 'b')),
  'an event to all modules [MQTT-3.3.2-2]': closes(publish(`events/1//+/${CLIENT}`, 'b')),
  'a topic of 200 levels': closes(publish(levels(200), 'b')),
  'an events topic of 200 levels': closes(publish(`events/${levels(200)}`, 'b')),
  'a topic of 200 empty levels': closes(publish('/'.repeat(199), 'b')),
  'a topic of 64 KiB': closes(publish(LONG, 'b')),
  'an events topic of 64 KiB': closes(publish(`events/1//echo/${LONG.slice(20)}`, 'b')),
  ...each(
    BROKEN,
    (what) => `a topic with ${what} [MQTT-1.5.3]`,
    (topic) => closes(publish(topic, 'b')),
  ),

  'an announced PUBLISH of 256 MiB': closes(bytes(0x30, 0xff, 0xff, 0xff, 0x7f)),
  'an announced PUBLISH one byte beyond the bound': closes(bytes(0x30, 0xfd, 0xff, 0x3f)),
  'an announced SUBSCRIBE of 256 MiB': closes(bytes(0x82, 0xff, 0xff, 0xff, 0x7f)),
  'a remaining length of five bytes [MQTT-2.2.3]': closes(
    bytes(0x30, 0xff, 0xff, 0xff, 0xff, 0x01),
  ),

  'an event in the name of another client': answers(
    [frame('echo', 'N2O_EVENT_FOREIGN')],
    publish('events/1//echo/witness', 'x'),
  ),
  'an event in the name of __proto__': answers(
    [frame('echo', 'N2O_EVENT_FOREIGN')],
    publish('events/1//echo/__proto__', 'x'),
  ),
  'an event in seven levels in the name of another': answers(
    [frame('echo', 'N2O_EVENT_FOREIGN')],
    publish(`events/1//echo/${CLIENT}/witness/${CLIENT}`, 'x'),
  ),
  'an event of six levels': answers(
    [frame('index', 'N2O_EVENT_TOPIC')],
    publish(`events/1//echo/a/${CLIENT}`, 'x'),
  ),
  'an event of two levels, at QoS 1': answers(
    [frame('index', 'N2O_EVENT_TOPIC'), 'PUBACK 5'],
    publish('events/1', 'x', { qos: 1, id: 5 }),
  ),
  'an event whose levels are names that objects inherit': answers(
    [`PUBLISH actions/constructor/__proto__/${CLIENT} x`],
    publish(`events/constructor/toString/__proto__/${CLIENT}`, 'x'),
  ),
  'an action for another client': answers(
    [frame('index', 'N2O_TOPIC_FORBIDDEN')],
    publish('actions/1/echo/witness', 'forged'),
  ),
  'a retained action for another client': answers(
    [frame('index', 'N2O_TOPIC_FORBIDDEN')],
    publish('actions/1/echo/witness', 'forged', { retain: true }),
  ),
  'a dead letter': answers(
    [frame('index', 'N2O_TOPIC_FORBIDDEN')],
    publish('dead/echo/witness', 'forged'),
  ),
  'a message of the system': answers(
    [frame('index', 'N2O_TOPIC_FORBIDDEN')],
    publish('$SYS/broker/clients', 'x'),
  ),

  'SUBSCRIBE with identifier 0 [MQTT-2.3.1-1]': closes(subscribe(0, ['a', 0])),
  'SUBSCRIBE without a filter [MQTT-3.8.3-3]': closes(packet(0x82, int16(1))),
  'SUBSCRIBE without a QoS [MQTT-3.8.3-3]': closes(packet(0x82, int16(1), field('a'))),
  'SUBSCRIBE with QoS 3 [MQTT-3-8.3-4]': closes(subscribe(1, ['a', 3])),
  'SUBSCRIBE with reserved bits [MQTT-3-8.3-4]': closes(subscribe(1, ['a', 0xfc])),
  'SUBSCRIBE with an empty filter [MQTT-4.7.3-1]': closes(subscribe(1, ['', 0])),
  'SUBSCRIBE with # in a level [MQTT-4.7.1-2]': closes(subscribe(1, ['a/b#', 0])),
  'SUBSCRIBE with # before the end [MQTT-4.7.1-2]': closes(subscribe(1, ['#/a', 0])),
  'SUBSCRIBE with + in a level [MQTT-4.7.1-3]': closes(subscribe(1, ['a/+b', 0])),
  'SUBSCRIBE whose filter is longer than itself': closes(
    packet(0x82, int16(1), int16(500), bytes(97, 0)),
  ),
  ...each(
    BROKEN,
    (what) => `SUBSCRIBE with ${what} [MQTT-1.5.3]`,
    (filter) => closes(packet(0x82, int16(1), field(filter), 0)),
  ),
  'SUBSCRIBE to events': answers(
    ['SUBACK 1 [128,128]'],
    subscribe(1, ['events/#', 0], ['events/1//echo/witness', 1]),
  ),
  'SUBSCRIBE with a filter of 200 levels': answers(
    ['SUBACK 1 [128]'],
    subscribe(1, [levels(200, '+'), 0]),
  ),
  'SUBSCRIBE with a filter of 64 KiB': answers(['SUBACK 1 [128]'], subscribe(1, [LONG, 0])),
  'SUBSCRIBE with thousands of filters': answers(
    [`SUBACK 1 ${JSON.stringify(many(5_000, (i) => (i < LIMITS.subscriptions ? 0 : 128)))}`],
    subscribe(1, ...many(5_000, (i) => [`f/${i}/+/#`, 0] as const)),
  ),
  'SUBSCRIBE to names that objects inherit': answers(
    ['SUBACK 1 [0,0,0]'],
    subscribe(1, ['__proto__', 0], ['constructor/#', 0], ['toString', 0]),
  ),
  'UNSUBSCRIBE with identifier 0 [MQTT-2.3.1-1]': closes(unsubscribe(0, 'a')),
  'UNSUBSCRIBE without a filter [MQTT-3.10.3-2]': closes(packet(0xa2, int16(1))),
  'UNSUBSCRIBE whose filter is longer than itself': closes(packet(0xa2, int16(1), int16(500))),
  'UNSUBSCRIBE from thousands of filters [MQTT-3.10.4-5]': answers(
    ['UNSUBACK 1'],
    unsubscribe(1, ...many(5_000, (i) => `f/${i}`)),
  ),

  'acknowledgements of what was never sent': answers(
    ['PUBREL 3'],
    puback(1),
    pubcomp(2),
    pubrec(3),
  ),
  'PUBREL for what never came': answers(['PUBCOMP 9'], pubrel(9)),
  'PUBACK with identifier 0': closes(puback(0)),
  'PUBACK without a body': closes(packet(0x40)),
  'PUBREC of three bytes': closes(packet(0x50, 1, 1, 1)),
  'PUBREL of one byte': closes(packet(0x62, 1)),
  'more QoS 2 messages without PUBREL than there may be': closesAtLast(
    ...many(LIMITS.unreleased + 1, (i) => publish('a', 'b', { qos: 2, id: i + 1 })),
  ),
  'more QoS 2 events without PUBREL than there may be': closesAtLast(
    ...many(LIMITS.unreleased + 1, (i) =>
      publish(`events/1//echo/${CLIENT}`, 'b', { qos: 2, id: i + 1 }),
    ),
  ),
  'the same QoS 2 message a thousand times': answers(
    many(1_000, () => 'PUBREC 7'),
    ...many(1_000, (i) => publish('a', 'b', { qos: 2, id: 7, dup: i > 0 })),
  ),

  'PINGREQ with a body': closes(packet(0xc0, 1, 2, 3)),
  'DISCONNECT with a body': closes(packet(0xe0, 1)),
  'garbage after DISCONNECT': closes(DISCONNECT, Buffer.alloc(10_000, 0xa5)),
  'a packet in two halves with another one between': closes(
    publish('a', 'bcd').subarray(0, 4),
    PINGREQ,
    publish('a', 'b'),
  ),
  'an empty message': ignores(publish('a', '')),
  'more retained messages than there may be': ignores(
    ...many(LIMITS.retained * 5, (i) => publish(`flood/${i}`, 'x', { retain: true })),
  ),
};
