/** Reads the bodies of control packets; what the specification calls malformed is refused with a code. */
import { isUtf8 } from 'node:buffer';
import { isTopicName, N2OError } from '@n2o/shared';
import type { ConnectPacket, Publication, QoS, Subscription } from './packet.ts';

/** Reads fields one after the other, never beyond the end. */
class Fields {
  readonly #buffer: Buffer;
  readonly #end: number;
  #at: number;

  constructor(buffer: Buffer, start: number, end: number) {
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    if (this.left < 1) throw malformed('the packet ends too early');
    return this.#buffer[this.#at++] as number;
  }

  int16(): number {
    return (this.byte() << 8) | this.byte();
  }

  bytes(): Buffer {
    const length = this.int16();
    if (length > this.left) throw malformed('a field is longer than its packet');
    this.#at += length;
    return this.#buffer.subarray(this.#at - length, this.#at);
  }

  text(): string {
    const bytes = this.bytes();
    return text(bytes, 0, bytes.length);
  }
}

/** Reads UTF-8 strictly: well formed [MQTT-1.5.3-1], no U+0000 [MQTT-1.5.3-2], a BOM kept [MQTT-1.5.3-3]. */
export function text(buffer: Buffer, start: number, end: number): string {
  const bytes = buffer.subarray(start, end);
  if (!isUtf8(bytes) || bytes.includes(0)) throw new N2OError('N2O_PACKET_TEXT');
  return bytes.toString('utf8');
}

/** Reads the body of a CONNECT. The client id and the version are judged by the caller. */
export function decodeConnect(buffer: Buffer, start: number, end: number): ConnectPacket {
  const fields = new Fields(buffer, start, end);
  const protocol = fields.text();
  if (protocol !== 'MQTT' && protocol !== 'MQIsdp') throw refused('unknown protocol name'); // [MQTT-3.1.2-1]
  // A bridge of Mosquitto sets the upper bit of the level: not offered here, so an unknown level.
  const level = fields.byte();
  const version = protocol === 'MQTT' ? (level === 3 ? 0 : level) : level === 3 ? 3 : 0;
  if (version !== 3 && version !== 4) {
    return { ...UNSUPPORTED, version };
  }
  const flags = fields.byte();
  if (flags & 0x01) throw refused('the reserved flag is set'); // [MQTT-3.1.2-3]
  const willQos = (flags >> 3) & 3;
  const hasWill = (flags & 0x04) !== 0;
  if (willQos === 3) throw refused('the will has QoS 3'); // [MQTT-3.1.2-14]
  if (!hasWill && flags & 0x38) throw refused('flags of a will without a will'); // [MQTT-3.1.2-13]
  if ((flags & 0xc0) === 0x40) throw refused('a password without a user name'); // [MQTT-3.1.2-22]
  const keepalive = fields.int16();
  const client = fields.text();
  let will: Publication | undefined;
  if (hasWill) {
    const topic = fields.text();
    if (!isTopicName(topic)) throw refused('the topic of the will is not a topic name');
    const payload = Buffer.from(fields.bytes());
    will = { topic, payload, qos: willQos as QoS, retain: (flags & 0x20) !== 0 };
  }
  // In MQTT 3.1 the flags may promise what is not there: the length of the packet takes precedence.
  const has = (flag: number) => (flags & flag) !== 0 && (version === 4 || fields.left > 0);
  const username = has(0x80) ? fields.text() : undefined;
  const password = has(0x40) ? Buffer.from(fields.bytes()) : undefined;
  if (fields.left > 0) throw malformed('bytes after the last field');
  return { version, clean: (flags & 0x02) !== 0, keepalive, client, will, username, password };
}

const UNSUPPORTED: ConnectPacket = {
  version: 0,
  clean: true,
  keepalive: 0,
  client: '',
  will: undefined,
  username: undefined,
  password: undefined,
};

/** Reads a packet that holds nothing but a packet identifier, which is never 0 [MQTT-2.3.1-1]. */
export function decodeIdentifier(buffer: Buffer, start: number, end: number): number {
  if (end - start !== 2) throw malformed('the packet has a wrong length');
  return identifier(new Fields(buffer, start, end));
}

/** Reads a SUBSCRIBE: its packet identifier and at least one filter [MQTT-3.8.3-3]. */
export function decodeSubscribe(
  buffer: Buffer,
  start: number,
  end: number,
): { id: number; subscriptions: Subscription[] } {
  const fields = new Fields(buffer, start, end);
  const id = identifier(fields);
  const subscriptions: Subscription[] = [];
  while (fields.left > 0) {
    const filter = fields.text();
    const qos = fields.byte();
    if (qos > 2) throw malformed('the requested QoS is not 0, 1 or 2'); // [MQTT-3-8.3-4]
    subscriptions.push({ filter, qos: qos as QoS });
  }
  if (subscriptions.length === 0) throw malformed('no topic filter');
  return { id, subscriptions };
}

/** Reads an UNSUBSCRIBE: its packet identifier and at least one filter [MQTT-3.10.3-2]. */
export function decodeUnsubscribe(
  buffer: Buffer,
  start: number,
  end: number,
): { id: number; filters: string[] } {
  const fields = new Fields(buffer, start, end);
  const id = identifier(fields);
  const filters: string[] = [];
  while (fields.left > 0) filters.push(fields.text());
  if (filters.length === 0) throw malformed('no topic filter');
  return { id, filters };
}

function identifier(fields: Fields): number {
  const id = fields.int16();
  if (id === 0) throw malformed('the packet identifier is 0');
  return id;
}

function malformed(detail: string): N2OError {
  return new N2OError('N2O_PACKET_MALFORMED', detail);
}

function refused(detail: string): N2OError {
  return new N2OError('N2O_PACKET_CONNECT', detail);
}
