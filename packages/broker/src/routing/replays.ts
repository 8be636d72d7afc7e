/** Sends what is retained to sessions that have just subscribed, a slice per turn of the event loop. */
import type { Archive } from '../keeping/archive.ts';
import type { Session } from '../session/session.ts';
import { lower, type Subscription } from '../wire/packet.ts';
import type { Retained, RetainedMessage } from './retained.ts';

/** Retained messages that are looked at in one turn. */
const SLICE = 2_000;

/** Milliseconds until those are looked at again of whom none keeps up. */
const PAUSE = 20;

interface Replay {
  readonly session: Session;
  readonly subscription: Subscription;
  readonly candidates: Iterator<RetainedMessage>;
}

export class Replays {
  readonly #retained: Retained;
  readonly #archive: Archive;
  readonly #shows: (topic: string, session: Session) => boolean;
  #waiting: Replay[] = [];
  #scheduled = false;
  readonly #next = () => this.#run();

  /** @param shows whether a session may have what is said on a topic */
  constructor(
    retained: Retained,
    archive: Archive,
    shows: (topic: string, session: Session) => boolean,
  ) {
    this.#retained = retained;
    this.#archive = archive;
    this.#shows = shows;
  }

  /** Begins at once; what is more than a slice waits for its turn [MQTT-3.3.1-6]. */
  add(session: Session, subscription: Subscription): void {
    if (this.#retained.size === 0) return;
    const candidates = this.#retained.candidates(subscription.filter);
    this.#waiting.push({ session, subscription, candidates });
    if (!this.#scheduled) this.#run();
  }

  /** Each replay gets its share of the slice; those whose client does not keep up wait. */
  #run(): void {
    const round = this.#waiting;
    this.#waiting = [];
    const share = Math.max(1, Math.floor(SLICE / round.length));
    let moved = false;
    for (const replay of round) {
      moved ||= this.#flows(replay.session);
      if (!this.#advance(replay, share)) this.#waiting.push(replay);
    }
    this.#scheduled = this.#waiting.length > 0;
    if (!this.#scheduled) return;
    if (moved) setImmediate(this.#next);
    else setTimeout(this.#next, PAUSE).unref();
  }

  /** Looks at so many candidates, as long as the client keeps up; true when the replay is over. */
  #advance({ session, subscription: { filter, qos }, candidates }: Replay, share: number): boolean {
    for (let left = share; left > 0; left--) {
      if (this.#isOver(session, filter)) return true;
      if (!this.#flows(session)) return false;
      const { value: message, done } = candidates.next();
      if (done) return true;
      if (!this.#retained.isSelected(filter, message)) continue;
      const { topic, payload } = message;
      if (!this.#shows(topic, session)) continue;
      const best = lower(qos, message.qos);
      // What is of QoS 0 is for who is there.
      if (best > 0 || session.connection) {
        session.outbox.send(Buffer.from(topic), payload, best, true);
      }
    }
    return false;
  }

  /** Nobody wants it any more, or nobody is there for whom it could wait. */
  #isOver({ connection, kept, outbox, subscriptions }: Session, filter: string): boolean {
    if (!subscriptions?.has(filter)) return true;
    // It must not push out what waits already.
    return !connection && (!kept || outbox.queued >= this.#archive.limits.queueLength);
  }

  /** Does the client keep up; or the store, which has the rest for a client that has left meanwhile? */
  #flows({ connection, outbox }: Session): boolean {
    return connection ? outbox.flows : !this.#archive.journal.isFull;
  }
}
