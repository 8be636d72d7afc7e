/** What a worker knows of its clients without asking the store: those it has seen last. */
import type { ClientRecord } from './record.ts';

/** Clients that are known at once. */
const MAX_CLIENTS = 65_536;

export class Memory {
  readonly #limit: number;
  readonly #most: number;
  /** Who was seen last is last. */
  readonly #records = new Map<string, { readonly record: ClientRecord; bytes: number }>();
  #bytes = 0;

  /**
   * @param limit bytes of all records; the one that was changed last stays however large it is
   * @param most  number of all records
   */
  constructor(limit: number, most: number = MAX_CLIENTS) {
    this.#limit = limit;
    this.#most = most;
  }

  get clients(): number {
    return this.#records.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(client: string): ClientRecord | undefined {
    const known = this.#records.get(client);
    if (known === undefined) return undefined;
    this.#records.delete(client);
    this.#records.set(client, known);
    return known.record;
  }

  put(client: string, record: ClientRecord): void {
    this.#remove(client);
    this.#records.set(client, { record, bytes: record.bytes });
    this.#bytes += record.bytes;
    this.#shrink(client);
  }

  /** A record has changed; one that is not here any more does not count. */
  changed(client: string, record: ClientRecord): void {
    const known = this.#records.get(client);
    if (known?.record !== record) return;
    this.#bytes += record.bytes - known.bytes;
    known.bytes = record.bytes;
    this.#shrink(client);
  }

  /** Nothing is known any more of the clients of a vnode. */
  forget(vnode: number): void {
    for (const [client, { record }] of this.#records) {
      if (record.vnode === vnode) this.#remove(client);
    }
  }

  #shrink(client: string): void {
    for (const oldest of this.#records.keys()) {
      if (this.#bytes <= this.#limit && this.#records.size <= this.#most) return;
      if (oldest !== client) this.#remove(oldest);
    }
  }

  #remove(client: string): void {
    const known = this.#records.get(client);
    if (known === undefined) return;
    this.#records.delete(client);
    this.#bytes -= known.bytes;
  }
}
