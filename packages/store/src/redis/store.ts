/** The store that is a Redis: a group is a hash, a commit a script. */
import type { ConnectionOptions } from 'node:tls';
import { type Change, type Extent, type Fence, N2OError, type Store } from '@n2o/shared';
import { Commits, type Turn } from '../commits.ts';
import { widen } from '../extent.ts';
import { parseRedisUrl } from './address.ts';
import { Connection } from './connection.ts';
import { callsOf, type Names, SCRIPTS, type Script } from './script.ts';

const PREFIX = 'n2o';
const TIMEOUT_MS = 10_000;
/** So many fields are asked for at a time. */
const FIELDS = 1_000;
/** So many entries, of which nobody knows how large they are. */
const ENTRIES = 100;
/** So many changes are sent at a time: Redis makes some while the next ones are written. */
const CHANGES = 250;

export interface RedisStoreOptions {
  /** `redis[s]://`, `redis[s]+sentinel://` or `redis[s]+cluster://`. */
  readonly url: string;
  /** What the names of all keys begin with. Default: `n2o`. */
  readonly prefix?: string;
  /** For `rediss`: certificates and what else Node takes. */
  readonly tls?: ConnectionOptions;
  /** Milliseconds that Redis has to answer, before the connection counts as broken. Default: 10,000. */
  readonly timeout?: number;
  /** Told of each failed try and why, and with `undefined` when there is a connection. */
  readonly onState?: (down: N2OError | undefined) => void;
  /** Ends the first tries to connect. */
  readonly signal?: AbortSignal;
}

/**
 * Resolves when there is a connection, and tries until then.
 * @throws N2O_CONFIG_OPTION when the URL is not of one of the forms, N2O_STORE_UNAVAILABLE when the signal ends it
 */
export async function connectRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { url, prefix = PREFIX, tls, timeout = TIMEOUT_MS, onState, signal } = options;
  const address = parseRedisUrl(url);
  if (!address) {
    const forms = 'redis://[user:password@]host[:port][/db]';
    throw new N2OError('N2O_CONFIG_OPTION', `the URL of the store is not of the form ${forms}`);
  }
  const connection = new Connection({ address, tls, timeout, onState });
  await connection.connect(signal);
  return new RedisStore(connection, prefix);
}

class RedisStore implements Store {
  readonly durable = true;
  readonly #connection: Connection;
  readonly #commits: Commits;
  readonly #names: Names;
  #closing: Promise<void> | undefined;

  constructor(connection: Connection, prefix: string) {
    this.#connection = connection;
    this.#commits = new Commits((turn) => this.#apply(turn));
    this.#names = {
      keyOf: (group) => `${prefix}/${group}`,
      fenceKey: (name) => `${prefix}:fence/${name}`,
      tagOf: connection.isCluster ? tagOf : () => '',
      // A cluster may send one call elsewhere while the next one gets through.
      changesPerCall: connection.isCluster ? Number.POSITIVE_INFINITY : CHANGES,
    };
  }

  commit(changes: readonly Change[], fence?: Fence): Promise<void> {
    return this.#commits.commit(changes, fence);
  }

  async get(
    group: string,
    fields: readonly string[],
  ): Promise<readonly (Uint8Array | undefined)[]> {
    await this.#commits.settled();
    const values: (Uint8Array | undefined)[] = [];
    for (let i = 0; i < fields.length; i += FIELDS) {
      const part = fields.slice(i, i + FIELDS);
      const reply = await this.#connection.send('hmget', [this.#names.keyOf(group), ...part]);
      for (const value of reply as (Buffer | null)[]) values.push(value ?? undefined);
    }
    return values;
  }

  async extent(group: string): Promise<Extent | undefined> {
    await this.#commits.settled();
    const key = this.#names.keyOf(group);
    let extent: Extent | undefined;
    let cursor = '0';
    do {
      const reply = await this.#run(SCRIPTS.fields, [key], [cursor, String(FIELDS)]);
      const [next, fields] = reply as [Buffer, Buffer[]];
      extent = widen(extent, fields.map(String));
      cursor = String(next);
    } while (cursor !== '0');
    // A field may have been met twice while the hash grew.
    return extent && { ...extent, count: Number(await this.#connection.send('hlen', [key])) };
  }

  async *entries(group: string): AsyncGenerator<[string, Uint8Array][]> {
    await this.#commits.settled();
    const key = this.#names.keyOf(group);
    let cursor = '0';
    do {
      const args = [key, cursor, 'COUNT', String(ENTRIES)];
      const [next, flat] = (await this.#connection.send('hscan', args)) as [Buffer, Buffer[]];
      const page: [string, Uint8Array][] = [];
      for (let i = 0; i + 1 < flat.length; i += 2)
        page.push([String(flat[i]), flat[i + 1] as Buffer]);
      if (page.length > 0) yield page;
      cursor = String(next);
    } while (cursor !== '0');
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.#commits.settled();
      this.#connection.close();
    })();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #apply(turn: Turn): Promise<void> {
    const { sha, text } = SCRIPTS.commit;
    try {
      await this.#make(turn, 'evalsha', sha);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      // From the start: some may have found the script there, and must not come before the others.
      await this.#make(turn, 'eval', text);
    }
  }

  async #make(turn: Turn, command: string, script: string): Promise<void> {
    const made: Promise<unknown>[] = [];
    for (const { keys, args } of callsOf(turn, this.#names)) {
      made.push(this.#connection.send(command, [script, String(keys.length), ...keys, ...args]));
    }
    // All come to their end, well or not, before the next turn begins.
    for (const result of await Promise.allSettled(made)) {
      if (result.status === 'rejected') throw result.reason;
      if (Number(result.value) > 0) throw new N2OError('N2O_STORE_FENCED');
    }
  }

  async #run({ text, sha }: Script, keys: string[], args: string[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.#connection.send('evalsha', [sha, ...rest]);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return this.#connection.send('eval', [text, ...rest]);
    }
  }
}

/** Redis was started anew, or told to forget its scripts. */
function isUnknownScript(error: unknown): boolean {
  return error instanceof N2OError && error.message.includes('NOSCRIPT');
}

/** What decides in a cluster where a key lies: what stands in braces, if anything does. */
function tagOf(key: string): string {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  return open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
}
