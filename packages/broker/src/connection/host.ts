/** Vnode hosts among the clients: who may be one, and what they say and ask for. */
import { createHash, timingSafeEqual } from 'node:crypto';
import {
  CLUSTER_TOPIC,
  isReserved,
  parseActions,
  parseTell,
  STORE_ANSWERS,
  STORE_REQUESTS,
  vnodeInFilter,
} from '@n2o/shared';
import { LONGEST, serveStore } from '@n2o/store';
import type { Core } from '../core.ts';
import type { Pledge } from '../keeping/pledge.ts';
import type { Session } from '../session/session.ts';
import type { ConnectPacket, QoS } from '../wire/packet.ts';
import type { Connection } from './connection.ts';

/** Hosts connect under this name. */
const USER = 'n2o-host';

const ANSWERS = Buffer.from(STORE_ANSWERS);

/** What a host asks of the store, with the topic, may be longer than what clients say. */
const STORE_PACKET = LONGEST + 1_024;

/** Not over WebSocket, where the peer may be any page of a browser on this machine, or a proxy. */
const LOOPBACK = /^(?:::ffff:)?127\.|^::1(?::|$)/;

/** Does only a host have such a client id? */
export function isHostId(client: string): boolean {
  return /^n2o-(?:vnode|host)-/.test(client);
}

/** The vnode whose session has this client id; `undefined` for other ids. */
export function vnodeOfHost(client: string): number | undefined {
  const match = /^n2o-vnode-([1-9]\d{0,2})$/.exec(client);
  return match ? Number(match[1]) : undefined;
}

/** Whether a connection is a host's: by the secret of the cluster, or where there is none, from this machine. */
export function isHost(
  { core, remote }: Connection,
  { username, password }: ConnectPacket,
): boolean {
  const { clusterSecret } = core;
  if (clusterSecret === undefined) return LOOPBACK.test(remote);
  return username === USER && isSame(password ?? new Uint8Array(), Buffer.from(clusterSecret));
}

/** A host has come: it may say more at once where it asks for the store. */
export function admit({ intake }: Connection, client: string): void {
  if (/^n2o-host-.+-store$/.test(client)) intake.allow(STORE_PACKET);
}

/** Does a host subscribe to the events of its vnode? */
export function isSeat(core: Core, { client }: Session, filter: string): boolean {
  const vnode = vnodeInFilter(filter);
  return vnode !== undefined && vnode === vnodeOfHost(client) && vnode <= core.vnodes;
}

/** A host has subscribed to the events of its vnode, or goes on with a session that has: it gets them. */
export function serve(core: Core, session: Session): void {
  const vnode = vnodeOfHost(session.client);
  const filters = [...(session.subscriptions?.keys() ?? [])];
  if (vnode === undefined || !filters.some((filter) => isSeat(core, session, filter))) return;
  core.hosts.attach(vnode, session, core.events.windows.countOf(vnode));
}

/** A host asks by a subscription what the cluster is to be like. */
export function describe({ core, isHost }: Connection, session: Session, filter: string): void {
  if (!isHost || filter !== CLUSTER_TOPIC) return;
  const { vnodes, limits } = core;
  const told = Buffer.from(JSON.stringify({ vnodes, maxPacketSize: limits.packetSize }));
  session.outbox.send(Buffer.from(CLUSTER_TOPIC), told, 0, true);
}

/** A host is gone. */
export function retire(core: Core, session: Session): void {
  const vnode = vnodeOfHost(session.client);
  if (vnode !== undefined) core.hosts.detach(vnode);
}

/** A host publishes: an action goes to its client, all else to whoever subscribed. */
export function announce(
  { core, session, output }: Connection,
  topic: string,
  payload: Uint8Array,
  qos: QoS,
  retain: boolean,
  pledge: Pledge | undefined,
): void {
  if (topic === STORE_REQUESTS) {
    void serveStore(core.archive.store, payload, (answer) => {
      // None of its parts may be dropped, and hosts read what they asked for.
      output.publish(ANSWERS, answer, 0, 0);
    });
    return;
  }
  const told = parseTell(topic);
  if (told) {
    // Who says no in MQTT 3.1.1 has to close; this connection has other things to carry.
    if (core.tells.tell(told, payload)) core.counters.drops++;
    return;
  }
  const to = parseActions(topic);
  if (!to) {
    core.router.publish({ topic, payload, qos, retain }, undefined, pledge);
    return;
  }
  if (retain) core.router.retain({ topic, payload, qos, retain }, pledge);
  const vnode = vnodeOfHost(session?.client ?? '');
  const action = vnode === undefined ? payload : core.hosts.say(vnode, topic, payload);
  if (action) core.events.push(to.client, topic, action, qos, pledge);
}

/** May a host publish what others may not? */
export function mayAnnounce(connection: Connection, topic: string): boolean {
  return connection.isHost && isReserved(topic) && !topic.startsWith('$');
}

/** In the same time wherever they differ, and however long they are. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  return timingSafeEqual(digest(a), digest(b));
}
