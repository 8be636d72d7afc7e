/** Events: from a connection into the link of their vnode, and their outcome back to the client. */
import type { Outcome } from '@n2o/shared';
import type { Connection } from '../connection/connection.ts';
import type { Counters } from '../counters.ts';
import type { Archive } from '../keeping/archive.ts';
import type { Over } from '../keeping/event-queue.ts';
import type { Pledge } from '../keeping/pledge.ts';
import { fingerprint } from '../session/cause.ts';
import type { ReplyMemory } from '../session/memory.ts';
import type { Returning } from '../session/returning.ts';
import type { Session } from '../session/session.ts';
import type { QoS } from '../wire/packet.ts';
import type { Address } from './address.ts';
import type { Answers } from './answers.ts';
import { PendingEvent } from './event.ts';
import type { Asker, Guests } from './guest.ts';
import type { Hosts } from './hosts.ts';
import { InTurn } from './in-turn.ts';
import { ClientLoad } from './load.ts';
import { Outcomes } from './outcomes.ts';
import type { Windows } from './windows.ts';

/** What events need of the broker. */
export interface EventParts {
  readonly link: Hosts;
  readonly counters: Counters;
  readonly windows: Windows;
  readonly answers: Answers;
  readonly archive: Archive;
  /** Events are acknowledged when they are stored. */
  readonly storesFirst: boolean;
  readonly memory: ReplyMemory;
  readonly returning: Returning;
  readonly sessionOf: (client: string) => Session | undefined;
  readonly guests: Guests;
}

/** The events of a broker. */
export class Events {
  readonly windows: Windows;
  readonly inTurn: InTurn;
  readonly #outcomes: Outcomes;
  readonly #parts: EventParts;
  /** Loads of clients that are away while events of theirs are under way. */
  readonly #away = new Map<string, ClientLoad>();
  #pending = 0;
  #idle: (() => void) | undefined;

  constructor(parts: EventParts) {
    this.#parts = parts;
    this.windows = parts.windows;
    const { answers, counters, sessionOf, storesFirst } = parts;
    this.#outcomes = new Outcomes(parts);
    this.inTurn = new InTurn(answers, counters, sessionOf, storesFirst);
  }

  /** Events that are not settled yet. */
  get pending(): number {
    return this.#pending;
  }

  /** The load of a client that has just connected: its old one, when events of it are still under way. */
  adopt(client: string, vnode: number): ClientLoad {
    const load = this.#away.get(client);
    this.#away.delete(client);
    return load ?? new ClientLoad(client, vnode);
  }

  /** Whether a client is known: it has a session, or a page's connection. */
  isThere(client: string): boolean {
    return this.#parts.guests.has(client) || this.#parts.sessionOf(client) !== undefined;
  }

  /** The load of a client that may be here or away. */
  loadOf(client: string, vnode: number): ClientLoad {
    const { sessionOf, guests } = this.#parts;
    const connected = sessionOf(client)?.connection?.load ?? guests.get(client)?.load;
    return connected ?? this.#away.get(client) ?? new ClientLoad(client, vnode);
  }

  /** The client is gone; what is under way goes on. */
  abandon(load: ClientLoad, connection: Connection): void {
    this.windows.forget(load, connection);
    if (load.connection !== connection) return;
    load.connection = undefined;
    if (load.count > 0) this.#away.set(load.client, load);
  }

  /** Takes an event in; the caller has seen to it that there is room. Without a connection nobody waits for an answer. */
  accept(
    load: ClientLoad,
    connection: Connection | undefined,
    address: Address,
    payload: Uint8Array,
    qos: QoS,
    dup: boolean,
    id: number,
    over?: Over,
  ): void {
    const event = new PendingEvent(this, load, connection, address, payload, qos, dup, id, over);
    if (!load.connection && !load.guest) this.#away.set(load.client, load);
    this.#enter(event);
  }

  /** Takes an event in whose outcome somebody waits for who does not speak MQTT; there has to be room, too. */
  ask(load: ClientLoad, asker: Asker, address: Address, payload: Uint8Array): void {
    const over = undefined;
    this.#enter(
      new PendingEvent(this, load, undefined, address, payload, 0, false, 0, over, asker),
    );
  }

  #enter(event: PendingEvent): void {
    this.windows.enter(event.load, event.payload.length);
    this.#pending++;
    this.#parts.counters.events++;
    event.load.add(event);
    this.#parts.link.deliver(event);
  }

  /** Sees to a repeated event that is under way or whose end is known; false when it is neither. */
  repeat(
    load: ClientLoad,
    connection: Connection,
    address: Address,
    payload: Uint8Array,
    qos: QoS,
    id: number,
  ): boolean {
    const running = load.find(id);
    if (running?.isAgain(address, payload)) {
      running.connection = connection;
      return true;
    }
    const known = this.#parts.memory.recall(load.client, id, fingerprint(address.topic, payload));
    if (!known) return false;
    this.#parts.counters.repeatedEvents++;
    // What came on earlier connections and is under way came later than this one.
    const before = load.lastOn(connection);
    this.inTurn.follow(load, before, {
      address,
      payload: known.reply,
      qos,
      id,
      connection,
      count: 1,
      pledge: this.#parts.archive.promiseSofar(),
    });
    return true;
  }

  /** Called by an event when its outcome is known. */
  settled(event: PendingEvent, outcome: Outcome, bytes: Uint8Array | undefined): void {
    const { load, followers, route } = event;
    const { counters, answers } = this.#parts;
    const action = outcome === 'reply' || outcome === 'dead' ? bytes : undefined;
    const { connection } = event;
    if (event.asker) this.#outcomes.tell(event, event.asker, outcome, bytes);
    else if (outcome === 'lost') {
      if (this.#lose(event)) return;
    } else if (event.over) this.#outcomes.release(event, event.over, action);
    else if (connection && !connection.closed) this.#outcomes.answer(event, connection, action);
    else if (route.origin === 'server') this.#outcomes.push(route, action);
    else this.#outcomes.keep(event, action);
    for (const follower of followers ?? []) this.inTurn.say(load, follower);
    load.remove(event);
    this.windows.leave(load, event.payload.length);
    if (load.count === 0 && this.#away.get(load.client) === load) this.#away.delete(load.client);
    if (outcome === 'unknown') counters.unknownEvents++;
    else if (outcome === 'dead') answers.bury(event);
    this.#parts.link.settled(route.vnode);
    if (--this.#pending === 0) this.#idle?.();
  }

  /** Its vnode is another's by now: true where that one is known and gets it, in QoS 0 nobody does. */
  #lose(event: PendingEvent): boolean {
    this.#parts.counters.lostEvents++;
    if (event.qos > 0 && !event.over && this.#parts.link.handOver(event)) return true;
    this.#outcomes.lose(event);
    return false;
  }

  /** A host says something to a client that has not asked for it. */
  push(client: string, topic: string, action: Uint8Array, qos: QoS, pledge?: Pledge): void {
    const { answers, sessionOf } = this.#parts;
    const to = { actions: topic, actionsBytes: Buffer.from(topic) };
    answers.action(sessionOf(client), to, action, qos, undefined, pledge);
  }

  /** Resolves when nothing is under way any more. */
  async drain(): Promise<void> {
    if (this.#pending === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }
}
