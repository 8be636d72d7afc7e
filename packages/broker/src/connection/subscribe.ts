/** SUBSCRIBE and UNSUBSCRIBE [MQTT-3.8] [MQTT-3.10]. */
import { isTopicFilter, levelCount, N2OError, selectsOwnActions } from '@n2o/shared';
import type { Session } from '../session/session.ts';
import { decodeSubscribe, decodeUnsubscribe } from '../wire/decode.ts';
import { suback } from '../wire/encode.ts';
import { type QoS, REFUSED, type Subscription, UNSUBACK } from '../wire/packet.ts';
import type { Connection } from './connection.ts';
import { describe, isSeat, serve } from './host.ts';

export function onSubscribe(
  connection: Connection,
  session: Session,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  const { id, subscriptions } = decodeSubscribe(buffer, start, end);
  for (const { filter } of subscriptions) {
    if (!isTopicFilter(filter)) throw new N2OError('N2O_TOPIC_FILTER'); // [MQTT-4.7.1-2] [MQTT-4.7.1-3]
  }
  const codes = subscriptions.map((subscription) => grant(connection, session, subscription));
  session.save();
  whenKept(session, connection, () => {
    connection.output.raw(suback(id, codes)); // [MQTT-3.8.4-5]
    if (connection.isHost) serve(connection.core, session);
    replay(connection, session, subscriptions, codes);
  });
}

/** Sends what is retained, and what was held for who comes back. */
function replay(
  connection: Connection,
  session: Session,
  subscriptions: readonly Subscription[],
  codes: readonly number[],
): void {
  const { core } = connection;
  // Of one filter twice in a packet the last one counts, as if they had come one after the other.
  for (const [filter, i] of new Map(subscriptions.map(({ filter }, i) => [filter, i]))) {
    if (codes[i] === REFUSED) continue;
    core.router.replay(session, subscriptions[i] as Subscription);
    describe(connection, session, filter);
    if (selectsOwnActions(filter, session.client)) core.returning.welcome(session);
  }
}

/** An acknowledgement of what is not kept would be a lie. */
function whenKept({ kept }: Session, connection: Connection, then: () => void): void {
  const unlessGone = () => {
    if (!connection.closed) then();
  };
  if (kept) kept.kept(unlessGone);
  else unlessGone();
}

/** Enters one subscription; a new one of the same filter replaces the old [MQTT-3.8.4-3]. */
function grant(
  connection: Connection,
  session: Session,
  { filter, qos }: Subscription,
): QoS | typeof REFUSED {
  const { core } = connection;
  const { topicLength, topicLevels, subscriptions } = core.limits;
  if (Buffer.byteLength(filter) > topicLength || levelCount(filter) > topicLevels) return REFUSED;
  if (connection.isHost && isSeat(core, session, filter)) {
    session.subscribe(filter, 1);
    return 1;
  }
  // Events go to vnodes and to nobody else; shared subscriptions are not offered.
  if (/^(?:events|\$share)\//.test(filter)) return REFUSED;
  const isOwn = selectsOwnActions(filter, session.client);
  const isRefused = core.router.privateActions && !isOwn && !connection.isHost;
  if (isRefused && filter.startsWith('actions/')) return REFUSED;
  const { size = 0 } = session.subscriptions ?? {};
  if (size >= subscriptions && !session.subscriptions?.has(filter)) return REFUSED;
  session.subscribe(filter, qos);
  // Its own actions are delivered without being matched.
  if (!isOwn) core.router.subscribe(session, filter, qos);
  return qos;
}

export function onUnsubscribe(
  connection: Connection,
  session: Session,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  const { id, filters } = decodeUnsubscribe(buffer, start, end);
  for (const filter of filters) {
    if (!isTopicFilter(filter)) throw new N2OError('N2O_TOPIC_FILTER');
    if (!session.unsubscribe(filter)) continue;
    if (!selectsOwnActions(filter, session.client))
      connection.core.router.unsubscribe(session, filter);
  }
  session.save();
  whenKept(session, connection, () => {
    connection.output.identifier(UNSUBACK << 4, id); // [MQTT-3.10.4-5]
  });
}
