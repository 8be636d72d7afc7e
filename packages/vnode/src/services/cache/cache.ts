/** The cache in the memory of one worker: named tables that share its room. */
import type { Cache, CacheTable } from '@n2o/shared';
import { Deadlines } from './deadlines.ts';
import { type CacheEntry, Recency } from './entry.ts';

const TTL_MS = 15 * 60_000;
const ENTRIES = 10_000;

export interface CacheOptions {
  /** Milliseconds that an entry is there when nothing else is said; `Infinity`: as long as there is room. Default: 15 minutes. */
  readonly ttl?: number;
  /** Of all tables together; what was least recently used goes. Default: 10,000. */
  readonly entries?: number;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

export function createMemoryCache(options: CacheOptions = {}): Cache {
  return new MemoryCache(options);
}

class MemoryCache implements Cache {
  readonly #ttl: number;
  readonly #limit: number;
  readonly #now: () => number;
  /** Those that have something in them: names alone take no room. */
  readonly #tables = new Map<string, Map<string, CacheEntry>>();
  readonly #recency = new Recency();
  readonly #deadlines: Deadlines;
  #count = 0;
  #closed = false;

  constructor({ ttl = TTL_MS, entries = ENTRIES, now = Date.now }: CacheOptions) {
    this.#ttl = ttl;
    this.#limit = entries;
    this.#now = now;
    this.#deadlines = new Deadlines(now, (entry) => this.#remove(entry));
  }

  table<Value>(name: string): CacheTable<Value> {
    const sizeOf = () => this.#sizeOf(name);
    return {
      get: (key) => this.#get(name, key) as Value | undefined,
      set: (key, value, ttl) => this.#set(name, key, value, ttl),
      delete: (key) => this.#delete(name, key),
      clear: () => this.#clear(name),
      get size() {
        return sizeOf();
      },
    };
  }

  close(): void {
    this.#closed = true;
    for (const name of [...this.#tables.keys()]) this.#clear(name);
    this.#deadlines.close();
  }

  #get(table: string, key: string): unknown {
    const entry = this.#find(table, key);
    if (entry) this.#recency.use(entry);
    return entry?.value;
  }

  #set(table: string, key: string, value: unknown, ttl = this.#ttl): void {
    const former = this.#tables.get(table)?.get(key);
    // What is not a time, or is over at once, leaves nothing.
    if (this.#closed || !(ttl > 0)) {
      if (former) this.#forget(former);
      return;
    }
    const until = this.#now() + ttl;
    if (former) {
      this.#deadlines.remove(former);
      former.value = value;
      former.until = until;
      this.#deadlines.add(former);
      this.#recency.use(former);
      return;
    }
    const { oldest } = this.#recency;
    if (oldest && this.#count >= this.#limit) this.#forget(oldest);
    this.#add({ table, key, value, until, older: undefined, newer: undefined });
  }

  #delete(table: string, key: string): boolean {
    const entry = this.#find(table, key);
    if (entry) this.#forget(entry);
    return entry !== undefined;
  }

  #clear(table: string): void {
    for (const entry of this.#tables.get(table)?.values() ?? []) this.#forget(entry);
  }

  #sizeOf(table: string): number {
    this.#deadlines.end();
    return this.#tables.get(table)?.size ?? 0;
  }

  /** The entry, unless its time is over. */
  #find(table: string, key: string): CacheEntry | undefined {
    const entry = this.#tables.get(table)?.get(key);
    if (entry === undefined || entry.until > this.#now()) return entry;
    this.#forget(entry);
    return undefined;
  }

  #add(entry: CacheEntry): void {
    const entries = this.#tables.get(entry.table);
    if (entries) entries.set(entry.key, entry);
    else this.#tables.set(entry.table, new Map([[entry.key, entry]]));
    this.#recency.add(entry);
    this.#deadlines.add(entry);
    this.#count++;
  }

  #forget(entry: CacheEntry): void {
    this.#deadlines.remove(entry);
    this.#remove(entry);
  }

  #remove(entry: CacheEntry): void {
    const entries = this.#tables.get(entry.table);
    entries?.delete(entry.key);
    if (entries?.size === 0) this.#tables.delete(entry.table);
    this.#recency.remove(entry);
    this.#count--;
  }
}
