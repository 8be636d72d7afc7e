/** MQTT 3.1.1 packets as bytes, as a client writes them. */
import type { Publication } from '../../outbox.ts';
import type { Will } from '../../settings.ts';

/** Packet types, in the upper half of the first byte [MQTT-2.2.1]. */
export const PACKET = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const;

/** What CONNECT says. */
export interface Connect {
  readonly id: string;
  readonly clean: boolean;
  /** Seconds; 0 for none. */
  readonly keepalive: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly will: Will | undefined;
}

/** CONNECT [MQTT-3.1]. */
export function connect({ id, clean, keepalive, username, password, will }: Connect): Uint8Array {
  // A password without a user name is not allowed [MQTT-3.1.2-22].
  const user = username ?? (password === undefined ? undefined : '');
  const flags =
    (clean ? 2 : 0) |
    (will ? 4 | (will.qos << 3) | (will.retain ? 32 : 0) : 0) |
    (password === undefined ? 0 : 64) |
    (user === undefined ? 0 : 128);
  return packet(
    PACKET.connect << 4,
    text('MQTT'),
    Uint8Array.of(4, flags),
    uint16(keepalive),
    text(id),
    ...(will ? [text(will.topic), sized(will.payload)] : []),
    ...(user === undefined ? [] : [text(user)]),
    ...(password === undefined ? [] : [text(password)]),
  );
}

/** PUBLISH [MQTT-3.3]. */
export function publish(publication: Publication, id: number, dup: boolean): Uint8Array {
  const { topic, payload, qos, retain } = publication;
  // What was never sent with an identifier cannot be a repetition [MQTT-3.3.1-2].
  const flags = (dup && qos > 0 ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  const number = qos > 0 ? [uint16(id)] : [];
  return packet((PACKET.publish << 4) | flags, text(topic), ...number, payload);
}

/** SUBSCRIBE [MQTT-3.8]. */
export function subscribe(filters: ReadonlyMap<string, 0 | 1 | 2>, id: number): Uint8Array {
  const wanted = [...filters].flatMap(([filter, qos]) => [text(filter), Uint8Array.of(qos)]);
  return packet((PACKET.subscribe << 4) | 2, uint16(id), ...wanted);
}

/** UNSUBSCRIBE [MQTT-3.10]. */
export function unsubscribe(filters: readonly string[], id: number): Uint8Array {
  return packet((PACKET.unsubscribe << 4) | 2, uint16(id), ...filters.map(text));
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP [MQTT-3.4]. */
export function acknowledge(
  name: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp',
  id: number,
): Uint8Array {
  // PUBREL has a flag that says nothing [MQTT-3.6.1-1].
  return packet((PACKET[name] << 4) | (name === 'pubrel' ? 2 : 0), uint16(id));
}

/** PINGREQ or DISCONNECT. */
export function bare(name: 'pingreq' | 'disconnect'): Uint8Array {
  return packet(PACKET[name] << 4);
}

function packet(first: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [first];
  // Seven bits a byte, the lowest first [MQTT-2.2.3].
  let rest = length;
  do {
    head.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function text(value: string): Uint8Array {
  return sized(new TextEncoder().encode(value));
}

function sized(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(2 + bytes.length);
  whole.set(uint16(bytes.length));
  whole.set(bytes, 2);
  return whole;
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 255);
}
