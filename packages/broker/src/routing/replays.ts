/** Sends what is retained to sessions that have just subscribed, a slice per turn of the event loop. */
import type { Session } from '../session/session.ts';
import { lower, type Subscription } from '../wire/packet.ts';
import type { Retained, RetainedMessage } from './retained.ts';

/** Retained messages that are looked at in one turn. */
const SLICE = 2_000;

interface Replay {
  readonly session: Session;
  readonly subscription: Subscription;
  readonly candidates: Iterator<RetainedMessage>;
}

export class Replays {
  readonly #retained: Retained;
  #waiting: Replay[] = [];
  #scheduled = false;

  constructor(retained: Retained) {
    this.#retained = retained;
  }

  /** Begins at once; what is more than a slice waits for its turn [MQTT-3.3.1-6]. */
  add(session: Session, subscription: Subscription): void {
    if (this.#retained.size === 0) return;
    const candidates = this.#retained.candidates(subscription.filter);
    this.#waiting.push({ session, subscription, candidates });
    if (!this.#scheduled) this.#run();
  }

  #run(): void {
    let left = SLICE;
    while (left > 0) {
      const [first] = this.#waiting;
      if (!first) break;
      left = this.#advance(first, left);
      if (left > 0) this.#waiting.shift();
    }
    this.#scheduled = this.#waiting.length > 0;
    if (this.#scheduled) setImmediate(() => this.#run());
  }

  /** Looks at so many candidates; returns what is left of them when the replay is over, else 0. */
  #advance({ session, subscription: { filter, qos }, candidates }: Replay, budget: number): number {
    for (let left = budget; left > 0; left--) {
      const { value: message, done } = candidates.next();
      // Nobody is there any more, or does not want it any more.
      if (done || !session.connection || !session.subscriptions?.has(filter)) return left;
      if (!this.#retained.isSelected(filter, message)) continue;
      const { topic, payload } = message;
      const sent = session.outbox.send(
        Buffer.from(topic),
        payload,
        lower(qos, message.qos),
        true,
        undefined,
      );
      if (!sent) return left;
    }
    return 0;
  }
}
