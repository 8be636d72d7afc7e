/** What the broker knows of one client beyond its connection. */
import { matches } from '@n2o/shared';
import type { Connection } from '../connection/connection.ts';
import type { KeptSession } from '../keeping/kept-session.ts';
import type { QoS } from '../wire/packet.ts';
import type { Outbox } from './outbox.ts';
import { Receipts } from './receipts.ts';

/** Topics of which a session keeps in mind how it wants them. */
const MAX_GRANTS = 64;

/** A session [MQTT-3.1.2-4]: ends with its connection when `clean`, else is kept for the next one. */
export class Session {
  readonly client: string;
  readonly clean: boolean;
  readonly outbox: Outbox;
  /** What the store has of it; `undefined` where nothing is stored. */
  readonly kept: KeptSession | undefined;
  /** Milliseconds since 1970 when its client left; 0 while it is there. */
  left = 0;
  connection: Connection | undefined;
  /** Explicit subscriptions: filter → granted QoS; made when first needed. */
  subscriptions: Map<string, QoS> | undefined;
  /** Messages that came with QoS 2; made when first needed. */
  receipts: Receipts | undefined;
  /** What `granted` found, until the subscriptions change. */
  readonly #grants = new Map<string, QoS | undefined>();

  constructor(client: string, clean: boolean, outbox: Outbox, kept?: KeptSession) {
    this.client = client;
    this.clean = clean;
    this.outbox = outbox;
    this.kept = kept;
  }

  /** Messages that came with QoS 2. */
  get incoming(): Receipts {
    this.receipts ??= new Receipts(this.kept);
    return this.receipts;
  }

  /** Writes down what is to outlive the connection. */
  save(): void {
    this.kept?.save(this.subscriptions, this.left);
  }

  /** After a restart: a message was taken, and not released. */
  restoreReceipt(id: number): void {
    if (this.incoming.state(id) !== undefined) return;
    this.incoming.begin(id);
    this.incoming.acknowledge(id);
  }

  /**
   * The quality of service in which the client wants messages of a topic: the highest of its
   * subscriptions that match [MQTT-3.3.5-1], `undefined` where none does.
   */
  granted(topic: string): QoS | undefined {
    if (!this.subscriptions) return undefined;
    const known = this.#grants.get(topic);
    if (known !== undefined || this.#grants.has(topic)) return known;
    let best: QoS | undefined;
    for (const [filter, qos] of this.subscriptions) {
      if ((best === undefined || qos > best) && matches(filter, topic)) best = qos;
    }
    if (this.#grants.size >= MAX_GRANTS) this.#grants.clear();
    this.#grants.set(topic, best);
    return best;
  }

  /** Adds a subscription, or replaces the one of the same filter. */
  subscribe(filter: string, qos: QoS): void {
    this.subscriptions ??= new Map();
    this.subscriptions.set(filter, qos);
    this.#grants.clear();
  }

  /** Removes a subscription; false when there was none. */
  unsubscribe(filter: string): boolean {
    this.#grants.clear();
    return this.subscriptions?.delete(filter) ?? false;
  }
}
