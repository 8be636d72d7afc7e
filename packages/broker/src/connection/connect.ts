/** CONNECT: who is it, may it come in, and is there a session to go on with? [MQTT-3.1] */
import { randomUUID } from 'node:crypto';
import { isToken, N2OError, vnodeOf } from '@n2o/shared';
import type { Authenticate } from '../core.ts';
import type { Session } from '../session/session.ts';
import { decodeConnect } from '../wire/decode.ts';
import { connack } from '../wire/encode.ts';
import {
  ACCEPTED,
  BAD_CREDENTIALS,
  BAD_IDENTIFIER,
  BAD_VERSION,
  type ConnectPacket,
  NOT_AUTHORIZED,
  UNAVAILABLE,
} from '../wire/packet.ts';
import type { Connection } from './connection.ts';
import { admit, isHost, isHostId, serve, vnodeOfHost } from './host.ts';
import { HELD, STORING } from './intake.ts';
import { requireFitting } from './topic-limits.ts';

export function onConnect(
  connection: Connection,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  const { core } = connection;
  const packet = decodeConnect(buffer, start, end);
  if (packet.will) requireFitting(packet.will.topic, core.limits);
  const client = packet.client || (packet.clean ? `auto-${randomUUID()}` : '');
  const code = judge(connection, packet, client);
  if (code !== ACCEPTED) refuse(connection, code);
  else if (core.authenticate && !connection.isHost)
    void authenticate(connection, core.authenticate, packet, client);
  else accept(connection, packet, client);
}

function judge(connection: Connection, packet: ConnectPacket, client: string): number {
  const { core } = connection;
  const { version, clean } = packet;
  if (version !== 3 && version !== 4) return BAD_VERSION; // [MQTT-3.1.2-2]
  // [MQTT-3.1.3-8]; a client whose id is not fit for a topic could not be answered.
  if (client === '' || /[+#]/.test(client)) return BAD_IDENTIFIER;
  if (Buffer.byteLength(client) > core.limits.topicLength) return BAD_IDENTIFIER;
  if (core.guests.has(client)) return BAD_IDENTIFIER;
  if (isHostId(client)) {
    connection.isHost = isHost(connection, packet);
    if (!connection.isHost) return NOT_AUTHORIZED;
    // What is under way must not end with the connection.
    if (vnodeOfHost(client) !== undefined && packet.clean) return BAD_IDENTIFIER;
  }
  // Without hosts those who are there would get no answers, and stay.
  if (core.connections > core.limits.connections && !connection.isHost) return UNAVAILABLE;
  // What cannot be kept is not begun.
  const isNew = !clean && core.sessions.get(client)?.clean !== false;
  return isNew && core.archive.isDown ? UNAVAILABLE : ACCEPTED;
}

/** Nothing more is read from the connection until it is known who it is. */
async function authenticate(
  connection: Connection,
  ask: Authenticate,
  packet: ConnectPacket,
  client: string,
): Promise<void> {
  const { username, password } = packet;
  const { core, remote } = connection;
  connection.intake.stop(HELD);
  let code = UNAVAILABLE;
  try {
    const allowed = await ask({ client, username, password, remote });
    const denied = username === undefined ? NOT_AUTHORIZED : BAD_CREDENTIALS;
    code = allowed ? ACCEPTED : denied;
  } catch (error) {
    core.log.error({ client, err: error }, 'authentication failed to answer');
  }
  if (connection.closed) return;
  if (code === ACCEPTED) accept(connection, packet, client);
  else refuse(connection, code);
  connection.resume(HELD);
}

/** [MQTT-3.2.2-4] [MQTT-3.2.2-5] */
function refuse(connection: Connection, code: number): void {
  connection.core.counters.refusedConnects++;
  connection.core.log.debug({ remote: connection.remote, returnCode: code }, 'connection refused');
  connection.output.raw(connack(code, false));
  connection.finish();
}

function accept(connection: Connection, packet: ConnectPacket, client: string): void {
  const { core } = connection;
  const old = core.sessions.get(client);
  if (old?.connection) {
    // [MQTT-3.1.4-2]
    core.counters.takeovers++;
    old.connection.fail(new N2OError('N2O_SESSION_TAKEN'));
    connection.displaced = true;
  }
  const { session, present } = core.sessions.open(client, {
    clean: packet.clean,
    // Its events are with the devices that sent them, until the host has acknowledged them.
    volatile: vnodeOfHost(client) !== undefined,
  });
  session.connection = connection;
  connection.session = session;
  if (connection.isHost) admit(connection, client);
  connection.isOld = packet.version === 3;
  connection.will = packet.will;
  connection.hadWill = packet.will !== undefined;
  core.wills.keep(client, packet.will);
  connection.load = core.events.adopt(client, vnodeOf(client, core.vnodes));
  connection.load.connection = connection;
  connection.load.token = tokenIn(packet, connection);
  connection.expect(packet.keepalive * 1_500); // [MQTT-3.1.2-24]
  core.counters.connects++;
  const isNews = !present && (old?.kept ?? session.kept) !== undefined;
  const greet = () => welcome(connection, session, present && packet.version === 4);
  if (isNews || packet.will) whenKept(connection, greet);
  else greet();
}

/**
 * N2O's clients show the token of their session as the password. Where somebody looks at passwords
 * they are not for modules to see, and what cannot stand in a topic is none of ours.
 */
function tokenIn({ password }: ConnectPacket, { core, isHost }: Connection): string {
  const text = core.authenticate || isHost ? '' : (password?.toString('latin1') ?? '');
  return isToken(text) ? text : '';
}

/** CONNACK is the first packet [MQTT-3.2.0-1]; MQTT 3.1 knows no session-present flag. */
function welcome({ core, output, isHost }: Connection, session: Session, present: boolean): void {
  output.raw(connack(ACCEPTED, present));
  session.outbox.attach(output);
  if (isHost) serve(core, session);
}

/** What CONNACK says of the session, and the will, are to hold after a restart. */
function whenKept(connection: Connection, then: () => void): void {
  const { archive } = connection.core;
  if (!archive.durable || archive.isDown) {
    then();
    return;
  }
  connection.intake.stop(STORING);
  archive.journal.kept(() => {
    if (connection.closed) return;
    then();
    connection.resume(STORING);
  });
}
