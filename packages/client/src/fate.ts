/** What a broken connection means for the reply to a message. */
import type { Parcel } from './outbox.ts';

/**
 * - `kept`: the reply comes, if there is one, on the next connection;
 * - `gone`: it does not come: who waits for it waits in vain;
 * - `lost`: nobody can tell.
 */
export type Fate = 'kept' | 'gone' | 'lost';

/** A message and who waits for its reply. */
export interface Exchange {
  readonly kind: 'call' | 'request' | 'gap';
  /** `undefined` with QoS 0. */
  readonly parcel: Parcel | undefined;
  readonly isAwaited: boolean;
}

/**
 * @param isOurs    the broker is N2O's: it remembers how the events of a client ended, so that what
 *                  is repeated is answered, and answered once
 * @param isResumed the next connection goes on with the session; `undefined` while it is not known
 */
export function fateOf(
  { kind, parcel, isAwaited }: Exchange,
  isOurs: boolean,
  isResumed: boolean | undefined,
): Fate {
  if (!parcel) return 'lost';
  if (!parcel.sent) return 'kept';
  if (isOurs) {
    // What was acknowledged is only repeated where somebody waits, and only to a new session.
    return parcel.acknowledged && isResumed === false && !isAwaited ? 'gone' : 'kept';
  }
  // A response is known by its id, however often it comes.
  if (kind === 'request') return 'kept';
  // The broker has it, and keeps the reply for the session.
  if (parcel.acknowledged) return isResumed === false ? 'lost' : 'kept';
  // The broker may have it or not. With QoS 1 it would take a repetition for another message.
  return parcel.qos === 2 && isResumed !== false ? 'kept' : 'lost';
}

/** The same where each connection is a conversation of its own: a reply comes on it, or never. */
export function fateOfUnkept({ parcel }: Exchange): Fate {
  return parcel?.sent === false ? 'kept' : 'gone';
}
