/** What is said to a client in its turn: behind the answers to what came before. */
import type { ErrorCode } from '@n2o/shared';
import type { Connection } from '../connection/connection.ts';
import type { Counters } from '../counters.ts';
import type { Pledge } from '../keeping/pledge.ts';
import type { Session } from '../session/session.ts';
import type { QoS } from '../wire/packet.ts';
import type { Address } from './address.ts';
import type { Answers } from './answers.ts';
import type { PendingEvent } from './event.ts';
import { addFollower, type Follower, isCrowded } from './followers.ts';
import type { ClientLoad } from './load.ts';

export class InTurn {
  readonly #answers: Answers;
  readonly #counters: Counters;
  readonly #sessionOf: (client: string) => Session | undefined;
  readonly #acknowledgesAtOnce: boolean;

  /** @param acknowledgesAtOnce events are acknowledged when they are stored, so nothing waits behind them */
  constructor(
    answers: Answers,
    counters: Counters,
    sessionOf: (client: string) => Session | undefined,
    acknowledgesAtOnce: boolean,
  ) {
    this.#answers = answers;
    this.#counters = counters;
    this.#sessionOf = sessionOf;
    this.#acknowledgesAtOnce = acknowledgesAtOnce;
  }

  /** Answers an event that is not let in with an error frame. */
  refuse(load: ClientLoad, address: Address, payload: Uint8Array, code: ErrorCode): void {
    this.#count(code);
    const frame = this.#answers.frame(payload, code);
    const said = {
      address,
      payload: frame,
      qos: 0,
      id: 0,
      connection: undefined,
      count: 1,
    } as const;
    this.follow(load, load.last, said);
  }

  /** The same for an event that is acknowledged with it, and whose client is to know in any case. */
  turnAway(
    load: ClientLoad,
    connection: Connection,
    address: Address,
    payload: Uint8Array,
    qos: QoS,
    id: number,
    code: ErrorCode,
    pledge: Pledge | undefined,
  ): void {
    this.#count(code);
    const frame = this.#answers.frame(payload, code);
    const said = { address, payload: frame, qos, id, connection, count: 1, pledge };
    this.follow(load, load.last, { ...said, isRefusal: true });
  }

  /** Whether so much is to be said already that the client is not to be read from. */
  isCrowded(load: ClientLoad): boolean {
    return isCrowded(load.last?.followers);
  }

  /** Acknowledges a message that is no event, when those before it are [MQTT-4.6.0-2] [MQTT-4.6.0-3]. */
  acknowledge(
    load: ClientLoad,
    connection: Connection,
    qos: QoS,
    id: number,
    pledge?: Pledge,
  ): void {
    if (qos === 0) return;
    const said = { address: undefined, payload: undefined, qos, id, connection, count: 1, pledge };
    this.follow(load, this.#acknowledgesAtOnce ? undefined : load.last, said);
  }

  /** Says something behind the event that came before it, or now. */
  follow(load: ClientLoad, before: PendingEvent | undefined, follower: Follower): void {
    if (!before) {
      this.say(load, follower);
      return;
    }
    before.followers ??= [];
    if (!addFollower(before.followers, follower)) this.#counters.drops++;
  }

  /** Says it now. */
  say(load: ClientLoad, follower: Follower): void {
    const { address, payload, qos, id, connection, count, pledge } = follower;
    const session = this.#sessionOf(load.client);
    const isThere = connection && !connection.closed;
    if (follower.isRefusal) {
      this.#sayRefusal(session, follower, isThere);
      return;
    }
    if (isThere) this.#answers.acknowledge(connection, qos, id, pledge);
    else if (id !== 0) {
      // Who is not there any more asks again.
      if (qos === 2) session?.receipts?.acknowledge(id);
      return;
    }
    if (!payload || !address) return;
    for (let i = 0; i < count; i++) this.#answers.action(session, address, payload, qos);
  }

  /** Acknowledged when the client has the error, or the store; who has gone asks again, as if for the first time. */
  #sayRefusal(session: Session | undefined, follower: Follower, isThere = false): void {
    const { address, payload, qos, id, connection, pledge } = follower;
    if (!isThere || !connection || !address || !payload) {
      if (qos === 2) session?.receipts?.release(id);
      return;
    }
    this.#answers.action(session, address, payload, 1, undefined, pledge);
    this.#answers.acknowledge(connection, qos, id, pledge);
    pledge?.release();
  }

  #count(code: ErrorCode): void {
    if (code.startsWith('N2O_BUSY')) this.#counters.busyEvents++;
    else this.#counters.refusedEvents++;
  }
}
