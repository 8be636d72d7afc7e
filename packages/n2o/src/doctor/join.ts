/** Connects a peer to a broker, up to CONNACK. */
import { N2OError, reason } from '@n2o/shared';
import { Peer } from './peer.ts';
import { openSocket } from './socket.ts';
import type { Target } from './target.ts';

/** How a peer connects. */
export interface Joining {
  readonly id: string;
  readonly clean: boolean;
  /** Seconds, 0 for none. */
  readonly keepalive: number;
  /** Acknowledges what comes by itself. */
  readonly acknowledges: boolean;
  /** Of QoS 1. */
  readonly will?: { readonly topic: string; readonly payload: string; readonly retain: boolean };
}

/** What the return codes of CONNACK say. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'the broker does not speak MQTT 3.1.1',
  2: 'the broker refuses the client id',
  3: 'the broker is not available',
  4: 'bad user name or password',
  5: 'not authorised',
};

/**
 * Resolves when the broker has accepted the connection.
 *
 * @param patience milliseconds that the connection and each answer on it may take
 * @throws N2OError `N2O_CLIENT_CONNECT`
 */
export async function join(target: Target, joining: Joining, patience: number): Promise<Peer> {
  const { id, clean, keepalive, acknowledges, will } = joining;
  const { username, password } = target;
  const peer = new Peer(await openSocket(target, patience), id, acknowledges, patience);
  peer.say({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: id,
    clean,
    keepalive,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: Buffer.from(password) }),
    ...(will && { will: { ...will, qos: 1 } }),
  });
  try {
    const connack = await peer.answers.wait('connack', 'CONNECT');
    const { returnCode = 0, sessionPresent = false } = connack.cmd === 'connack' ? connack : {};
    peer.sessionPresent = sessionPresent;
    if (returnCode === 0) return peer;
    const text = `CONNACK ${returnCode}, ${REFUSALS[returnCode] ?? 'a code that there is not'}`;
    throw new N2OError('N2O_PROBE_REFUSED', text);
  } catch (cause) {
    await peer.drop();
    throw new N2OError('N2O_CLIENT_CONNECT', `client id ${id}: ${reason(cause)}`, { cause });
  }
}
