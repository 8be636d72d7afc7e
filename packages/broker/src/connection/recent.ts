/** The last answers of a connection that the client does not acknowledge. */
import type { PendingEvent } from '../routing/event.ts';
import { type Cause, kept, UNREPEATABLE } from '../session/cause.ts';
import type { Session } from '../session/session.ts';

/** This many are kept in mind. */
const MAX = 16;
/** Bytes of an action; an event with a larger one runs again when it is repeated. */
const MAX_ACTION = 16 * 1024;

/** An event that was answered. */
export interface Answered {
  readonly cause: Cause;
  /** The topic of the action. */
  readonly topic: Uint8Array;
  readonly action: Uint8Array | undefined;
}

/**
 * Kept in case the connection breaks before the client has them. An action of QoS 1 or 2 is mostly
 * not among them: it stays in the outbox, with its cause, until the client acknowledges it. But where
 * it lines up behind others it may be in the store alone, without its cause; and where the store
 * outlives us PUBACK leaves behind the action, so that who has the one need not have the other.
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
    const { kept: store, outbox } = session;
    const isBehind = qos > 0 && !!store && (store.queue.durable || outbox.queued > 0);
    if (!isUnsure && !isBehind) return;
    // What is kept the session sends by itself.
    const reply = isUnsure ? action : undefined;
    if (reply && reply.length > MAX_ACTION) return;
    this.#answers ??= [];
    this.#answers.push({
      // What tells it from others is made of it when the connection ends: that takes longer than this.
      cause: qos === 0 ? UNREPEATABLE : { id, topic: route.topic, payload: kept(payload) },
      topic: route.actionsBytes,
      action: reply && kept(reply),
    });
    if (this.#answers.length > MAX) this.#answers.shift();
  }
}
