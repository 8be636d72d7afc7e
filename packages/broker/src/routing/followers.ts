/** What is said to a client right after an event of it is settled, so that order holds. */
import type { Connection } from '../connection/connection.ts';
import type { Pledge } from '../keeping/pledge.ts';
import type { QoS } from '../wire/packet.ts';
import type { Address } from './address.ts';

/** Kinds of followers that are kept behind one event; what is beyond is counted, not said. */
const MAX_KINDS = 2_048;

/** From so many on nothing is taken that would have to be acknowledged behind them. */
const CROWD = MAX_KINDS / 2;

/** An acknowledgement, an error frame for events that were turned away, a reply that was remembered. */
export interface Follower {
  readonly address: Address | undefined;
  readonly payload: Uint8Array | undefined;
  readonly qos: QoS;
  /** The packet identifier to acknowledge, on the connection that asked for it; 0 for none. */
  readonly id: number;
  readonly connection: Connection | undefined;
  /** The payload says that the event was not taken in: the client is to have that, or the event anew. */
  readonly isRefusal?: true;
  /** What has to be kept before it is acknowledged. */
  readonly pledge?: Pledge | undefined;
  /** Like ones in a row: a flood costs a number, not memory. */
  count: number;
}

/** Is there no room for another acknowledgement? */
export function isCrowded(followers: readonly Follower[] | undefined): boolean {
  return followers !== undefined && followers.length >= CROWD;
}

/** Adds to those behind an event; false when there is no room. */
export function addFollower(followers: Follower[], follower: Follower): boolean {
  const last = followers.at(-1);
  if (last && isLike(last, follower)) last.count += follower.count;
  else if (followers.length < MAX_KINDS) followers.push(follower);
  else return false;
  return true;
}

function isLike(a: Follower, b: Follower): boolean {
  if (a.id !== 0 || b.id !== 0 || a.address !== b.address || !a.payload || !b.payload) return false;
  return Buffer.compare(a.payload, b.payload) === 0;
}
