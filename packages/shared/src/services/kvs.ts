/** A key-value store for applications, with feeds: lists that grow at one end and are read in pages. */

/** Values are what BERT or JSON can write; tables and keys are text without NUL. */
export interface Kvs {
  /** `undefined` where there is none. @throws N2O_STORE_UNAVAILABLE */
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

/** Entries in the order of appending; their ids are text whose order is the same. */
export interface Feed<Value> {
  /** Puts a value at the end, also where several workers and hosts do so at once. Returns its id. @throws N2O_STORE_UNAVAILABLE, N2O_FORMAT_ENCODE, N2O_KVS_LIMIT */
  append(value: Value): Promise<string>;
  /** One page. @throws N2O_STORE_UNAVAILABLE */
  take(options?: TakeOptions): Promise<FeedPage<Value>>;
  /** @throws N2O_STORE_UNAVAILABLE */
  get(id: string): Promise<Value | undefined>;
  /** @throws N2O_STORE_UNAVAILABLE */
  remove(id: string): Promise<void>;
  /** Entries that are there. @throws N2O_STORE_UNAVAILABLE */
  count(): Promise<number>;
}

export interface TakeOptions {
  /** At most so many. Default: 20, at most 1,000. */
  readonly count?: number;
  /** The `next` of the page before; without one it begins at an end. */
  readonly from?: string;
  /** Newest first by default. */
  readonly order?: 'newest' | 'oldest';
}

export interface FeedPage<Value> {
  readonly entries: readonly Entry<Value>[];
  /** Where the next page begins; `undefined` after the last. */
  readonly next: string | undefined;
}
