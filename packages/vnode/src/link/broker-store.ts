/** The store of the broker, for hosts that have none of their own: asked over a connection of its own. */
import { randomUUID } from 'node:crypto';
import { type Logger, N2OError, STORE_ANSWERS, STORE_REQUESTS, type Store } from '@n2o/shared';
import { type Carrier, createRemoteStore, LONGEST, type RemoteStore } from '@n2o/store';
import { Backoff } from './backoff.ts';
import type { Line } from './line.ts';
import { type LineSettings, openLine } from './open-line.ts';
import { DEFAULT_TIMES } from './settings.ts';
import type { Publish } from './wire.ts';

const TOPIC = Buffer.from(STORE_REQUESTS);

const PATIENCE = 3_000;

/** Bytes of requests that wait for the broker to read them; beyond it they fail. */
const MAX_WAITING = 32 * 1024 * 1024;

/** Of an answer with its topic. */
const PACKET_LIMIT = LONGEST + 1_024;

export interface BrokerStoreOptions extends Pick<LineSettings, 'endpoint'> {
  /** The host's name. */
  readonly name: string;
  readonly log: Logger;
  /** Gives it up. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the broker may take to show that it has a store for hosts. Default: 3,000. */
  readonly patience?: number;
}

/**
 * Connects, for as long as it takes, and asks the broker whether it has a store.
 * @returns `undefined` when it has none for hosts, as standard brokers
 * @throws N2O_HOST_CLOSED when it is given up, N2O_LINK_REFUSED
 */
export async function connectBrokerStore(options: BrokerStoreOptions): Promise<Store | undefined> {
  const line = new StoreLine(options);
  const store = createRemoteStore(line);
  for (;;) {
    await line.start(store);
    const probe = await probed(store, options.patience ?? PATIENCE);
    if (probe === 'there') {
      line.keep(store);
      return store;
    }
    // A broker that goes away before it has answered says nothing about its store.
    if (probe === 'silent') {
      store.lost(new N2OError('N2O_STORE_UNAVAILABLE'));
      await store.close();
      return undefined;
    }
    await line.pause(probe);
  }
}

/** Resolves with why there was no answer, where the connection was lost. */
async function probed(
  store: RemoteStore,
  patience: number,
): Promise<'there' | 'silent' | N2OError> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silent'>((resolve) => {
    timer = setTimeout(resolve, patience, 'silent');
  });
  const answer = store.greet().then(
    () => 'there' as const,
    (cause: N2OError) => cause,
  );
  const probe = await Promise.race([answer, silence]);
  clearTimeout(timer);
  return probe;
}

class StoreLine implements Carrier {
  readonly #options: BrokerStoreOptions;
  readonly #backoff = new Backoff();
  /** Two hosts of one name would push each other off before they can find that out. */
  readonly #client: string;
  #line: Line | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #kept = false;
  #closed = false;

  constructor(options: BrokerStoreOptions) {
    this.#options = options;
    this.#client = `n2o-host-${options.name}-${randomUUID().slice(0, 8)}-store`;
  }

  /** Resolves when there is a connection. */
  async start(store: RemoteStore): Promise<void> {
    for (;;) {
      if (this.#options.signal?.aborted) throw new N2OError('N2O_HOST_CLOSED');
      try {
        await this.#connect(store);
        return;
      } catch (error) {
        if ((error as N2OError).code === 'N2O_LINK_REFUSED') throw error;
        await this.pause(error as N2OError);
      }
    }
  }

  /** Waits before the next attempt; of the first one that failed it is told why. */
  async pause({ code, message: reason }: N2OError): Promise<void> {
    const { endpoint, log } = this.#options;
    const fields = { broker: endpoint.shown, code, reason };
    if (this.#failures++ > 0) log.debug(fields, 'the broker cannot be reached');
    else log.warn(fields, 'the broker cannot be reached, trying until it can');
    await elapsed(this.#backoff.next(0));
  }

  /** From now on there is another connection whenever one is over. */
  keep(store: RemoteStore): void {
    this.#kept = true;
    if (!this.#line) this.#again(store, 0);
  }

  send(request: Uint8Array): void {
    const line = this.#line;
    if (!line) throw new N2OError('N2O_STORE_UNAVAILABLE', 'there is no connection to the broker');
    if (line.waiting > MAX_WAITING) {
      throw new N2OError('N2O_STORE_UNAVAILABLE', 'the broker does not read what it is asked');
    }
    line.send(TOPIC, request, 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#line?.end();
  }

  async #connect(store: RemoteStore): Promise<void> {
    const { endpoint, signal } = this.#options;
    const { keepalive, connectTimeout } = DEFAULT_TIMES;
    const began = performance.now();
    const line = await openLine(
      {
        endpoint,
        keepalive,
        connectTimeout,
        packetLimit: PACKET_LIMIT,
        client: this.#client,
        clean: true,
      },
      {
        publish: (packet: Publish) => {
          if (packet.topic === STORE_ANSWERS) store.hear(packet.payload);
        },
        closed: (cause) => {
          this.#line = undefined;
          store.lost(new N2OError('N2O_STORE_UNAVAILABLE', cause.message, { cause }));
          if (this.#kept && !this.#closed) this.#again(store, performance.now() - began);
        },
      },
      signal,
    );
    if (this.#closed) return line.drop();
    this.#line = line;
    line.resume();
  }

  #again(store: RemoteStore, lived: number): void {
    this.#retry = setTimeout(() => {
      this.#connect(store).catch(() => {
        if (!this.#closed) this.#again(store, 0);
      });
    }, this.#backoff.next(lived));
  }
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
