/** PUBLISH and PUBREL: events go to their vnode, all else to whoever subscribed [MQTT-3.3] [MQTT-3.6]. */
import { isEvents, isReserved, isTopicName, N2OError } from '@n2o/shared';
import { type Address, readAddress } from '../routing/address.ts';
import type { ClientLoad } from '../routing/load.ts';
import type { Full } from '../routing/windows.ts';
import type { Session } from '../session/session.ts';
import { text } from '../wire/decode.ts';
import { PUBCOMP, type QoS } from '../wire/packet.ts';
import type { Connection } from './connection.ts';
import { announce, mayAnnounce } from './host.ts';
import { WINDOW } from './intake.ts';
import { requireFitting } from './topic-limits.ts';
import { turnAway } from './turn-away.ts';

export function onPublish(
  connection: Connection,
  session: Session,
  header: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  const qos = ((header >> 1) & 3) as QoS;
  const dup = (header & 8) !== 0;
  if ((qos as number) === 3) throw new N2OError('N2O_PACKET_FLAGS', 'QoS 3'); // [MQTT-3.3.1-4]
  if (qos === 0 && dup) throw new N2OError('N2O_PACKET_FLAGS', 'DUP with QoS 0'); // [MQTT-3.3.1-2]
  const topicStart = start + 2;
  if (topicStart > end) throw malformed('no topic');
  const topicEnd = topicStart + (((buffer[start] as number) << 8) | (buffer[start + 1] as number));
  const payloadStart = qos > 0 ? topicEnd + 2 : topicEnd;
  if (payloadStart > end) throw malformed('the packet ends before its payload');
  const id = qos > 0 ? ((buffer[topicEnd] as number) << 8) | (buffer[topicEnd + 1] as number) : 0;
  if (qos > 0 && id === 0) throw malformed('the packet identifier is 0'); // [MQTT-2.3.1-1]

  const load = connection.load as ClientLoad;
  if (qos > 0 && connection.core.stalled.stop(connection)) return;
  if (qos > 0 && connection.core.events.inTurn.isCrowded(load)) {
    wait(connection, load, 'N2O_BUSY_CLIENT');
    return;
  }
  let { address } = connection;
  if (!address?.isAt(buffer, topicStart, topicEnd)) {
    const topic = readTopic(connection, buffer, topicStart, topicEnd);
    if (!isEvents(topic, session.client)) {
      publish(connection, session, topic, buffer, payloadStart, end, header, id);
      return;
    }
    const reading = readAddress(topic, session.client, load.vnode, load.token);
    address = reading.address;
    if (reading.refused) {
      // MQTT 3.1.1 has no other way to say no than to close [MQTT-3.3.5-2]; an error frame says why.
      const payload = buffer.subarray(payloadStart, end);
      turnAway(connection, address, payload, qos, id, reading.refused);
      return;
    }
    connection.address = address;
  }
  event(connection, session, address, buffer, payloadStart, end, qos, dup, id);
}

/** An event: as much of it as there is room for, in the order it came. */
function event(
  connection: Connection,
  session: Session,
  address: Address,
  buffer: Buffer,
  start: number,
  end: number,
  qos: QoS,
  dup: boolean,
  id: number,
): void {
  const { core } = connection;
  const { events } = core;
  const load = connection.load as ClientLoad;
  const view = buffer.subarray(start, end);
  if (qos === 2 && isKnown(connection, session, id)) {
    if (load.find(id)) events.repeat(load, connection, address, view, qos, id);
    return;
  }
  if (qos === 2) remember(connection, session, id);
  if (dup && events.repeat(load, connection, address, view, qos, id)) return;
  if (core.archive.isDown) {
    turnAway(connection, address, view, qos, id, 'N2O_BUSY_STORE');
    return;
  }
  if (core.storedEvents?.takes(load, qos)) {
    const room = core.storedEvents.take(load, connection, address, Buffer.from(view), qos, id);
    if (!room) turnAway(connection, address, view, qos, id, 'N2O_BUSY_VNODE');
    return;
  }
  const full = events.windows.fullFor(load, view.length);
  if (full) {
    // Who wants to be sure waits; who does not is told that it is too much.
    if (qos === 0) events.inTurn.refuse(load, address, view, full);
    else {
      session.receipts?.release(id);
      wait(connection, load, full);
    }
    return;
  }
  // A small payload must not hold the large chunk that it came in.
  const payload = buffer.length > 4 * view.length + 4096 ? Buffer.from(view) : view;
  events.accept(load, connection, address, payload, qos, dup, id);
}

/** The packet at hand waits until there is room for it. */
function wait(connection: Connection, load: ClientLoad, full: Full): void {
  connection.intake.postpone(WINDOW);
  connection.core.events.windows.stop(load, connection, full);
}

/** A message to an ordinary topic. */
function publish(
  connection: Connection,
  session: Session,
  topic: string,
  buffer: Buffer,
  start: number,
  end: number,
  header: number,
  id: number,
): void {
  const { core } = connection;
  const qos = ((header >> 1) & 3) as QoS;
  if (qos === 2 && isKnown(connection, session, id)) return;
  if (qos === 2) remember(connection, session, id);
  core.counters.publishes++;
  const pledge = core.archive.promise(qos);
  if (mayAnnounce(connection, topic)) {
    const payload = Buffer.from(buffer.subarray(start, end));
    announce(connection, topic, payload, qos, (header & 1) !== 0, pledge);
  } else if (isReserved(topic)) {
    const payload = buffer.subarray(start, end);
    const { address } = readAddress('', session.client, (connection.load as ClientLoad).vnode);
    core.events.inTurn.refuse(
      connection.load as ClientLoad,
      address,
      payload,
      'N2O_TOPIC_FORBIDDEN',
    );
  } else {
    // Copied: the message may wait in many queues, longer than the chunk should live.
    const payload = Buffer.from(buffer.subarray(start, end));
    core.router.publish({ topic, payload, qos, retain: (header & 1) !== 0 }, undefined, pledge);
  }
  if (pledge && session.kept && qos === 2) {
    session.incoming.keep(id);
    core.archive.keep(pledge);
  }
  core.events.inTurn.acknowledge(connection.load as ClientLoad, connection, qos, id, pledge);
  pledge?.release();
}

/** PUBREL: the identifier is free again; answered whether it was known or not [MQTT-4.3.3-2]. */
export function onPubrel(connection: Connection, session: Session, id: number): void {
  session.receipts?.release(id);
  const complete = () => connection.output.identifier(PUBCOMP << 4, id);
  // Behind PUBCOMP it may stand for another message, after a restart too.
  if (session.kept) session.kept.kept(complete);
  else complete();
}

/** QoS 2: a message that was taken already is acknowledged again, once it has been, and nothing else. */
function isKnown(connection: Connection, session: Session, id: number): boolean {
  const acknowledged = session.receipts?.state(id);
  if (acknowledged) {
    // What it led to may still be on its way into the store.
    const pledge = connection.core.archive.promiseSofar();
    connection.acknowledgements.add(2, id, pledge);
  }
  return acknowledged !== undefined;
}

function remember({ core }: Connection, session: Session, id: number): void {
  const { incoming } = session;
  if (incoming.halfOpen >= core.limits.unreleased) throw new N2OError('N2O_PACKET_WINDOW');
  incoming.begin(id);
}

function readTopic({ core }: Connection, buffer: Buffer, start: number, end: number): string {
  const topic = text(buffer, start, end);
  if (!isTopicName(topic)) throw new N2OError('N2O_TOPIC_NAME'); // [MQTT-3.3.2-2]
  requireFitting(topic, core.limits);
  return topic;
}

function malformed(detail: string): N2OError {
  return new N2OError('N2O_PACKET_MALFORMED', detail);
}
