/** How server code of the broker's own process speaks to clients and topics: the ordinary ways of the broker. */
import {
  type Bus,
  ERRORS,
  type Logger,
  type Member,
  N2OError,
  type Publication,
  type PublishOptions,
  parseActions,
  requireHearable,
  requireMember,
  requirePublishable,
  type Subscription,
} from '@n2o/shared';
import { requireFitting } from '../connection/topic-limits.ts';
import type { Counters } from '../counters.ts';
import type { Archive } from '../keeping/archive.ts';
import type { Pledge } from '../keeping/pledge.ts';
import type { Publication as Message } from '../wire/packet.ts';
import type { Events } from './events.ts';
import type { Router } from './router.ts';
import type { Tells } from './tells.ts';

/** Publications that wait for what they promise, and subscriptions: of all workers together. */
const MAX_WAITING = 65_536;
const MAX_SUBSCRIPTIONS = 65_536;

export interface BusParts {
  readonly router: Router;
  readonly events: Events;
  readonly tells: Tells;
  readonly archive: Archive;
  readonly counters: Counters;
  readonly log: Logger;
}

export class BrokerBus implements Bus {
  readonly #parts: BusParts;
  readonly #leaves = new Set<() => void>();
  #waiting = 0;
  #closed = false;

  constructor(parts: BusParts) {
    this.#parts = parts;
  }

  async publish(
    topic: string,
    payload: Uint8Array,
    { qos, retain }: Required<PublishOptions>,
  ): Promise<void> {
    const { archive, counters } = this.#parts;
    this.#requireOpen();
    requirePublishable(topic);
    requireFitting(topic, archive.limits);
    if (qos > 0 && (archive.isDown || archive.journal.isFull || this.#waiting >= MAX_WAITING)) {
      throw new N2OError('N2O_BUS_UNAVAILABLE', 'the store does not take what is published');
    }
    counters.publishes++;
    const pledge = archive.promise(qos);
    this.#route({ topic, payload, qos, retain }, pledge);
    if (!pledge) return;
    this.#waiting++;
    await new Promise<void>((resolve) => {
      pledge.whenKept(resolve);
      pledge.release();
    });
    this.#waiting--;
  }

  async tell(member: Required<Member>, payload: Uint8Array): Promise<void> {
    this.#requireOpen();
    requireMember(member);
    const { archive, tells } = this.#parts;
    requireFitting(member.client, archive.limits);
    if (archive.isDown) throw new N2OError('N2O_BUS_UNAVAILABLE', ERRORS.N2O_BUSY_STORE);
    if (tells.isGone(member.client)) throw new N2OError('N2O_MEMBER_GONE');
    const full = tells.tell(member, payload);
    if (full) throw new N2OError(full);
  }

  async subscribe(
    filter: string,
    listener: (publication: Publication) => void,
  ): Promise<Subscription> {
    this.#requireOpen();
    requireHearable(filter);
    requireFitting(filter, this.#parts.archive.limits);
    if (this.#leaves.size >= MAX_SUBSCRIPTIONS) {
      throw new N2OError('N2O_BUS_UNAVAILABLE', 'there are too many subscriptions');
    }
    const { router, log } = this.#parts;
    const end = router.follow(filter, (topic, payload, retain) => {
      try {
        listener({ topic, payload, retain });
      } catch (err) {
        log.error({ err, topic }, 'a listener threw');
      }
    });
    this.#leaves.add(end);
    return {
      unsubscribe: async () => {
        this.#leaves.delete(end);
        end();
      },
    };
  }

  /** Nothing is said or heard any more. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const end of this.#leaves) end();
    this.#leaves.clear();
  }

  #route(message: Message, pledge: Pledge | undefined): void {
    const { router, events } = this.#parts;
    const { topic, payload, qos, retain } = message;
    const to = parseActions(topic);
    if (!to) {
      router.publish(message, undefined, pledge);
      return;
    }
    if (retain) router.retain(message, pledge);
    events.push(to.client, topic, payload, qos, pledge);
  }

  #requireOpen(): void {
    if (this.#closed) throw new N2OError('N2O_BUS_UNAVAILABLE', 'the broker is closing');
  }
}
