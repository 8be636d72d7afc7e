/** One packet of a connection: is it allowed now, are its flags right, and which verb is it? */
import { N2OError } from '@n2o/shared';
import type { Limits } from '../limits.ts';
import { decodeIdentifier } from '../wire/decode.ts';
import type { FrameReader } from '../wire/frame.ts';
import {
  CONNECT,
  DISCONNECT,
  PINGREQ,
  PINGRESP,
  PUBACK,
  PUBCOMP,
  PUBLISH,
  PUBREC,
  PUBREL,
  SUBSCRIBE,
  UNSUBSCRIBE,
} from '../wire/packet.ts';
import { onConnect } from './connect.ts';
import type { Connection } from './connection.ts';
import { OUTPUT_HIGH } from './output.ts';
import { onPublish, onPubrel } from './publish.ts';
import { onSubscribe, onUnsubscribe } from './subscribe.ts';

const DUP = 8;

const PONG = Buffer.from([PINGRESP << 4, 0]);

/** @throws N2O_PACKET_… : the connection is closed on it [MQTT-4.8.0-1] */
export function dispatch(
  connection: Connection,
  { header, buffer, start, end }: FrameReader,
): void {
  const type = header >> 4;
  const { session } = connection;
  if (!session) {
    // [MQTT-3.1.0-1]
    if (type !== CONNECT)
      throw new N2OError('N2O_PACKET_UNEXPECTED', 'the first packet is not CONNECT');
    requireFlags(header, 0);
    onConnect(connection, buffer, start, end);
    return;
  }
  if (connection.output.backlog > allowance(type, connection.core.limits)) {
    connection.clog();
    return;
  }
  if (type === PUBLISH) {
    onPublish(connection, session, header, buffer, start, end);
    return;
  }
  const waits = type === PUBREL || type === SUBSCRIBE || type === UNSUBSCRIBE;
  // [MQTT-2.2.2-2]; in MQTT 3.1 these have DUP when they come again.
  requireFlags(waits && connection.isOld ? header & ~DUP : header, waits ? 2 : 0);
  if (waits && connection.core.stalled.stop(connection)) return;
  switch (type) {
    case PUBACK:
    case PUBCOMP:
      session.outbox.acknowledge(decodeIdentifier(buffer, start, end));
      break;
    case PUBREC:
      session.outbox.receive(decodeIdentifier(buffer, start, end));
      break;
    case PUBREL:
      onPubrel(connection, session, decodeIdentifier(buffer, start, end));
      break;
    case SUBSCRIBE:
      onSubscribe(connection, session, buffer, start, end);
      break;
    case UNSUBSCRIBE:
      onUnsubscribe(connection, session, buffer, start, end);
      break;
    case PINGREQ:
      requireEmpty(start, end);
      connection.output.raw(PONG);
      break;
    case DISCONNECT:
      requireEmpty(start, end);
      connection.leave();
      break;
    default:
      // A second CONNECT [MQTT-3.1.0-2], a packet that only servers send, or a reserved type.
      throw new N2OError('N2O_PACKET_UNEXPECTED', `a packet of type ${type}`);
  }
}

/** Bytes that may wait for a client that sends such a packet: what asks for more waits first. */
function allowance(type: number, { outputBytes }: Limits): number {
  switch (type) {
    case PUBLISH:
    case SUBSCRIBE:
    case UNSUBSCRIBE:
      return OUTPUT_HIGH;
    case PUBACK:
    case PUBCOMP:
    case DISCONNECT:
      return Number.POSITIVE_INFINITY;
    default:
      return outputBytes;
  }
}

function requireFlags(header: number, flags: number): void {
  if ((header & 0x0f) !== flags) throw new N2OError('N2O_PACKET_FLAGS');
}

function requireEmpty(start: number, end: number): void {
  if (start !== end) throw new N2OError('N2O_PACKET_MALFORMED', 'the packet has a body');
}
