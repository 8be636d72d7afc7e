/** MQTT control packets as bytes, right or wrong, just as a test writes them. */

/** Bytes, or a byte as a number. */
export type Part = Uint8Array | number;

export type QoS = 0 | 1 | 2;

/** Two bytes, the upper one first. */
export function int16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** A string with its length in front, or any bytes in its place. */
export function field(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

/** The remaining length of a packet [MQTT-2.2.3]. */
export function remaining(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** A whole packet: first byte, remaining length, body. */
export function packet(header: number, ...body: readonly Part[]): Buffer {
  const bytes = bytesOf(body);
  return Buffer.concat([Buffer.of(header), remaining(bytes.length), bytes]);
}

/** Bytes one behind the other. */
export function bytesOf(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)));
}

/** What a will says, and how. */
export interface Will {
  readonly topic: string | Uint8Array;
  readonly payload?: string | Uint8Array;
  readonly qos?: number;
  readonly retain?: boolean;
}

/** What a CONNECT says; what is left out is as an ordinary client of MQTT 3.1.1 has it. */
export interface ConnectOptions {
  readonly clean?: boolean;
  /** Seconds. */
  readonly keepalive?: number;
  readonly will?: Will;
  readonly username?: string | Uint8Array;
  readonly password?: string | Uint8Array;
  readonly protocol?: string | Uint8Array;
  readonly level?: number;
  /** In place of the flags that follow from the rest. */
  readonly flags?: number;
}

export function connect(client: string | Uint8Array, options: ConnectOptions = {}): Buffer {
  const { clean = true, keepalive = 0, will, username, password } = options;
  const flags =
    (clean ? 0x02 : 0) |
    (will ? 0x04 | ((will.qos ?? 0) << 3) | (will.retain ? 0x20 : 0) : 0) |
    (password === undefined ? 0 : 0x40) |
    (username === undefined ? 0 : 0x80);
  return packet(
    0x10,
    field(options.protocol ?? 'MQTT'),
    options.level ?? 4,
    options.flags ?? flags,
    int16(keepalive),
    field(client),
    ...(will ? [field(will.topic), field(will.payload ?? '')] : []),
    ...(username === undefined ? [] : [field(username)]),
    ...(password === undefined ? [] : [field(password)]),
  );
}

/** How a PUBLISH is sent. */
export interface PublishOptions {
  readonly qos?: number;
  readonly id?: number;
  readonly dup?: boolean;
  readonly retain?: boolean;
}

export function publish(
  topic: string | Uint8Array,
  payload: string | Uint8Array = '',
  { qos = 0, id = 1, dup = false, retain = false }: PublishOptions = {},
): Buffer {
  const header = 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
  return packet(header, field(topic), ...(qos > 0 ? [int16(id)] : []), Buffer.from(payload));
}

export function subscribe(id: number, ...filters: readonly (readonly [string, number])[]): Buffer {
  return packet(0x82, int16(id), ...filters.flatMap(([filter, qos]) => [field(filter), qos]));
}

export function unsubscribe(id: number, ...filters: readonly string[]): Buffer {
  return packet(0xa2, int16(id), ...filters.map(field));
}

export const puback = (id: number): Buffer => packet(0x40, int16(id));
export const pubrec = (id: number): Buffer => packet(0x50, int16(id));
export const pubrel = (id: number): Buffer => packet(0x62, int16(id));
export const pubcomp = (id: number): Buffer => packet(0x70, int16(id));
export const PINGREQ: Buffer = packet(0xc0);
export const DISCONNECT: Buffer = packet(0xe0);
