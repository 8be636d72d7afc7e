/** The grammar of what main thread and worker say to each other: records packed one behind the other. */
import { httpTopic, type Outcome, parseHttp, type Route } from '@n2o/shared';

/**
 * A record: kind (1 byte), flags (1 byte), two free bytes, number (4 bytes), size (4 bytes), then
 * `size` bytes. All the records of one turn of the event loop travel in one buffer that is
 * transferred, not copied.
 */
export const HEAD = 12;

/** Main → worker: a route under a number; flags: none; bytes: the route as JSON. */
export const ROUTE = 1;
/** Main → worker: the route of this number will not be used again. */
export const FORGET = 2;
/** Main → worker: an event; number: its slot; bytes: the number of its route (4 bytes), its payload. */
export const EVENT = 3;
/** Worker → main: the event of a slot is settled; flags: the outcome; bytes: what goes with it. */
export const SETTLED = 4;
/** Worker → main: the same, once its effect is kept, which stands before what goes with it. */
export const KEPT = 5;
/** Main → worker: an event whose route is nobody else's; number: its slot; bytes: the size of the topic that says its route (4 bytes), the topic, its payload. */
export const GUEST = 6;
/** Worker → main: bytes: what it asks of the store. */
export const ASKED = 7;
/** Main → worker: bytes: what the store answers. */
export const TOLD = 8;

/** Outcomes by their number on the wire. */
export const OUTCOMES: readonly Outcome[] = ['reply', 'silent', 'unknown', 'dead', 'lost'];

/** Flags of an event: QoS in the lowest two bits, then this one. */
export const DUP = 4;

const FIRST_SIZE = 4 * 1024;

/** From this size on a pack does not wait for the turn's end: larger ones cost more than they save. */
const FULL_SIZE = 256 * 1024;
/**
 * Nor from so many requests of HTTP on, or answers to them: the other thread begins with them, and both
 * work at the same time. Smaller packs cost more than that brings.
 */
const WORTH_REQUESTS = 8;

/** Packs records until they are taken. */
export class Packer {
  #bytes = memory(FIRST_SIZE);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  /** Requests of HTTP, or answers to them. */
  #requests = 0;
  /** The size that the last packs had, so that a busy thread does not grow its buffer each turn. */
  #usual = FIRST_SIZE;

  get size(): number {
    return this.#at;
  }

  /** Whether it should leave before the turn's end. */
  get isFull(): boolean {
    return this.#requests >= WORTH_REQUESTS || this.#at >= FULL_SIZE;
  }

  /** Writes a record's head; returns where its `size` bytes go. */
  head(kind: number, flags: number, number: number, size: number): number {
    const at = this.#room(HEAD + size);
    const view = this.#view;
    view.setUint8(at, kind);
    view.setUint8(at + 1, flags);
    view.setUint32(at + 4, number, true);
    view.setUint32(at + 8, size, true);
    return at + HEAD;
  }

  record(kind: number, flags: number, number: number, bytes: Uint8Array): void {
    const at = this.head(kind, flags, number, bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** The answer to a request of HTTP. */
  answer(flags: number, slot: number, bytes: Uint8Array): void {
    this.record(SETTLED, flags, slot, bytes);
    this.#requests++;
  }

  /** Writes a record whose bytes are these two, one behind the other. */
  pair(kind: number, flags: number, number: number, first: Uint8Array, second: Uint8Array): void {
    const at = this.head(kind, flags, number, first.length + second.length);
    this.#bytes.set(first, at);
    this.#bytes.set(second, at + first.length);
  }

  event(flags: number, slot: number, route: number, payload: Uint8Array): void {
    const at = this.head(EVENT, flags, slot, 4 + payload.length);
    this.#view.setUint32(at, route, true);
    this.#bytes.set(payload, at + 4);
  }

  /** An event of the HTTP port: each has a client of its own, so that a number for its route would serve once. */
  guest(flags: number, slot: number, route: Route, payload: Uint8Array): void {
    const { version, vnode, module, client } = route;
    const topic = httpTopic(version, vnode, module, client);
    const size = Buffer.byteLength(topic);
    const at = this.head(GUEST, flags, slot, 4 + size + payload.length);
    this.#view.setUint32(at, size, true);
    this.#bytes.write(topic, at + 4);
    this.#requests++;
    this.#bytes.set(payload, at + 4 + size);
  }

  /** Hands out what was packed; the packer begins anew. */
  take(): Uint8Array<ArrayBuffer> {
    const packed = this.#bytes.subarray(0, this.#at);
    this.#usual = Math.max(FIRST_SIZE, this.#at, this.#usual >> 1);
    this.#bytes = memory(this.#usual);
    this.#view = new DataView(this.#bytes.buffer);
    this.#at = 0;
    this.#requests = 0;
    return packed;
  }

  #room(size: number): number {
    const at = this.#at;
    this.#at = at + size;
    if (this.#at > this.#bytes.length) {
      const grown = memory(this.#at * 2);
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

/** Memory of its own, so that it can be transferred; not zeroed. */
function memory(size: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(size);
}

/** Called for each record; `bytes` from `start` to `end` are its own and may be kept. */
export type OnRecord = (
  kind: number,
  flags: number,
  number: number,
  start: number,
  end: number,
) => void;

/** Reads the records of a pack in their order. */
export function readRecords(packed: Uint8Array, onRecord: OnRecord): void {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let at = 0;
  while (at < packed.length) {
    const end = at + HEAD + view.getUint32(at + 8, true);
    onRecord(
      view.getUint8(at),
      view.getUint8(at + 1),
      view.getUint32(at + 4, true),
      at + HEAD,
      end,
    );
    at = end;
  }
}

/** A route as bytes. */
export function encodeRoute(route: Route): Uint8Array {
  const { client, module, version, vnode, user, token, origin } = route;
  return new TextEncoder().encode(
    JSON.stringify({ client, module, version, vnode, user, token, origin }),
  );
}

export function decodeRoute(bytes: Uint8Array): Route {
  return JSON.parse(new TextDecoder().decode(bytes)) as Route;
}

/** The route of a guest, and where its payload begins. */
export function readGuest(packed: Uint8Array, start: number): { route: Route; payload: number } {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  const payload = start + 4 + bytes.readUInt32LE(start);
  const topic = parseHttp(bytes.toString('utf8', start + 4, payload));
  const { version, node, module, client } = topic as NonNullable<typeof topic>;
  const vnode = Number(node);
  const route: Route = { client, module, version, vnode, user: '', token: '', origin: 'http' };
  return { route, payload };
}
