/** MQTT 3.1.1 packets from bytes, as a client reads them: cut anywhere, in pieces of any size. */
import { N2OError } from '@n2o/shared';
import type { Arrival } from '../../arrivals.ts';
import { PACKET } from './write.ts';

/** A packet of a broker. */
export type Packet =
  | { readonly kind: 'connack'; readonly isResumed: boolean; readonly code: number }
  | { readonly kind: 'publish'; readonly arrival: Arrival }
  | { readonly kind: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' | 'unsuback'; readonly id: number }
  | { readonly kind: 'suback'; readonly id: number; readonly granted: readonly number[] }
  | { readonly kind: 'pingresp' };

/** Bytes of a packet, at most. */
const LIMIT = 16_777_216;

export class PacketReader {
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #limit: number;

  /** @param limit bytes of a packet, at most */
  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /**
   * Takes bytes in; gives back the packets that are whole by now. Their payloads are views.
   *
   * @throws N2OError `N2O_LINK_PACKET`, and the connection is of no more use
   */
  push(piece: Uint8Array): Packet[] {
    let bytes = this.#bytes.length === 0 ? piece : joined(this.#bytes, piece);
    const packets: Packet[] = [];
    for (;;) {
      const extent = this.#extentOf(bytes);
      if (!extent || bytes.length < extent.end) break;
      packets.push(packetOf(bytes[0] as number, bytes.subarray(extent.start, extent.end)));
      bytes = bytes.subarray(extent.end);
    }
    this.#bytes = bytes;
    return packets;
  }

  /** Where the body of the first packet lies; `undefined` while that is not known. */
  #extentOf(bytes: Uint8Array): { start: number; end: number } | undefined {
    let length = 0;
    for (let i = 1; i <= 4; i++) {
      const byte = bytes[i];
      if (byte === undefined) return undefined;
      length += (byte & 127) << (7 * (i - 1));
      if (length > this.#limit) throw malformed(`a packet of more than ${this.#limit} bytes`);
      if (byte < 128) return { start: i + 1, end: i + 1 + length };
    }
    throw malformed('a length of more than four bytes');
  }
}

function packetOf(first: number, body: Uint8Array): Packet {
  switch (first >> 4) {
    case PACKET.connack:
      return { kind: 'connack', isResumed: (byteAt(body, 0) & 1) === 1, code: byteAt(body, 1) };
    case PACKET.publish:
      return { kind: 'publish', arrival: arrivalOf(first, body) };
    case PACKET.puback:
      return { kind: 'puback', id: uint16(body, 0) };
    case PACKET.pubrec:
      return { kind: 'pubrec', id: uint16(body, 0) };
    case PACKET.pubrel:
      return { kind: 'pubrel', id: uint16(body, 0) };
    case PACKET.pubcomp:
      return { kind: 'pubcomp', id: uint16(body, 0) };
    case PACKET.suback:
      return { kind: 'suback', id: uint16(body, 0), granted: [...body.subarray(2)] };
    case PACKET.unsuback:
      return { kind: 'unsuback', id: uint16(body, 0) };
    case PACKET.pingresp:
      return { kind: 'pingresp' };
    default:
      throw malformed(`a packet of type ${first >> 4}`);
  }
}

function arrivalOf(first: number, body: Uint8Array): Arrival {
  const qos = (first >> 1) & 3;
  if (qos !== 0 && qos !== 1 && qos !== 2) throw malformed('a QoS of 3');
  const end = 2 + uint16(body, 0);
  if (end > body.length) throw malformed('a topic that does not end');
  const id = qos === 0 ? 0 : uint16(body, end);
  return {
    topic: new TextDecoder().decode(body.subarray(2, end)),
    payload: body.subarray(qos === 0 ? end : end + 2),
    qos,
    retain: (first & 1) === 1,
    dup: (first & 8) === 8,
    id,
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw malformed('a packet that ends too early');
  return byte;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
}

function malformed(what: string): N2OError {
  return new N2OError('N2O_LINK_PACKET', `the broker sent ${what}`);
}
