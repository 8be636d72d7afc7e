/** The last answers of a connection that the client does not acknowledge. */
import type { PendingEvent } from '../routing/event.ts';
import type { Session } from '../session/session.ts';

/** This many are kept in mind. */
const MAX = 16;

/** An event that was answered. */
export interface Answered {
  readonly event: PendingEvent;
  readonly action: Uint8Array | undefined;
}

/**
 * Kept in case the connection breaks before the client has them. An action of QoS 1 or 2 is not
 * among them: it stays in the outbox, with its event, until the client acknowledges it.
 */
export class RecentAnswers {
  #answers: Answered[] | undefined;

  get all(): readonly Answered[] {
    return this.#answers ?? [];
  }

  /** @param displaced the connection took over: what it was sent with QoS 0 may be for another */
  add(event: PendingEvent, action: Uint8Array | undefined, session: Session, displaced: boolean) {
    if (!isUnsure(event, action, session, displaced)) return;
    this.#answers ??= [];
    this.#answers.push({ event, action });
    if (this.#answers.length > MAX) this.#answers.shift();
  }
}

function isUnsure(
  { qos, route }: PendingEvent,
  action: Uint8Array | undefined,
  session: Session,
  displaced: boolean,
): boolean {
  if (qos === 0) return displaced;
  return !action || (session.subscriptions !== undefined && route.grantOf(session) === 0);
}
