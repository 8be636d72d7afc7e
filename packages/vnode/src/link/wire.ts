/** The two packets that every event costs, PUBLISH and PUBACK, read and written without a detour over objects. */
import { N2OError } from '@n2o/shared';
import type { Frames } from './frames.ts';

/** Packet types: the upper half of the first byte [MQTT-2.2.1]. */
export const PUBLISH = 3;
export const PUBACK = 4;

/** Quality of service of what a host sends and gets. */
export type QoS = 0 | 1;

/** A PUBLISH as it came: where its parts lie in `buffer`; one object serves all packets of a line. */
export class Publish {
  buffer: Buffer = Buffer.alloc(0);
  topicStart = 0;
  topicEnd = 0;
  payloadStart = 0;
  end = 0;
  qos: QoS = 0;
  dup = false;
  retain = false;
  /** Packet identifier; 0 with QoS 0. */
  id = 0;
  /** It was over the limit: the payload is not whole. */
  truncated = false;

  /** Reads the packet at which `frames` points. @throws N2O_LINK_PACKET */
  read(frames: Frames): void {
    const { buffer, header, body, end } = frames;
    const qos = (header >> 1) & 3;
    const topicStart = body + 2;
    const topicEnd = topicStart + (end >= topicStart ? buffer.readUInt16BE(body) : 0);
    const payloadStart = topicEnd + (qos > 0 ? 2 : 0);
    // Nobody is sent a QoS that he has not subscribed with [MQTT-3.8.4-6].
    if (qos > 1 || end < topicStart || payloadStart > end) {
      throw new N2OError('N2O_LINK_PACKET', 'a PUBLISH is not well formed');
    }
    this.buffer = buffer;
    this.topicStart = topicStart;
    this.topicEnd = topicEnd;
    this.payloadStart = payloadStart;
    this.end = end;
    this.qos = qos as QoS;
    this.dup = (header & 8) !== 0;
    this.retain = (header & 1) !== 0;
    this.id = qos > 0 ? buffer.readUInt16BE(topicEnd) : 0;
    this.truncated = frames.truncated;
  }

  get topic(): string {
    return this.buffer.toString('utf8', this.topicStart, this.topicEnd);
  }

  /** A view, which may be kept. */
  get payload(): Buffer {
    return this.buffer.subarray(this.payloadStart, this.end);
  }
}

/** The bytes of a PUBACK. */
export const PUBACK_SIZE = 4;

/** Writes a PUBACK. */
export function writePuback(to: Buffer, at: number, id: number): void {
  to[at] = PUBACK << 4;
  to[at + 1] = 2;
  to[at + 2] = id >> 8;
  to[at + 3] = id & 0xff;
}

/** How many bytes a PUBLISH takes up to its payload. */
export function publishHeadSize(topic: Uint8Array, payload: number, qos: QoS): number {
  const head = 2 + topic.length + (qos > 0 ? 2 : 0);
  const body = head + payload;
  const length = body < 0x80 ? 1 : body < 0x4000 ? 2 : body < 0x200000 ? 3 : 4;
  return 1 + length + head;
}

/** Writes a PUBLISH up to its payload of so many bytes; returns where that goes [MQTT-3.3]. */
export function writePublishHead(
  to: Buffer,
  at: number,
  topic: Uint8Array,
  payload: number,
  qos: QoS,
  id: number,
): number {
  let next = at;
  to[next++] = (PUBLISH << 4) | (qos << 1);
  let rest = 2 + topic.length + (qos > 0 ? 2 : 0) + payload;
  for (; rest > 0x7f; rest >>>= 7) to[next++] = (rest & 0x7f) | 0x80;
  to[next++] = rest;
  to[next++] = topic.length >> 8;
  to[next++] = topic.length & 0xff;
  to.set(topic, next);
  next += topic.length;
  if (qos > 0) {
    to[next++] = id >> 8;
    to[next++] = id & 0xff;
  }
  return next;
}
