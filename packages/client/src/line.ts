/** One connection after another: what is sent stays here until the broker has acknowledged it. */
import { N2OError, reason } from '@n2o/shared';
import { Arrivals } from './arrivals.ts';
import { delayOf } from './backoff.ts';
import type { LineListener } from './line-listener.ts';
import { Outbox, type Parcel, type Publication } from './outbox.ts';
import { PacketIds } from './packet-ids.ts';
import type { Settings } from './settings.ts';
import { Subscriptions } from './subscriptions.ts';
import type { Listener, Open, Transport } from './transport.ts';

export class Line {
  readonly outbox: Outbox;
  readonly subscriptions: Subscriptions;
  readonly #settings: Settings;
  readonly #open: Open;
  readonly #listener: LineListener;
  readonly #arrivals: Arrivals;
  #transport: Transport | undefined;
  #connectedAt: number | undefined;
  #isResumed = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed: N2OError | undefined;
  #ended: (() => void) | undefined;
  /** Of the promise of `start`. */
  #up: (() => void) | undefined;
  #giveUp: ((error: N2OError) => void) | undefined;

  constructor(settings: Settings, open: Open, listener: LineListener) {
    const ids = new PacketIds(Math.floor(Math.random() * 0xffff));
    this.outbox = new Outbox(ids);
    this.subscriptions = new Subscriptions(ids);
    this.#arrivals = new Arrivals(!settings.clean);
    this.#settings = settings;
    this.#open = open;
    this.#listener = listener;
  }

  get connected(): boolean {
    return this.#connectedAt !== undefined;
  }

  /**
   * Connects for the first time; from then on it reconnects by itself.
   *
   * @param isPatient a first attempt that fails is followed by another, as later ones are
   * @throws N2OError `N2O_CLIENT_CONNECT`; `N2O_CLIENT_CLOSED` when it was closed meanwhile
   */
  start(isPatient: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#up = resolve;
      this.#giveUp = reject;
      this.#connect((error) => {
        if (isPatient) return this.#listener.failed(error);
        this.#closed = error;
        reject(error);
      });
    });
  }

  /** Tries again at once, if it waits to. */
  hurry(): void {
    if (this.#timer === undefined || this.#closed) return;
    clearTimeout(this.#timer);
    this.#again();
  }

  /**
   * Sends a message: with QoS 1 and 2 now or when there is a connection again.
   *
   * @param settle called once: on the acknowledgement, or with the reason why there is none
   * @param held see {@link Parcel}
   * @returns `undefined` for QoS 0, which is not kept
   * @throws N2OError `N2O_CLIENT_CLOSED`; `N2O_CLIENT_CONNECT` when a message of QoS 0 finds no connection
   */
  send(publication: Publication, settle: Parcel['settle'], held = false): Parcel | undefined {
    if (this.#closed) throw this.#closed;
    if (publication.qos === 0) {
      if (!this.connected) throw new N2OError('N2O_CLIENT_CONNECT', 'there is no connection');
      this.#transport?.publish(publication, 0, false);
      settle();
      return undefined;
    }
    const parcel = this.outbox.add(publication, settle, held);
    if (this.connected) this.#write(parcel);
    return parcel;
  }

  /** Sends a message; resolves when it is acknowledged, with QoS 0 when it is written. */
  publish(publication: Publication): Promise<void> {
    return new Promise((resolve, reject) => {
      this.send(publication, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends it; resolves when the connection is gone. */
  async close(error: N2OError): Promise<void> {
    this.#closed = error;
    clearTimeout(this.#timer);
    this.outbox.abandon(error);
    this.subscriptions.close(error);
    this.#giveUp?.(error);
    const transport = this.#transport;
    if (!transport) return;
    await new Promise<void>((resolve) => {
      this.#ended = resolve;
      transport.close();
    });
  }

  /** @param down told when the attempt fails */
  #connect(down: (error: N2OError) => void): void {
    const { clean } = this.#settings;
    // A new session knows nothing of an old handshake: there, the message is published again.
    const unreleased = clean ? [] : this.outbox.parcels.filter(({ received }) => received);
    const closed = (cause: unknown) => {
      const was = this.#disconnected();
      if (this.#closed) return this.#ended?.();
      const text = cause ? reason(cause) : 'the connection was closed';
      const error = new N2OError('N2O_CLIENT_CONNECT', text, { cause });
      if (was) this.#listener.disconnected(error);
      else down(error);
      this.#retry();
    };
    const listener: Listener = {
      accepted: (isResumed) => {
        this.#isResumed = isResumed;
        this.#arrivals.connected(isResumed);
        this.#listener.opened(isResumed);
      },
      connected: () => {
        this.#connected();
        this.#up?.();
      },
      arrived: (arrival) => {
        if (this.#arrivals.accept(arrival)) this.#listener.arrived(arrival);
      },
      released: (id) => this.#arrivals.released(id),
      received: (id) => this.outbox.received(id),
      acknowledged: (id) => this.outbox.acknowledged(id),
      closed,
    };
    try {
      this.#transport = this.#open(listener, unreleased);
    } catch (cause) {
      // A certificate that cannot be read, for one.
      closed(cause);
    }
  }

  #connected(): void {
    this.subscriptions.connected(this.#transport as Transport, this.#isResumed);
    if (!this.#isResumed) this.outbox.forget();
    this.#connectedAt = performance.now();
    // Those that the broker said PUBREC to were released already.
    for (const parcel of this.outbox.parcels) {
      if (!parcel.received && !parcel.acknowledged) this.#write(parcel);
    }
    this.#listener.connected();
  }

  #write(parcel: Parcel): void {
    this.#transport?.publish(parcel, parcel.id, parcel.sent);
    parcel.sent = true;
  }

  /** Whether there was a connection. */
  #disconnected(): boolean {
    const since = this.#connectedAt;
    this.#transport = undefined;
    this.#connectedAt = undefined;
    this.subscriptions.disconnected();
    // One that does not last counts as a failure: two clients with one id would fight for it.
    if (since !== undefined && performance.now() - since >= this.#settings.backoff.max) {
      this.#attempt = 0;
    }
    return since !== undefined;
  }

  #retry(): void {
    if (this.#closed) return;
    const delay = delayOf(this.#attempt++, this.#settings.backoff, Math.random());
    this.#timer = setTimeout(() => this.#again(), delay);
  }

  #again(): void {
    this.#timer = undefined;
    this.#connect((error) => this.#listener.failed(error));
  }
}
