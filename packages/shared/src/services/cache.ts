/** Tables of values that may be lost: fast, in the memory of one worker, bounded. */

export interface Cache {
  /** The table of this name; made when first asked for. */
  table<Value = unknown>(name: string): CacheTable<Value>;
  /** Stops its timers and forgets all. Idempotent. */
  close(): void;
}

/** One table; when it is full, what was least recently used goes. */
export interface CacheTable<Value> {
  /** The value, `undefined` where there is none or its time is over. */
  get(key: string): Value | undefined;
  /** @param ttl milliseconds; by default as configured, `Infinity` for as long as there is room */
  set(key: string, value: Value, ttl?: number): void;
  delete(key: string): boolean;
  clear(): void;
  /** Entries whose time is not over. */
  readonly size: number;
}
