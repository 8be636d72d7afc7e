/** One connection to Redis, or to a cluster of it: whether it is up, and why not. */
import type { ConnectionOptions } from 'node:tls';
import { N2OError } from '@n2o/shared';
import { type Cluster, Redis } from 'ioredis';
import { describeAddress, type RedisAddress } from './address.ts';
import { createClient, delayOf, isOfReplica } from './client.ts';
import { endFormer, type Identity } from './former.ts';
import { PackedCommand } from './packed-command.ts';

export interface ConnectionSettings {
  readonly address: RedisAddress;
  readonly tls: ConnectionOptions | undefined;
  readonly timeout: number;
  readonly onState: ((down: N2OError | undefined) => void) | undefined;
}

export class Connection {
  /** Whether the groups are spread over several servers. */
  readonly isCluster: boolean;
  readonly #client: Redis | Cluster;
  readonly #db: number;
  readonly #where: string;
  readonly #onState: (down: N2OError | undefined) => void;
  #isUp = false;
  /** Since it was up. */
  #tries = 0;
  #isClosed = false;
  #fault: unknown;
  #identity: Identity | undefined;
  #connected: () => void = () => {};

  constructor({ address, tls, timeout, onState = () => {} }: ConnectionSettings) {
    this.isCluster = address.kind === 'cluster';
    this.#db = address.db;
    this.#where = describeAddress(address);
    this.#onState = onState;
    this.#client = createClient({ address, tls, timeout, onLost: () => this.#lost() });
    this.#client.on('error', (error: Error) => this.#failed(error));
    this.#client.on('node error', (error: Error) => this.#failed(error));
    this.#client.on('ready', () => void this.#greet());
  }

  /** Tries until it has a connection. @throws N2O_STORE_UNAVAILABLE when the signal says so */
  async connect(signal?: AbortSignal): Promise<void> {
    const connected = new Promise<void>((resolve) => {
      this.#connected = resolve;
    });
    let abort = () => {};
    const aborted = new Promise<never>((_resolve, reject) => {
      abort = () => reject(this.#error('no connection was made', this.#fault ?? signal?.reason));
    });
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    // What becomes of each try is reported as the others are.
    else this.#client.connect().catch(() => {});
    try {
      await Promise.race([connected, aborted]);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Sends a command and returns the reply, with texts as Buffers.
   * @throws N2O_STORE_UNAVAILABLE, at once when there is no connection
   */
  async send(name: string, args: (string | Buffer)[]): Promise<unknown> {
    if (!this.#isUp) throw this.#error(textOf(this.#fault), this.#fault);
    try {
      return await this.#client.sendCommand(new PackedCommand(name, args, { replyEncoding: null }));
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** What went wrong with a command that was one of several, which the client does not look into. */
  failureWithin(error: Error): N2OError {
    const failure = this.failure(error);
    if (isOfReplica(error)) this.#client.disconnect(true);
    return failure;
  }

  /** What went wrong with a command, as an error of the store. */
  failure(error: unknown): N2OError {
    // Of a connection that broke, what broke it says more.
    const cause = this.#isUp ? discreet(error) : (this.#fault ?? discreet(error));
    return this.#error(textOf(cause), cause);
  }

  close(): void {
    this.#isClosed = true;
    this.#isUp = false;
    this.#client.disconnect();
  }

  /** Connected: but what an earlier connection still has to say must not come after what this one says. */
  async #greet(): Promise<void> {
    if (this.#client instanceof Redis) {
      if (!(await this.#select(this.#client))) return;
      this.#identity = await endFormer(this.#client, this.#identity);
    }
    if (this.#client.status !== 'ready' || this.#isClosed) return;
    this.#isUp = true;
    this.#tries = 0;
    this.#fault = undefined;
    this.#connected();
    this.#onState(undefined);
  }

  /** The client goes on with the first database when there is no other: but that is somebody else's. */
  async #select(client: Redis): Promise<boolean> {
    if (this.#db === 0) return true;
    try {
      await client.select(this.#db);
      return true;
    } catch (error) {
      this.#fault = discreet(error);
      client.disconnect(true);
      return false;
    }
  }

  #lost(): number {
    this.#isUp = false;
    const ms = delayOf(++this.#tries);
    this.#report(`${textOf(this.#fault)}; next try in ${ms} ms`);
    return ms;
  }

  #failed(error: Error): void {
    const { lastNodeError } = error as { readonly lastNodeError?: unknown };
    this.#fault = discreet(lastNodeError ?? error);
    // Sentinels are asked again without a word before that.
    if (!this.#isUp && error.message.startsWith('All sentinels')) this.#report(error.message);
  }

  #report(detail: string): void {
    if (!this.#isClosed) this.#onState(this.#error(detail, this.#fault));
  }

  #error(detail: string, cause: unknown): N2OError {
    const what = this.#isClosed ? 'the store is closed' : detail;
    return new N2OError('N2O_STORE_UNAVAILABLE', `Redis at ${this.#where}: ${what}`, { cause });
  }
}

/** An error without the command that failed: its arguments, passwords among them, are not for logs. */
function discreet(error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, 'command');
  return error;
}

/** What an error of the network or of Redis says. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection was closed';
  // Of several addresses that were tried, Node names none.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return error.message || (first instanceof Error ? first.message : error.name);
}
