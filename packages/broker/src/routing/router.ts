/** General publish/subscribe beside the events: Aedes matches, our outboxes deliver. */
import { parseActions } from '@n2o/shared';
import { Aedes, type AedesPublishPacket } from 'aedes';
import type { Counters } from '../counters.ts';
import type { Archive } from '../keeping/archive.ts';
import type { Pledge } from '../keeping/pledge.ts';
import { RETAINED, writePublication } from '../keeping/records.ts';
import type { Session } from '../session/session.ts';
import { lower, type Publication, type QoS, type Subscription } from '../wire/packet.ts';
import { Audience, type Listener } from './audience.ts';
import { Replays } from './replays.ts';
import { Retained } from './retained.ts';

/** What topics of actions begin with. */
const ACTIONS = 'actions/';

type Deliver = (packet: AedesPublishPacket, done: () => void) => void;

interface Filter {
  readonly sessions: Map<Session, QoS>;
  readonly deliver: Deliver;
}

/**
 * One subscription in Aedes per filter, whoever has it. Messages enter Aedes as QoS 0, which makes
 * matching synchronous: nothing overtakes anything, and no delivery waits for another's socket.
 * Quality of service, order, windows and offline queues are the outbox's.
 */
export class Router {
  readonly retained: Retained;
  /** No session gets actions that are not its own. */
  readonly privateActions: boolean;
  readonly #replays: Replays;
  readonly #aedes: Aedes;
  readonly #archive: Archive;
  readonly #counters: Counters;
  readonly #filters = new Map<string, Filter>();
  readonly #audience: Audience;
  /** Sessions that the message at hand goes to, with the highest QoS of their filters [MQTT-3.3.5-1]. */
  #matched: Map<Session, QoS> | undefined;
  /** Filters that may select actions: while there are none, actions need not be matched at all. */
  #watchers = 0;

  private constructor(aedes: Aedes, archive: Archive, privateActions: boolean) {
    this.privateActions = privateActions;
    this.#aedes = aedes;
    this.#archive = archive;
    this.#counters = archive.counters;
    this.retained = new Retained(archive.limits);
    const shows = (topic: string, session: Session) => this.shows(topic, session);
    this.#replays = new Replays(this.retained, archive, shows);
    this.#audience = new Audience(aedes, this.retained);
  }

  static async create(archive: Archive, privateActions: boolean): Promise<Router> {
    const aedes = new Aedes({ concurrency: 0 });
    await aedes.listen();
    return new Router(aedes, archive, privateActions);
  }

  get filters(): number {
    return this.#filters.size;
  }

  /** Whether anyone has a filter that may select actions of others. */
  get watched(): boolean {
    return this.#watchers > 0;
  }

  subscribe(session: Session, filter: string, qos: QoS): void {
    let entry = this.#filters.get(filter);
    if (!entry) {
      const sessions = new Map<Session, QoS>();
      entry = { sessions, deliver: this.#collector(sessions, /^[+#]/.test(filter)) };
      this.#filters.set(filter, entry);
      this.#aedes.subscribe(filter, entry.deliver, ignore);
      if (mayWatch(filter)) this.#watchers++;
    }
    entry.sessions.set(session, qos);
  }

  unsubscribe(session: Session, filter: string): void {
    const entry = this.#filters.get(filter);
    if (!entry?.sessions.delete(session) || entry.sessions.size > 0) return;
    this.#filters.delete(filter);
    this.#aedes.unsubscribe(filter, entry.deliver, ignore);
    if (mayWatch(filter)) this.#watchers--;
  }

  /**
   * Hands a message to all who subscribed to its topic, but not to `except`; keeps it if it is to
   * be retained. The payload must not change afterwards.
   */
  publish(message: Publication, except?: Session, pledge?: Pledge): void {
    const { topic, payload } = message;
    if (message.retain) this.retain(message, pledge);
    const matched = new Map<Session, QoS>();
    this.#matched = matched;
    this.#aedes.publish(
      { cmd: 'publish', topic, payload: asBuffer(payload), qos: 0, retain: false, dup: false },
      ignore,
    );
    this.#matched = undefined;
    matched.delete(except as Session);
    if (matched.size > 0) {
      const bytes = Buffer.from(topic);
      for (const [session, granted] of matched) {
        session.outbox.send(bytes, payload, lower(granted, message.qos), false, undefined, pledge);
      }
    }
    // Behind the clients: what listeners say upon it comes after it.
    this.#audience.speak(topic, payload);
  }

  /** Keeps a message for those who subscribe later. */
  retain(message: Publication, pledge: Pledge | undefined): void {
    if (!this.retained.store(message)) {
      this.#counters.drops++;
      return;
    }
    const { journal, now, durable } = this.#archive;
    if (!durable) return;
    const { topic, payload } = message;
    if (payload.length === 0) journal.remove(RETAINED, topic);
    else journal.put(RETAINED, topic, writePublication(message, now));
    this.#archive.keep(pledge);
  }

  /**
   * Lets server code hear what is published to a filter, first what is retained; returns what ends it.
   * The listener must not throw.
   */
  follow(filter: string, listener: Listener): () => void {
    if (mayWatch(filter)) this.#watchers++;
    const leave = this.#audience.follow(filter, listener);
    return () => {
      if (leave() && mayWatch(filter)) this.#watchers--;
    };
  }

  /** Sends what is retained to a session that has just subscribed. */
  replay(session: Session, subscription: Subscription): void {
    this.#replays.add(session, subscription);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#aedes.close(resolve));
  }

  /** Whether a session may have what is said on a topic: where actions are private, hosts alone have those of others. */
  shows(topic: string, { connection, client }: Session): boolean {
    if (!this.privateActions || !topic.startsWith(ACTIONS)) return true;
    return connection?.isHost === true || parseActions(topic)?.client === client;
  }

  /** @param wild the filter begins with a wildcard: it does not select topics with a leading `$` [MQTT-4.7.2-1] */
  #collector(sessions: ReadonlyMap<Session, QoS>, wild: boolean): Deliver {
    return ({ topic, payload }, done) => {
      done();
      if (wild && topic.startsWith('$')) return;
      const matched = this.#matched;
      for (const [session, qos] of sessions) {
        if (!this.shows(topic, session)) continue;
        // What Aedes itself says under $SYS comes without our publish().
        if (!matched) session.outbox.send(Buffer.from(topic), Buffer.from(payload), 0, false);
        else if (qos > (matched.get(session) ?? -1)) matched.set(session, qos);
      }
    };
  }
}

function mayWatch(filter: string): boolean {
  return /^(?:actions\/|\+|#)/.test(filter);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function ignore(): void {}
