/** The sessions of a broker, by client id: those with a connection, and those that are kept. */
import { type Extent, selectsOwnActions } from '@n2o/shared';
import type { Archive } from '../keeping/archive.ts';
import { KeptSession } from '../keeping/kept-session.ts';
import type { SessionRecord } from '../keeping/records.ts';
import type { Router } from '../routing/router.ts';
import { Outbox } from './outbox.ts';
import { Session } from './session.ts';

/** How a session is opened. */
export interface Opening {
  readonly clean: boolean;
  /** It belongs to a vnode host: kept, but not longer than the broker runs. */
  readonly volatile?: boolean;
}

export class Sessions {
  readonly #archive: Archive;
  readonly #router: Router;
  readonly #sessions = new Map<string, Session>();
  /** Those without a connection, the longest away first. */
  readonly #away = new Map<string, Session>();

  constructor(archive: Archive, router: Router) {
    this.#archive = archive;
    this.#router = router;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get kept(): number {
    return this.#away.size;
  }

  get(client: string): Session | undefined {
    return this.#sessions.get(client);
  }

  /** The session for a new connection [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.1.2-6]. */
  open(client: string, how: Opening): { session: Session; present: boolean } {
    const old = this.#sessions.get(client);
    this.#away.delete(client);
    if (old && !old.clean && !how.clean) {
      old.left = 0;
      old.save();
      return { session: old, present: true };
    }
    if (old) this.end(old);
    const session = this.#create(client, how);
    session.save();
    return { session, present: false };
  }

  /** The connection of a session is gone. */
  leave(session: Session): void {
    session.connection = undefined;
    session.outbox.detach();
    if (session.clean) {
      this.end(session);
      return;
    }
    if (!session.kept) return;
    session.left = Date.now();
    session.save();
    this.#away.set(session.client, session);
    if (this.#away.size <= this.#archive.limits.keptSessions) return;
    const [oldest] = this.#away.values();
    if (oldest) this.end(oldest);
  }

  /** Ends those whose client has been away for too long. */
  expire(): void {
    const before = Date.now() - this.#archive.limits.sessionLifetime;
    for (const session of this.#away.values()) {
      if (session.left > before) continue;
      this.#archive.counters.expiredSessions++;
      this.end(session);
    }
  }

  /** After a restart: a session as it was, of a client that is away. */
  restore(client: string, record: SessionRecord, extent: Extent | undefined, sent: number): void {
    const session = this.#create(client, { clean: false });
    // Who was there when the last run ended has left now.
    session.left = record.left || Date.now();
    if (extent) session.kept?.queue.restore(extent, sent);
    for (const [filter, qos] of record.subscriptions) {
      session.subscribe(filter, qos);
      if (!selectsOwnActions(filter, client)) this.#router.subscribe(session, filter, qos);
    }
    if (record.left === 0) session.save();
    this.#away.set(client, session);
  }

  /** After a restart: those that have been away the longest come first again, and no more than may. */
  restored(): void {
    const sessions = [...this.#away.values()].sort((a, b) => a.left - b.left);
    this.#away.clear();
    for (const session of sessions) this.#away.set(session.client, session);
    const tooMany = Math.max(0, sessions.length - this.#archive.limits.keptSessions);
    for (const session of sessions.slice(0, tooMany)) this.end(session);
  }

  #create(client: string, { clean, volatile = false }: Opening): Session {
    const { limits, counters, backlog } = this.#archive;
    const kept = clean || volatile ? undefined : new KeptSession(this.#archive, client);
    const outbox = new Outbox(limits, counters, backlog, kept?.queue, volatile);
    const session = new Session(client, clean, outbox, kept);
    this.#sessions.set(client, session);
    return session;
  }

  /** A session is over: nothing of it is kept. */
  end(session: Session): void {
    session.outbox.end();
    session.receipts?.clear();
    session.kept?.drop();
    this.#sessions.delete(session.client);
    this.#away.delete(session.client);
    for (const filter of session.subscriptions?.keys() ?? []) {
      if (!selectsOwnActions(filter, session.client)) this.#router.unsubscribe(session, filter);
    }
    session.subscriptions = undefined;
  }
}
