/** How server code of a host speaks to clients and topics: over the host's connection to its broker. */
import {
  type Bus,
  type Logger,
  type Member,
  N2OError,
  type PublishOptions,
  reason,
  requireHearable,
  requireMember,
  requirePublishable,
  type Subscription,
  tellTopic,
  vnodeOf,
} from '@n2o/shared';
import type { Line } from './line.ts';
import type { SendLimit } from './send-limit.ts';
import { type Listener, Subscriptions } from './subscriptions.ts';
import type { Publish } from './wire.ts';

/** Messages that the broker has not acknowledged, bytes that it has not read, and filters. */
const MAX_OPEN = 10_000;
const MAX_WAITING = 32 * 1024 * 1024;
const MAX_FILTERS = 10_000;

/** Filters that one packet subscribes. */
const FILTERS = 64;

const TELL = { qos: 1, retain: false } as const;

export class LinkBus implements Bus {
  /** Of what the broker takes. */
  readonly limit: SendLimit;
  readonly #vnodes: number;
  readonly #log: Logger;
  readonly #subscriptions: Subscriptions;
  #line: Line | undefined;
  #open = 0;

  /** @param vnodes of the cluster */
  constructor(vnodes: number, limit: SendLimit, log: Logger) {
    this.#vnodes = vnodes;
    this.limit = limit;
    this.#log = log;
    this.#subscriptions = new Subscriptions(log);
  }

  /** There is a connection: subscribes anew. @throws N2O_LINK_CLOSED */
  async attach(line: Line): Promise<void> {
    this.#line = line;
    void this.limit.look();
    const { filters } = this.#subscriptions;
    for (let i = 0; i < filters.length; i += FILTERS) {
      await line.dialogue.subscribe(filters.slice(i, i + FILTERS)).catch((err: N2OError) => {
        if (err.code === 'N2O_LINK_CLOSED') throw err;
        this.#log.error({ err }, 'the broker does not let server code hear what it did before');
      });
    }
  }

  /** The connection is gone. */
  detach(): void {
    this.#line = undefined;
    this.limit.doubt();
  }

  /** The broker has sent something. */
  hear(packet: Publish): void {
    if (this.#subscriptions.size === 0) return;
    const { topic, payload, retain } = packet;
    if (packet.truncated) this.#log.warn({ topic }, 'publication dropped: it is too large');
    else this.#subscriptions.hear({ topic, payload, retain });
  }

  async publish(
    topic: string,
    payload: Uint8Array,
    options: Required<PublishOptions>,
  ): Promise<void> {
    requirePublishable(topic);
    await this.#send(topic, payload, options);
  }

  async tell(member: Required<Member>, payload: Uint8Array): Promise<void> {
    requireMember(member);
    const { client, module, version } = member;
    const topic = tellTopic(version, vnodeOf(client, this.#vnodes), module, client);
    await this.#send(topic, payload, TELL);
  }

  async subscribe(filter: string, listener: Listener): Promise<Subscription> {
    requireHearable(filter);
    const line = this.#connected();
    if (this.#subscriptions.size >= MAX_FILTERS) {
      throw new N2OError('N2O_BUS_UNAVAILABLE', 'there are too many subscriptions');
    }
    // One listener may be there twice: each has a subscription of its own.
    const hear: Listener = (publication) => listener(publication);
    this.#subscriptions.add(filter, hear);
    try {
      // Also when others have the filter: what is retained is for this one as well.
      await line.dialogue.subscribe([filter]);
    } catch (cause) {
      await this.#leave(filter, hear);
      throw unavailable(cause);
    }
    return { unsubscribe: () => this.#leave(filter, hear) };
  }

  async #leave(filter: string, listener: Listener): Promise<void> {
    if (!this.#subscriptions.remove(filter, listener)) return;
    // With the connection the subscription is gone as well.
    await this.#line?.dialogue.unsubscribe(filter).catch(() => {});
  }

  async #send(
    topic: string,
    payload: Uint8Array,
    { qos, retain }: Required<PublishOptions>,
  ): Promise<void> {
    if (!this.limit.fits(Buffer.byteLength(topic), payload.length)) {
      throw new N2OError('N2O_PACKET_LIMIT');
    }
    const line = this.#connected();
    if (this.#open >= MAX_OPEN || line.waiting + payload.length > MAX_WAITING) {
      throw new N2OError('N2O_BUS_UNAVAILABLE', 'the broker does not take what it is sent');
    }
    this.#open++;
    try {
      await line.dialogue.publish(topic, payload, qos, retain);
    } catch (cause) {
      throw unavailable(cause);
    } finally {
      this.#open--;
    }
  }

  #connected(): Line {
    if (this.#line !== undefined) return this.#line;
    throw new N2OError('N2O_BUS_UNAVAILABLE', 'there is no connection to the broker');
  }
}

function unavailable(cause: unknown): N2OError {
  return new N2OError('N2O_BUS_UNAVAILABLE', reason(cause), { cause });
}
