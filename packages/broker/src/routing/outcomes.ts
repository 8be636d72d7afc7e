/** What an event led to: said to its client now, or kept for when it comes back. */
import { N2OError, type Outcome } from '@n2o/shared';
import type { Connection } from '../connection/connection.ts';
import type { Archive } from '../keeping/archive.ts';
import { Pledge } from '../keeping/pledge.ts';
import { fingerprint, UNREPEATABLE } from '../session/cause.ts';
import type { ReplyMemory } from '../session/memory.ts';
import type { Returning } from '../session/returning.ts';
import type { Session } from '../session/session.ts';
import type { QoS } from '../wire/packet.ts';
import type { Address } from './address.ts';
import type { Answers } from './answers.ts';
import type { PendingEvent } from './event.ts';
import type { Asker } from './guest.ts';

/** What outcomes need of the broker. */
export interface OutcomeParts {
  readonly answers: Answers;
  readonly archive: Archive;
  readonly memory: ReplyMemory;
  readonly returning: Returning;
  readonly sessionOf: (client: string) => Session | undefined;
}

export class Outcomes {
  readonly #parts: OutcomeParts;

  constructor(parts: OutcomeParts) {
    this.#parts = parts;
  }

  /** The client waits for it. */
  answer(event: PendingEvent, connection: Connection, action: Uint8Array | undefined): void {
    const { route, qos, id } = event;
    const { answers } = this.#parts;
    // The acknowledgement first: who leaves upon it leaves the action unacknowledged behind.
    const pledge = this.#promise(connection.session, qos);
    if (!pledge) answers.acknowledge(connection, qos, id);
    if (action) {
      const cause = qos === 0 ? UNREPEATABLE : { id, topic: route.topic, payload: event.payload };
      answers.action(connection.session, route, action, qos, cause, pledge);
    }
    if (pledge) this.#acknowledge(connection, qos, id, pledge);
    if (connection.session) {
      connection.recent.add(event, action, connection.session, connection.displaced);
    }
  }

  /** Somebody waits for it who does not speak MQTT; where it is an action, others may watch that. */
  tell({ route }: PendingEvent, asker: Asker, outcome: Outcome, bytes?: Uint8Array): void {
    const { answers } = this.#parts;
    if (bytes && route.origin !== 'http') answers.show(undefined, route, bytes, 0);
    asker.answered(outcome, bytes);
  }

  /** It was acknowledged when it was stored, and stays there until its action is kept. */
  release({ route, qos }: PendingEvent, over: () => void, action: Uint8Array | undefined): void {
    const { answers, archive, returning, sessionOf } = this.#parts;
    const session = sessionOf(route.client);
    const pledge = archive.promise(qos) ?? new Pledge();
    pledge.whenKept(over);
    if (action) answers.action(session, route, action, qos, UNREPEATABLE, pledge);
    if (action && !session) returning.hold(route.client, route.actionsBytes, action, qos);
    pledge.release();
  }

  /** It came to nothing: who has stored it gives it again, and who waits for it is to come again with it. */
  lose({ over, qos, id, connection, route }: PendingEvent): void {
    over?.(true);
    if (over || qos === 0) return;
    // Else it would be taken for one that is under way.
    if (qos === 2) this.#parts.sessionOf(route.client)?.receipts?.release(id);
    // An acknowledgement that never comes has no other form in MQTT 3.1.1.
    connection?.fail(new N2OError('N2O_HOST_UNAVAILABLE'));
  }

  /** Server code has told the client's module something: nobody waits for what came of it. */
  push(route: Address, action: Uint8Array | undefined): void {
    if (action) this.#parts.answers.action(this.#parts.sessionOf(route.client), route, action, 1);
  }

  /** What the acknowledgement of an event has to wait for, where anything of it is stored. */
  #promise(session: Session | undefined, qos: QoS): Pledge | undefined {
    const { archive, answers } = this.#parts;
    return session?.kept || answers.watched ? archive.promise(qos) : undefined;
  }

  /** The acknowledgement leaves when the client or the store has the action. */
  #acknowledge(connection: Connection, qos: QoS, id: number, pledge: Pledge): void {
    if (qos === 2 && connection.session?.kept) {
      connection.session.incoming.keep(id);
      this.#parts.archive.keep(pledge);
    }
    this.#parts.answers.acknowledge(connection, qos, id, pledge);
    pledge.release();
  }

  /** The connection that it came on is gone: what it led to waits for the client to come back. */
  keep(event: PendingEvent, action: Uint8Array | undefined): void {
    const { route, qos, id, payload } = event;
    const { answers, memory, returning, sessionOf } = this.#parts;
    const session = sessionOf(route.client);
    // A client with a clean session sends again what was not acknowledged, and is answered then.
    const now = session !== undefined && (qos === 0 || !session.clean);
    if (action && (now || !session)) answers.action(session, route, action, qos);
    else if (action) answers.show(session, route, action, qos);
    if (action && !session) returning.hold(route.client, route.actionsBytes, action, qos);
    if (qos === 0) return;
    memory.remember(route.client, id, fingerprint(route.topic, payload), now ? undefined : action);
    if (qos !== 2) return;
    session?.receipts?.keep(id);
    session?.receipts?.acknowledge(id);
  }
}
