/** What goes back to clients: actions, acknowledgements, error frames; and dead letters to operators. */
import {
  createFormatters,
  deadTopic,
  ERRORS,
  type ErrorCode,
  ErrorFrame,
  type Formatters,
  N2OError,
  parseActions,
  withoutToken,
} from '@n2o/shared';
import type { Connection } from '../connection/connection.ts';
import type { Counters } from '../counters.ts';
import type { Pledge } from '../keeping/pledge.ts';
import type { Cause } from '../session/cause.ts';
import type { Session } from '../session/session.ts';
import type { QoS } from '../wire/packet.ts';
import type { Address } from './address.ts';
import type { PendingEvent } from './event.ts';
import type { Guests } from './guest.ts';
import type { Router } from './router.ts';

/** Where an action goes. */
export type ActionTopic = Pick<Address, 'actions' | 'actionsBytes'>;

export class Answers {
  readonly #router: Router;
  readonly #counters: Counters;
  readonly #guests: Guests;
  readonly #formatters: Formatters = createFormatters();

  constructor(router: Router, counters: Counters, guests: Guests) {
    this.#router = router;
    this.#counters = counters;
    this.#guests = guests;
  }

  /** Whether others than the client may get its actions. */
  get watched(): boolean {
    return this.#router.watched;
  }

  /** An error frame in the format that a payload is written in. */
  frame(payload: Uint8Array, code: ErrorCode): Uint8Array {
    const format = this.#formatters.detect(payload);
    return this.#formatters[format].encode(new ErrorFrame(code, ERRORS[code]));
  }

  /**
   * Sends an action to its client, in the quality of service that its own subscriptions ask for,
   * and to whoever else watches its topic.
   */
  action(
    session: Session | undefined,
    to: ActionTopic,
    action: Uint8Array,
    qos: QoS,
    cause?: Cause,
    pledge?: Pledge,
  ): void {
    this.#counters.actions++;
    if (session) {
      const granted = session.granted(to.actions);
      const best = granted !== undefined && granted < qos ? granted : qos;
      const sent = session.outbox.send(to.actionsBytes, action, best, false, cause, pledge);
      // Its event is acknowledged, so it must not be lost without a word: the client asks again.
      if (!sent && cause) session.connection?.fail(new N2OError('N2O_SESSION_SLOW'));
    } else if (this.#guests.size > 0) {
      this.#guests.get(parseActions(to.actions)?.client ?? '')?.act(action);
    }
    this.show(session, to, action, qos, pledge);
  }

  /** Sends an action to whoever watches its topic, but not to its client. */
  show(
    session: Session | undefined,
    to: ActionTopic,
    action: Uint8Array,
    qos: QoS,
    pledge?: Pledge,
  ): void {
    if (!this.#router.watched) return;
    const message = { topic: to.actions, payload: action, qos, retain: false };
    this.#router.publish(message, session, pledge);
  }

  /** PUBACK or PUBREC: when the client has it, its message will not come again. */
  acknowledge(connection: Connection, qos: QoS, id: number, pledge?: Pledge): void {
    if (qos === 0) return;
    if (qos === 2) connection.session?.receipts?.acknowledge(id);
    connection.acknowledgements.add(qos, id, pledge);
  }

  /** Publishes what ended its workers, for an operator to look at. */
  bury({ route, payload, qos }: PendingEvent): void {
    this.#counters.deadEvents++;
    const letter = {
      error: { code: 'N2O_EVENT_DEAD', message: ERRORS.N2O_EVENT_DEAD },
      topic: withoutToken(Buffer.from(route.topic).toString()),
      client: route.client,
      module: route.module,
      qos,
      // A request of HTTP has cookies in it, which are not for everybody.
      payload: route.origin === 'http' ? '' : Buffer.from(payload).toString('base64'),
    };
    this.#router.publish({
      topic: deadTopic(route.module, route.client),
      payload: Buffer.from(JSON.stringify(letter)),
      qos: 1,
      retain: false,
    });
  }
}
