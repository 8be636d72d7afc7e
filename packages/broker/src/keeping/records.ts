/** How deliveries, sessions and messages stand in the store: the one place that writes and reads them. */
import { type Delivery, deliveryOf } from '../session/delivery.ts';
import type { Publication, QoS } from '../wire/packet.ts';

/** Groups of the store. */
export const SESSIONS = 'sessions';
export const RETAINED = 'retained';
export const WILLS = 'wills';
/** Client → highest number of its queue that was sent, or is about to be. */
export const SENT = 'sent';
/** QoS 2 messages whose PUBREC was sent. */
export const RECEIPTS = 'receipts';

/** The group of what waits for a client. */
export function queueOf(client: string): string {
  return `queue/${client}`;
}

/** All numbers get as many digits, so that they have the order of their text. */
const OFFSET = 1e15;

/** The field of a number of a queue. */
export function fieldOf(number: number): string {
  return String(OFFSET + number);
}

export function numberOf(field: string): number {
  return Number(field) - OFFSET;
}

/** The field of a packet identifier of a client. */
export function receiptOf(client: string, id: number): string {
  return `${id} ${client}`;
}

export function readReceipt(field: string): { client: string; id: number } {
  const space = field.indexOf(' ');
  return { id: Number(field.slice(0, space)), client: field.slice(space + 1) };
}

/*
 * A message: flags (1 byte: QoS, RETAIN, RELEASED), seconds since 1970 when it was kept (4 bytes),
 * length of the topic (2 bytes), topic, payload.
 */
const RETAIN = 4;
/** The client has it, only PUBREL and PUBCOMP are left: there is no topic and no payload any more. */
const RELEASED = 8;
const HEAD = 7;

/** @param now seconds since 1970 */
export function writeDelivery(delivery: Delivery, now: number): Uint8Array {
  const { topic, payload, qos, retain, received } = delivery;
  if (received) return head(qos | RELEASED, now, 0, 0);
  const bytes = head(qos | (retain ? RETAIN : 0), now, topic.length, payload.length);
  bytes.set(topic, HEAD);
  bytes.set(payload, HEAD + topic.length);
  return bytes;
}

/** Bytes that a delivery takes in the store. */
export function storedSize({ topic, payload }: Delivery): number {
  return HEAD + topic.length + payload.length;
}

/** A delivery and when it was kept; `undefined` when the bytes are none. */
export function readDelivery(bytes: Uint8Array): { delivery: Delivery; since: number } | undefined {
  if (bytes.length < HEAD) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint8(0);
  const start = HEAD + view.getUint16(5);
  if (start > bytes.length) return undefined;
  const topic = bytes.subarray(HEAD, start);
  const payload = bytes.subarray(start);
  const delivery = deliveryOf(
    topic,
    payload,
    (flags & 3) as QoS,
    (flags & RETAIN) !== 0,
    undefined,
  );
  delivery.received = (flags & RELEASED) !== 0;
  return { delivery, since: view.getUint32(1) };
}

/** A retained message or a will. */
export function writePublication({ topic, payload, qos, retain }: Publication, now: number) {
  return writeDelivery(deliveryOf(Buffer.from(topic), payload, qos, retain, undefined), now);
}

export function readPublication(bytes: Uint8Array): Publication | undefined {
  const read = readDelivery(bytes);
  if (!read) return undefined;
  const { topic, payload, qos, retain } = read.delivery;
  return { topic: Buffer.from(topic).toString(), payload, qos, retain };
}

/** What is kept of a session beside its queue. */
export interface SessionRecord {
  readonly subscriptions: readonly (readonly [filter: string, qos: QoS])[];
  /** Milliseconds since 1970 when its client left; 0 while it is there. */
  readonly left: number;
}

export function writeSession(record: SessionRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

/** `undefined` when the bytes are no session. */
export function readSession(bytes: Uint8Array): SessionRecord | undefined {
  try {
    const record = JSON.parse(Buffer.from(bytes).toString()) as Partial<SessionRecord>;
    if (!Array.isArray(record.subscriptions) || typeof record.left !== 'number') return undefined;
    return { subscriptions: record.subscriptions, left: record.left };
  } catch {
    return undefined;
  }
}

function head(flags: number, now: number, topic: number, payload: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(HEAD + topic + payload);
  bytes.writeUInt8(flags, 0);
  bytes.writeUInt32BE(now, 1);
  bytes.writeUInt16BE(topic, 5);
  return bytes;
}

/** The group of events of a vnode that were acknowledged when they were stored. */
export function eventsOf(vnode: number): string {
  return `taken/${vnode}`;
}

/** An event that was stored. */
export interface StoredEvent {
  readonly client: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
}

/** Length of the client id (2 bytes), client id, then as a message. */
export function writeEvent({ client, topic, payload, qos }: StoredEvent, now: number): Uint8Array {
  const id = Buffer.from(client);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(id.length);
  return Buffer.concat([size, id, writePublication({ topic, payload, qos, retain: false }, now)]);
}

export function readEvent(bytes: Uint8Array): StoredEvent | undefined {
  if (bytes.length < 2) return undefined;
  const start = 2 + (((bytes[0] as number) << 8) | (bytes[1] as number));
  const message = readPublication(bytes.subarray(start));
  if (!message) return undefined;
  const client = Buffer.from(bytes.subarray(2, start)).toString();
  return { client, topic: message.topic, payload: message.payload, qos: message.qos };
}
