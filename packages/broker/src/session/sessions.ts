/** The sessions of a broker, by client id: those with a connection, and those that are kept. */

import { selectsOwnActions } from '@n2o/shared';
import type { Counters } from '../counters.ts';
import type { Limits } from '../limits.ts';
import type { Router } from '../routing/router.ts';
import { type Backlog, Outbox } from './outbox.ts';
import { Session } from './session.ts';

export class Sessions {
  /** What lines up for all of them. */
  readonly backlog: Backlog = { bytes: 0 };
  readonly #limits: Limits;
  readonly #counters: Counters;
  readonly #router: Router;
  readonly #sessions = new Map<string, Session>();
  /** Those without a connection, the longest away first. */
  readonly #kept = new Map<string, Session>();

  constructor(limits: Limits, counters: Counters, router: Router) {
    this.#limits = limits;
    this.#counters = counters;
    this.#router = router;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get kept(): number {
    return this.#kept.size;
  }

  get(client: string): Session | undefined {
    return this.#sessions.get(client);
  }

  /** The session for a new connection [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.1.2-6]. */
  open(client: string, clean: boolean): { session: Session; present: boolean } {
    const old = this.#sessions.get(client);
    this.#kept.delete(client);
    if (old && !old.clean && !clean) return { session: old, present: true };
    if (old) this.#end(old);
    const session = new Session(
      client,
      clean,
      new Outbox(this.#limits, this.#counters, this.backlog),
    );
    this.#sessions.set(client, session);
    return { session, present: false };
  }

  /** The connection of a session is gone. */
  leave(session: Session): void {
    session.connection = undefined;
    session.outbox.detach();
    if (session.clean) {
      this.#end(session);
      return;
    }
    this.#kept.set(session.client, session);
    if (this.#kept.size <= this.#limits.keptSessions) return;
    const [oldest] = this.#kept.values();
    if (oldest) this.#end(oldest);
  }

  #end(session: Session): void {
    session.outbox.end();
    this.#sessions.delete(session.client);
    this.#kept.delete(session.client);
    for (const filter of session.subscriptions?.keys() ?? []) {
      if (!selectsOwnActions(filter, session.client)) this.#router.unsubscribe(session, filter);
    }
  }
}
