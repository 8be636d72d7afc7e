/** A key-value store for applications, with feeds: lists that grow at one end and are read in pages. */

/**
 * Values are what JSON can write, and all that BERT has beside it: atoms, tuples, Maps, bytes,
 * bigints; all of these come back as they were, and `undefined` cannot be kept. Names of tables and feeds,
 * and keys, are text of 1 to 512 characters without NUL or half a surrogate pair.
 */
export interface Kvs {
  /** `undefined` where there is none. @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME */
  get<Value = unknown>(table: string, key: string): Promise<Value | undefined>;
  /** @throws N2O_STORE_UNAVAILABLE, N2O_FORMAT_ENCODE, N2O_KVS_NAME, N2O_KVS_LIMIT */
  put(table: string, key: string, value: unknown): Promise<void>;
  /** @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME */
  delete(table: string, key: string): Promise<void>;
  /** All of a table, in the order of their keys, some at a time. @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME */
  all<Value = unknown>(table: string): AsyncIterable<Entry<Value>>;
  /** The feed of this name. @throws N2O_KVS_NAME */
  feed<Value = unknown>(name: string): Feed<Value>;
}

export interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
}

/**
 * Entries in the order of appending; their ids are text whose order is the same. That is the order
 * of each worker's own entries; between workers and hosts it is that of their clocks.
 */
export interface Feed<Value> {
  /** Puts a value at the end, also where several workers and hosts do so at once. Returns its id. @throws N2O_STORE_UNAVAILABLE, N2O_FORMAT_ENCODE, N2O_KVS_LIMIT */
  append(value: Value): Promise<string>;
  /** One page; of large values it may have fewer than asked for. @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME for a cursor that is none */
  take(options?: TakeOptions): Promise<FeedPage<Value>>;
  /** @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME */
  get(id: string): Promise<Value | undefined>;
  /** @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME */
  remove(id: string): Promise<void>;
  /** Entries that are there; in a folder it takes time with their number. @throws N2O_STORE_UNAVAILABLE */
  count(): Promise<number>;
}

export interface TakeOptions {
  /** At most so many: 1 to 1,000. Default: 20. */
  readonly count?: number;
  /** The `next` of the page before; without one it begins at an end. */
  readonly from?: string | undefined;
  /** Newest first by default. */
  readonly order?: 'newest' | 'oldest';
}

export interface FeedPage<Value> {
  readonly entries: readonly Entry<Value>[];
  /** Behind what the next page begins; `undefined` after the last. */
  readonly next: string | undefined;
}
