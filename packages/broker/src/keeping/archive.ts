/** What a broker keeps in its store, and what all that is kept there has in common. */
import type { Store } from '@n2o/shared';
import type { Journal } from '@n2o/store';
import type { Counters } from '../counters.ts';
import type { Limits } from '../limits.ts';
import type { QoS } from '../wire/packet.ts';
import { Pledge } from './pledge.ts';
import { SENT } from './records.ts';
import { Unsaved } from './unsaved.ts';

/** Bytes of payload that line up in memory, over all clients. */
export interface Backlog {
  bytes: number;
}

export class Archive {
  readonly store: Store;
  readonly journal: Journal;
  readonly limits: Limits;
  readonly counters: Counters;
  readonly backlog: Backlog;
  /** Messages that were sent to clients which have not acknowledged them yet, and are in no store. */
  readonly unsaved: Unsaved;

  constructor(
    store: Store,
    journal: Journal,
    limits: Limits,
    counters: Counters,
    backlog: Backlog,
  ) {
    this.store = store;
    this.journal = journal;
    this.limits = limits;
    this.counters = counters;
    this.backlog = backlog;
    this.unsaved = new Unsaved(journal);
  }

  /** Whether what is kept outlives this process: else there is no use in waiting for it. */
  get durable(): boolean {
    return this.store.durable;
  }

  /** Whether the store does not answer now. */
  get isDown(): boolean {
    return this.durable && this.journal.down;
  }

  /** A promise that somebody waits for; `undefined` where it is not worth waiting. */
  promise(qos: QoS): Pledge | undefined {
    return this.durable && qos > 0 ? new Pledge(qos === 2) : undefined;
  }

  /** A promise that all is kept that is being stored now. */
  promiseSofar(): Pledge | undefined {
    const pledge = this.promise(1);
    this.keep(pledge);
    pledge?.release();
    return pledge;
  }

  /** Lets a part of a promise go when all changes asked for so far are kept. */
  keep(pledge: Pledge | undefined): void {
    if (!pledge) return;
    pledge.hold();
    this.journal.kept(() => pledge.release());
  }

  /** From now on messages up to this number of the client count as sent. */
  markSent(client: string, number: number): void {
    this.journal.put(SENT, client, Buffer.from(String(number)));
  }

  /** The client's queue counts so many bytes more, where the store is memory. */
  count(bytes: number): void {
    if (!this.durable) this.backlog.bytes += bytes;
  }

  /** Has memory for so many bytes more, where the store is memory? */
  hasRoom(bytes: number): boolean {
    return this.durable || this.backlog.bytes + bytes <= this.limits.allQueuesBytes;
  }

  /** Seconds since 1970. */
  get now(): number {
    return Math.floor(Date.now() / 1_000);
  }
}
