/** The end of a connection: its will, its session, and what it may come back for. */
import { isEvents, isReserved } from '@n2o/shared';
import type { Core } from '../core.ts';
import { readAddress } from '../routing/address.ts';
import type { ClientLoad } from '../routing/load.ts';
import { fingerprint } from '../session/cause.ts';
import type { ReplyMemory } from '../session/memory.ts';
import { PASSING } from '../session/returning.ts';
import type { Session } from '../session/session.ts';
import type { Publication } from '../wire/packet.ts';
import type { Connection } from './connection.ts';
import { isHostId, retire } from './host.ts';

export function leave(connection: Connection, core: Core, memory: ReplyMemory): void {
  const { session, load, will } = connection;
  core.stalled.forget(connection);
  if (!session || !load) return;
  // It spoke and did not listen.
  const passedBy = connection.displaced && session.clean && !session.subscriptions;
  if (passedBy) expectReturn(connection, session, core);
  // Who says goodbye has all it wants, and begins anew with its packet identifiers.
  if (connection.goodbye && session.clean) memory.forget(session.client);
  else remember(connection, session, core, memory);
  core.sessions.leave(session);
  if (connection.isHost) retire(core, session);
  if (connection.hadWill) core.wills.forget(session.client);
  core.events.abandon(load, connection);
  // [MQTT-3.1.2-8]; DISCONNECT has removed it [MQTT-3.1.2-10].
  if (will) publishWill(will, load, core);
}

/** Whoever this connection pushed aside is likely to be back. */
function expectReturn(
  { recent, since }: Connection,
  { client, outbox }: Session,
  { returning, deadlines }: Core,
): void {
  if (deadlines.now - since > PASSING) return;
  const sent = recent.all.flatMap(({ topic, action: payload }) =>
    payload ? [{ topic, payload, qos: 0 as const }] : [],
  );
  returning.expect(client, [...sent, ...outbox.unheard]);
}

/** Acknowledged events of which it is not sure that the client knows. */
function remember(
  { recent }: Connection,
  { client, clean, outbox }: Session,
  { limits }: Core,
  memory: ReplyMemory,
): void {
  for (const { cause, payload } of outbox.unheard.slice(-limits.rememberedPerClient)) {
    if (!cause || cause.id === 0) continue;
    // A session that is kept sends the action again by itself.
    const { id, topic } = cause;
    memory.remember(client, id, fingerprint(topic, cause.payload), clean ? payload : undefined);
  }
  for (const { cause, action } of recent.all) {
    const { id, topic, payload } = cause;
    if (id !== 0) memory.remember(client, id, fingerprint(topic, payload), action);
  }
}

/** A will may be an event: a module hears that its device is gone. */
export function publishWill(will: Publication, load: ClientLoad, core: Core): void {
  if (isEvents(will.topic, load.client)) {
    const { address, refused } = readAddress(will.topic, load.client, load.vnode, load.token);
    if (refused || core.events.windows.fullFor(load, will.payload.length)) core.counters.drops++;
    else core.events.accept(load, undefined, address, will.payload, 0, false, 0);
  } else if (!mayBeSaid(will, load)) core.counters.drops++;
  else core.router.publish(will);
}

/** Only hosts have wills on reserved topics: that they are there no more. */
function mayBeSaid({ topic }: Publication, { client }: ClientLoad): boolean {
  return !isReserved(topic) || (isHostId(client) && !topic.startsWith('$'));
}
