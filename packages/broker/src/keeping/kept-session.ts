/** What the store has of one session. */
import type { QoS } from '../wire/packet.ts';
import type { Archive } from './archive.ts';
import { OfflineQueue } from './offline-queue.ts';
import { RECEIPTS, receiptOf, SESSIONS, writeSession } from './records.ts';

const NOTHING = new Uint8Array();

export class KeptSession {
  readonly queue: OfflineQueue;
  readonly #archive: Archive;
  readonly #client: string;

  constructor(archive: Archive, client: string) {
    this.#archive = archive;
    this.#client = client;
    this.queue = new OfflineQueue(archive, client);
  }

  /** @param left milliseconds since 1970 when its client left; 0 while it is there */
  save(subscriptions: ReadonlyMap<string, QoS> | undefined, left: number): void {
    const record = { subscriptions: [...(subscriptions ?? [])], left };
    this.#archive.journal.put(SESSIONS, this.#client, writeSession(record));
  }

  /** A QoS 2 message was taken: it is not taken again, not even after a restart. */
  receive(id: number): void {
    if (!this.#archive.durable) return;
    this.#archive.journal.put(RECEIPTS, receiptOf(this.#client, id), NOTHING);
  }

  /** Its packet identifier is free again. */
  release(id: number): void {
    if (!this.#archive.durable) return;
    this.#archive.journal.remove(RECEIPTS, receiptOf(this.#client, id));
  }

  /** Calls back when all that was asked for is kept; at once where that is not worth waiting for. */
  kept(then: () => void): void {
    if (this.#archive.durable) this.#archive.journal.kept(then);
    else then();
  }

  /** The session is over; its queue is dropped by its outbox. */
  drop(): void {
    this.#archive.journal.remove(SESSIONS, this.#client);
  }
}
