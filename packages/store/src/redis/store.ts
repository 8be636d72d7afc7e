/** The store that is a Redis: a group is a hash, or a sorted set where it is kept in order; a commit is a script. */
import type { ConnectionOptions } from 'node:tls';
import {
  type Change,
  type Extent,
  type Fence,
  N2OError,
  type Range,
  type Store,
} from '@n2o/shared';
import { Commits, type Turn } from '../commits.ts';
import { type Entry, isOrdered, needOrdered } from '../order.ts';
import { parseRedisUrl } from './address.ts';
import { Connection } from './connection.ts';
import type { Groups } from './groups.ts';
import { HashGroups } from './hashes.ts';
import { OrderedGroups } from './ordered.ts';
import { callsOf, isUnknownScript, type Names, SCRIPTS } from './script.ts';

const PREFIX = 'n2o';
const TIMEOUT_MS = 10_000;
/** So many changes are sent at a time: Redis makes some while the next ones are written. */
const CHANGES = 500;

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
  readonly #hashes: HashGroups;
  readonly #ordered: OrderedGroups;
  #closing: Promise<void> | undefined;

  constructor(connection: Connection, prefix: string) {
    this.#connection = connection;
    this.#commits = new Commits((turn) => this.#apply(turn));
    this.#hashes = new HashGroups(connection);
    this.#ordered = new OrderedGroups(connection);
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
    return this.#groupsLike(group).get(this.#names.keyOf(group), fields);
  }

  async extent(group: string): Promise<Extent | undefined> {
    await this.#commits.settled();
    return this.#groupsLike(group).extent(this.#names.keyOf(group));
  }

  async range(group: string, range: Range): Promise<readonly Entry[]> {
    needOrdered(group);
    await this.#commits.settled();
    return this.#ordered.range(this.#names.keyOf(group), range);
  }

  async *entries(group: string): AsyncGenerator<Entry[]> {
    await this.#commits.settled();
    yield* this.#groupsLike(group).entries(this.#names.keyOf(group));
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

  #groupsLike(group: string): Groups {
    return isOrdered(group) ? this.#ordered : this.#hashes;
  }

  async #apply(turn: Turn): Promise<void> {
    const { sha, text } = SCRIPTS.commit;
    try {
      await this.#make(turn, 'evalsha', sha);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      // From the start: some calls may have found the script there, and must not come before the others.
      await this.#make(turn, 'eval', text);
    }
  }

  async #make(turn: Turn, command: string, script: string): Promise<void> {
    const replies: Promise<unknown>[] = [];
    const send = (name: string, args: (string | Buffer)[]) => {
      replies.push(this.#connection.send(name, args));
    };
    // All or nothing also where it takes several calls; those of a cluster are for different servers.
    const isParted = sizeOf(turn) > this.#names.changesPerCall;
    if (isParted) send('multi', []);
    for (const { keys, args } of callsOf(turn, this.#names)) {
      send(command, [script, String(keys.length), ...keys, ...args]);
    }
    if (isParted) send('exec', []);
    // All come to their end, well or not, before the next turn begins.
    for (const reply of await Promise.allSettled(replies)) {
      if (reply.status === 'rejected') throw reply.reason;
      // What is behind `exec` has the replies of all calls; those say at first that they are queued.
      for (const result of Array.isArray(reply.value) ? reply.value : [reply.value]) {
        if (result instanceof Error) throw this.#connection.failureWithin(result);
        if (Number(result) > 0) throw new N2OError('N2O_STORE_FENCED');
      }
    }
  }
}

/** How many changes a turn makes. */
function sizeOf({ commits }: Turn): number {
  return commits.reduce((sum, changes) => sum + changes.length, 0);
}

/** What decides in a cluster where a key lies: what stands in braces, if anything does. */
function tagOf(key: string): string {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  return open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
}
