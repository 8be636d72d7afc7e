/** A client of an N2O server: calls modules, hears their actions, publishes and subscribes. */
import { isTopicName, type ModuleDefinition, matches, N2OError } from '@n2o/shared';
import type { Arrival } from './arrivals.ts';
import { Calls } from './calls.ts';
import { Emitter } from './emitter.ts';
import { Envelopes } from './envelopes.ts';
import { Line } from './line.ts';
import type { CallOptions } from './options.ts';
import type { ClientEvents, ClientParts, PublishOptions } from './parts.ts';
import { type Remote, remoteOf } from './remote.ts';
import { type Settings, withoutBroker } from './settings.ts';

export class Client {
  /** The client id. */
  readonly id: string;
  readonly #settings: Settings;
  readonly #envelopes: Envelopes;
  readonly #line: Line;
  readonly #calls: Calls;
  readonly #watch: ClientParts['watch'];
  readonly #events = new Emitter<ClientEvents>();
  /** What the application subscribed to. */
  readonly #filters = new Set<string>();
  #closing: Promise<void> | undefined;
  #first = true;

  /** Does nothing yet, see `start`. */
  constructor({ settings, formatters, open, watch }: ClientParts) {
    this.id = settings.id;
    this.#settings = settings;
    this.#watch = watch;
    this.#envelopes = new Envelopes(settings, formatters);
    this.#line = new Line(settings, open, {
      opened: (resumed) => this.#calls.opened(this.#first, resumed),
      connected: () => {
        if (!this.#first) this.#events.emit('connect');
        this.#first = false;
      },
      disconnected: (error) => {
        this.#calls.disconnected();
        this.#events.emit('disconnect', error);
      },
      failed: (error) => this.#events.emit('error', error),
      arrived: (arrival) => this.#arrived(arrival),
    });
    this.#calls = new Calls(settings, this.#envelopes, this.#line);
  }

  /**
   * Connects for the first time; from then on it reconnects by itself.
   *
   * @param isPatient goes on trying also when the first attempt fails, which becomes an `error`
   * @throws N2OError `N2O_CLIENT_CONNECT` when the first attempt fails; `N2O_CLIENT_CLOSED`
   */
  async start(isPatient = false): Promise<void> {
    await this.#line.start(isPatient);
    // N2O's broker does it by itself.
    if (this.#settings.vnodes === undefined) return;
    await this.#line.subscriptions.add([this.#envelopes.actions], 1).catch(async (error) => {
      await this.close();
      throw error;
    });
  }

  /** Does not wait any longer to try again: there is reason to think that the network is back. */
  hurry(): void {
    this.#line.hurry();
  }

  /** Whether there is a connection now. */
  get connected(): boolean {
    return this.#line.connected;
  }

  /**
   * Sends a message to a module; resolves with the value of the reply. For messages that the module
   * answers: where it answers nothing, the call times out, see `send`.
   *
   * @throws N2OError the code of the error frame that came as the reply; `N2O_CLIENT_TIMEOUT`;
   *   `N2O_BUSY_CLIENT` with too many in flight; `N2O_CLIENT_CONNECT` when the connection was lost
   *   and the message cannot be sent again; `N2O_CLIENT_CLOSED`; `N2O_FORMAT_ENCODE`, also where a key
   *   has no place in the message
   */
  call(module: string, message: unknown, options: CallOptions = {}): Promise<unknown> {
    return this.#calls.call(module, message, options);
  }

  /**
   * The methods of a module, typed from what it defines: `rpc<typeof thermostat>('thermostat')`.
   * They throw as `call` does, and an `RpcError` (`N2O_RPC_FAILED`) for an error of the method.
   */
  rpc<Module extends ModuleDefinition>(module: string): Remote<Module> {
    return remoteOf((method, params, options = {}) =>
      this.#calls.request(module, method, params, options),
    );
  }

  /**
   * Sends a message that the module answers with nothing; resolves when it is acknowledged, by
   * N2O's broker when it was handled. If there is an answer all the same, it is an `action`.
   *
   * @throws N2OError `N2O_BUSY_CLIENT`, `N2O_CLIENT_CONNECT`, `N2O_CLIENT_CLOSED`, `N2O_FORMAT_ENCODE`
   */
  send(module: string, message: unknown, options: CallOptions = {}): Promise<void> {
    return this.#calls.send(module, message, options);
  }

  /**
   * Publishes to any topic; resolves when it is acknowledged.
   *
   * @throws N2OError `N2O_TOPIC_NAME`; `N2O_CLIENT_CONNECT` with QoS 0; `N2O_BUSY_CLIENT` when more
   *   than 32,768 are in flight; `N2O_CLIENT_CLOSED`; `N2O_CLIENT_TRANSPORT` without a broker
   */
  async publish(
    topic: string,
    payload: Uint8Array | string,
    { qos = 1, retain = false }: PublishOptions = {},
  ): Promise<void> {
    this.#needBroker();
    if (!isTopicName(topic)) {
      throw new N2OError('N2O_TOPIC_NAME', `the topic "${topic}" is not acceptable`);
    }
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    await this.#line.publish({ topic, payload: bytes, qos, retain });
  }

  /**
   * Subscribes to topics; what is published there comes as `message`. Holds for all connections.
   *
   * @throws N2OError `N2O_TOPIC_FILTER`, `N2O_TOPIC_FORBIDDEN`, `N2O_CLIENT_CLOSED`,
   *   `N2O_CLIENT_TRANSPORT` without a broker
   */
  async subscribe(filters: string | readonly string[], qos: 0 | 1 | 2 = 1): Promise<void> {
    this.#needBroker();
    const list = typeof filters === 'string' ? [filters] : filters;
    const added = this.#line.subscriptions.add(list, qos);
    for (const filter of list) this.#filters.add(filter);
    await added;
  }

  async unsubscribe(filters: string | readonly string[]): Promise<void> {
    const list = typeof filters === 'string' ? [filters] : filters;
    for (const filter of list) this.#filters.delete(filter);
    await this.#line.subscriptions.remove(list);
  }

  /** Calls the listener on each event of this name; returns what stops it. */
  on<Name extends keyof ClientEvents>(
    name: Name,
    listener: (...values: ClientEvents[Name]) => void,
  ): () => void {
    return this.#events.on(name, listener);
  }

  /** Disconnects; what still waits is rejected with `N2O_CLIENT_CLOSED`. Idempotent. */
  close(): Promise<void> {
    const error = new N2OError('N2O_CLIENT_CLOSED');
    this.#closing ??= this.#line.close(error);
    this.#calls.close(error);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Tells of an error that nobody waits for. */
  protected report(error: N2OError): void {
    this.#events.emit('error', error);
  }

  #arrived(arrival: Arrival): void {
    for (const filter of this.#filters) {
      if (!matches(filter, arrival.topic)) continue;
      this.#events.emit('message', arrival);
      break;
    }
    const opened = this.#envelopes.open(arrival);
    if (!opened || this.#watch?.(opened)) return;
    const action = this.#calls.take(opened);
    if (action instanceof N2OError) this.#events.emit('error', action);
    else if (action) this.#events.emit('action', action);
  }

  #needBroker(): void {
    if (this.#settings.peer === 'socket') throw withoutBroker('topics');
  }
}
