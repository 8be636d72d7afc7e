/** Writes control packets into a buffer that has room for them. */
import { CONNACK, PUBLISH, type QoS, SUBACK } from './packet.ts';

/** A whole CONNACK [MQTT-3.2]. */
export function connack(code: number, sessionPresent: boolean): Buffer {
  return Buffer.from([CONNACK << 4, 2, sessionPresent ? 1 : 0, code]);
}

/** A whole SUBACK [MQTT-3.9]. */
export function suback(id: number, codes: readonly number[]): Buffer {
  const body = 2 + codes.length;
  const packet = Buffer.allocUnsafe(1 + lengthBytes(body) + body);
  packet[0] = SUBACK << 4;
  let at = writeLength(packet, 1, body);
  packet[at++] = id >> 8;
  packet[at++] = id & 0xff;
  for (const code of codes) packet[at++] = code;
  return packet;
}

/** The bytes of a packet that holds nothing but an identifier: PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK. */
export const IDENTIFIER_SIZE = 4;

/** Writes such a packet; PUBREL has flags 2 [MQTT-3.6.1-1]. */
export function writeIdentifier(to: Buffer, at: number, header: number, id: number): void {
  to[at] = header;
  to[at + 1] = 2;
  to[at + 2] = id >> 8;
  to[at + 3] = id & 0xff;
}

/** How many bytes a PUBLISH takes up to its payload. */
export function publishHeaderSize(topic: Uint8Array, payload: number, qos: QoS): number {
  const body = 2 + topic.length + (qos > 0 ? 2 : 0) + payload;
  return 1 + lengthBytes(body) + body - payload;
}

/** Writes a PUBLISH up to its payload; returns where the payload goes [MQTT-3.3]. */
export function writePublishHeader(
  to: Buffer,
  at: number,
  topic: Uint8Array,
  payload: number,
  flags: number,
  id: number,
): number {
  const qos = flags & 6;
  const length = topic.length;
  to[at] = (PUBLISH << 4) | flags;
  let next = writeLength(to, at + 1, 2 + length + (qos ? 2 : 0) + payload);
  to[next++] = length >> 8;
  to[next++] = length & 0xff;
  // A loop beats a native copy for topics of usual length.
  if (length < 64) for (let i = 0; i < length; i++) to[next + i] = topic[i] as number;
  else to.set(topic, next);
  next += length;
  if (qos) {
    to[next++] = id >> 8;
    to[next++] = id & 0xff;
  }
  return next;
}

function lengthBytes(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x200000 ? 3 : 4;
}

function writeLength(to: Buffer, at: number, length: number): number {
  let next = at;
  let rest = length;
  while (rest > 0x7f) {
    to[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  to[next++] = rest;
  return next;
}
