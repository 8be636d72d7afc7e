/** What the client is subscribed to, on every connection anew. */
import { isTopicFilter, N2OError, reason } from '@n2o/shared';
import type { PacketIds } from './packet-ids.ts';
import type { Transport } from './transport.ts';

type QoS = 0 | 1 | 2;

/** SUBACK's code for a refusal [MQTT-3.9.3-2]. */
const REFUSED = 128;

interface Request {
  readonly filters: ReadonlyMap<string, QoS>;
  resolve(): void;
  reject(error: N2OError): void;
}

export class Subscriptions {
  readonly #ids: PacketIds;
  readonly #filters = new Map<string, QoS>();
  /** Requests that were not answered yet; they are sent again on the next connection. */
  readonly #requests = new Set<Request>();
  #transport: Transport | undefined;
  #closed: N2OError | undefined;

  constructor(ids: PacketIds) {
    this.#ids = ids;
  }

  /**
   * Subscribes now, or as soon as there is a connection; resolves when it is granted.
   *
   * @throws N2OError `N2O_TOPIC_FILTER`, `N2O_TOPIC_FORBIDDEN`, `N2O_CLIENT_CLOSED`
   */
  async add(filters: readonly string[], qos: QoS): Promise<void> {
    const bad = filters.find((filter) => !isTopicFilter(filter));
    if (bad !== undefined) {
      throw new N2OError('N2O_TOPIC_FILTER', `the topic filter "${bad}" is not acceptable`);
    }
    if (this.#closed) throw this.#closed;
    await new Promise<void>((resolve, reject) => {
      const wanted = new Map(filters.map((filter) => [filter, qos]));
      const request: Request = { filters: wanted, resolve, reject };
      this.#requests.add(request);
      this.#send(request);
    });
  }

  /** Unsubscribes. Without a connection there is nothing to say to the broker but to not subscribe again. */
  async remove(filters: readonly string[]): Promise<void> {
    for (const filter of filters) this.#filters.delete(filter);
    const transport = this.#transport;
    if (!transport) return;
    const id = this.#ids.take();
    await transport
      .unsubscribe(filters, id)
      // The connection ended: the next one does not subscribe to them.
      .catch(() => {})
      .finally(() => this.#ids.free(id));
  }

  /** There is a connection: subscribes to all unless the broker kept the session. */
  connected(transport: Transport, resumed: boolean): void {
    this.#transport = transport;
    if (!resumed && this.#filters.size > 0) this.#restore(transport);
    for (const request of this.#requests) this.#send(request);
  }

  disconnected(): void {
    this.#transport = undefined;
  }

  /** Gives up: rejects what was not granted yet and what is asked for from now on. */
  close(error: N2OError): void {
    this.#closed = error;
    for (const request of this.#requests) request.reject(error);
    this.#requests.clear();
  }

  #restore(transport: Transport): void {
    const id = this.#ids.take();
    transport
      .subscribe(this.#filters, id)
      // The connection ended: the next one subscribes again.
      .catch(() => {})
      .finally(() => this.#ids.free(id));
  }

  #send(request: Request): void {
    const transport = this.#transport;
    if (!transport) return;
    const id = this.#ids.take();
    transport
      .subscribe(request.filters, id)
      .then(
        (granted) => this.#granted(request, granted),
        (error) => {
          // A connection that ended is no answer: the request waits for the next one.
          if (this.#transport !== transport) return;
          this.#requests.delete(request);
          request.reject(new N2OError('N2O_CLIENT_CONNECT', reason(error), { cause: error }));
        },
      )
      .finally(() => this.#ids.free(id));
  }

  #granted(request: Request, granted: readonly number[]): void {
    this.#requests.delete(request);
    const refused: string[] = [];
    for (const [i, [filter, qos]] of [...request.filters].entries()) {
      if (granted[i] === REFUSED) refused.push(filter);
      else this.#filters.set(filter, qos);
    }
    if (refused.length === 0) request.resolve();
    else {
      const list = refused.map((filter) => `"${filter}"`).join(', ');
      request.reject(
        new N2OError('N2O_TOPIC_FORBIDDEN', `the broker refused to subscribe to ${list}`),
      );
    }
  }
}
