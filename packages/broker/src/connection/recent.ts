/** The last answers of a connection that the client does not acknowledge. */
import type { PendingEvent } from '../routing/event.ts';
import { fingerprint, kept } from '../session/cause.ts';
import type { Session } from '../session/session.ts';

/** This many are kept in mind. */
const MAX = 16;
/** Bytes of an action; an event with a larger one runs again when it is repeated. */
const MAX_ACTION = 16 * 1024;

/** An event that was answered. */
export interface Answered {
  /** Its packet identifier; 0 with QoS 0. */
  readonly id: number;
  readonly fingerprint: string;
  /** The topic of the action. */
  readonly topic: Uint8Array;
  readonly action: Uint8Array | undefined;
}

/**
 * Kept in case the connection breaks before the client has them. An action of QoS 1 or 2 is not
 * among them: it stays in the outbox, with its cause, until the client acknowledges it. But where
 * it lines up behind others it may be in the store alone, without its cause.
 */
export class RecentAnswers {
  #answers: Answered[] | undefined;

  get all(): readonly Answered[] {
    return this.#answers ?? [];
  }

  /** @param displaced the connection took over: what it was sent with QoS 0 may be for another */
  add(event: PendingEvent, action: Uint8Array | undefined, session: Session, displaced: boolean) {
    const { id, qos, route, payload } = event;
    const isUnsure = qos === 0 ? displaced : !action || session.granted(route.actions) === 0;
    const isInLine = qos > 0 && session.kept !== undefined && session.outbox.queued > 0;
    if (!isUnsure && !isInLine) return;
    // What is in line the session sends by itself.
    const reply = isUnsure ? action : undefined;
    if (reply && reply.length > MAX_ACTION) return;
    this.#answers ??= [];
    this.#answers.push({
      id,
      fingerprint: qos === 0 ? '' : fingerprint(route.topic, payload),
      topic: route.actionsBytes,
      action: reply && kept(reply),
    });
    if (this.#answers.length > MAX) this.#answers.shift();
  }
}
