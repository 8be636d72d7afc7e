/** What waits for one client in the store: in order, bounded, read a page at a time. */
import type { Extent } from '@n2o/shared';
import { type Delivery, holdFor, redeem } from '../session/delivery.ts';
import type { Archive } from './archive.ts';
import { Numbers } from './numbers.ts';
import { Owed } from './owed.ts';
import { PAGE, PAGE_BYTES, type Page, readDeliveries } from './page.ts';
import type { Pledge } from './pledge.ts';
import { fieldOf, numberOf, queueOf, SENT, storedSize, writeDelivery } from './records.ts';
import { Stock } from './stock.ts';

/**
 * The messages of a client are numbered. What was sent or is about to be is in memory; what comes
 * behind that only in the store.
 */
export class OfflineQueue {
  readonly #archive: Archive;
  readonly #client: string;
  readonly #group: string;
  readonly #stock: Stock;
  readonly #numbers = new Numbers();
  readonly #owed: Owed;
  /** The highest number that was sent, and the one that the store knows of. */
  #sent = 0;
  #marked = 0;

  constructor(archive: Archive, client: string) {
    this.#archive = archive;
    this.#client = client;
    this.#group = queueOf(client);
    this.#stock = new Stock(archive);
    this.#owed = new Owed(archive.unsaved, (delivery) => this.save(delivery));
  }

  /** Messages that are only in the store. */
  get count(): number {
    // There may be gaps that nobody knows of: the stock alone does not tell.
    return this.#numbers.isEmpty ? 0 : Math.max(1, this.#stock.count);
  }

  /** The number of the next message. */
  get next(): number {
    return this.#numbers.next;
  }

  skip(): void {
    this.#numbers.pass();
  }

  get durable(): boolean {
    return this.#archive.durable;
  }

  /** After a restart: what the store has, and how far it had been sent. */
  restore({ first, last, count }: Extent, sent: number): void {
    this.#numbers.restore(numberOf(first), numberOf(last));
    this.#stock.restore(count);
    this.#sent = this.#marked = sent;
  }

  /** Numbers a message that stays in memory, and that is stored when the client takes its time. */
  enlist(delivery: Delivery, pledge: Pledge | undefined): void {
    delivery.number = this.#numbers.pass();
    if (delivery.qos === 0 || !this.durable) return;
    holdFor(delivery, pledge);
    if (pledge?.urgent) this.secure(delivery, () => redeem(delivery));
    else this.#owed.add(delivery);
  }

  /** Puts a message behind all others; false when there is no room and it was dropped. */
  append(delivery: Delivery, pledge: Pledge | undefined): boolean {
    const size = storedSize(delivery);
    if (!this.#makeRoom(size)) {
      this.#archive.counters.drops++;
      return false;
    }
    delivery.number = this.#numbers.append();
    this.#write(delivery);
    this.#stock.add(size);
    if (this.durable) this.#archive.keep(pledge);
    return true;
  }

  /** Stores a message that memory has too. */
  save(delivery: Delivery): void {
    this.#mark(delivery.number);
    this.#write(delivery);
  }

  /** The same, and says when that is done. */
  secure(delivery: Delivery, then: () => void): void {
    this.save(delivery);
    this.#archive.journal.kept(then);
  }

  /** It was sent: the next time it is a repetition. */
  sent(delivery: Delivery): void {
    if (delivery.number > this.#sent) this.#sent = delivery.number;
  }

  /** A message is over. */
  remove(delivery: Delivery): void {
    delivery.over = true;
    this.#owed.remove(delivery);
    if (delivery.stored) this.#archive.journal.remove(this.#group, fieldOf(delivery.number));
    redeem(delivery);
  }

  /** Reads the next messages that are only in the store; they stay there. @throws N2O_STORE_UNAVAILABLE */
  async read(): Promise<Page> {
    const from = this.#numbers.first;
    const some = Math.floor(PAGE_BYTES / this.#stock.typical);
    const next = Math.min(from + Math.max(1, Math.min(PAGE, some)), this.next);
    // Marked before they are sent: who gets one twice gets it with DUP the second time.
    const sent = this.#sent;
    this.#mark(next - 1);
    await this.#archive.journal.settled();
    const deliveries = await readDeliveries(this.#archive, this.#group, from, next, sent);
    return { deliveries, next };
  }

  /** Memory has a page that was read; returns those of it that are still to be sent. */
  advance({ deliveries, next }: Page): Delivery[] {
    const taken: Delivery[] = [];
    this.#stock.see(deliveries.map(storedSize));
    for (const delivery of deliveries) {
      // Dropped while it was read.
      if (delivery.number < this.#numbers.first) continue;
      this.#stock.remove(storedSize(delivery));
      if (!delivery.over) taken.push(delivery);
      else this.remove(delivery);
      if (delivery.over) this.#archive.counters.expired++;
    }
    this.#numbers.advance(next);
    if (this.#numbers.isEmpty) this.#empty();
    return taken;
  }

  /** The client is gone: what memory has of it is left to the store alone. */
  take(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    const pledged = deliveries.filter(({ pledge }) => pledge);
    for (const delivery of deliveries) {
      if (!delivery.stored || delivery.received) this.#write(delivery);
      delivery.over = true;
      this.#stock.add(storedSize(delivery));
    }
    this.#numbers.prepend(deliveries);
    this.#mark(this.#sent);
    if (pledged.length > 0) this.#archive.journal.kept(() => pledged.forEach(redeem));
  }

  /** The session is over. */
  drop(): void {
    this.#owed.clear();
    this.#archive.journal.drop(this.#group);
    this.#archive.journal.remove(SENT, this.#client);
    this.#empty();
  }

  #write(delivery: Delivery): void {
    const { journal, now } = this.#archive;
    const bytes = writeDelivery(delivery, now);
    if (delivery.stored) journal.put(this.#group, fieldOf(delivery.number), bytes);
    else journal.add(this.#group, fieldOf(delivery.number), bytes);
    delivery.stored = true;
    this.#owed.remove(delivery);
  }

  #mark(number: number): void {
    if (!this.durable || number <= this.#marked) return;
    this.#marked = number;
    this.#archive.markSent(this.#client, number);
  }

  /** Lets the oldest go, if that is how it is to be; false when there is no room. */
  #makeRoom(size: number): boolean {
    const { limits } = this.#archive;
    const stock = this.#stock;
    while (stock.isFull(size) && limits.queueFull === 'oldest' && stock.count > 0) {
      this.#dropOldest();
    }
    return !stock.isFull(size) && this.#archive.hasRoom(size);
  }

  #dropOldest(): void {
    this.#archive.journal.remove(this.#group, fieldOf(this.#numbers.shift()));
    this.#archive.counters.drops++;
    this.#stock.remove();
    if (this.#numbers.isEmpty) this.#empty();
  }

  #empty(): void {
    this.#stock.clear();
    this.#numbers.clear();
  }
}
