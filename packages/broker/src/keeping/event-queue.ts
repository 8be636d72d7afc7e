/** Events of one vnode that are acknowledged as soon as they are stored: in order, and read a page at a time. */
import type { Extent } from '@n2o/shared';
import type { Archive } from './archive.ts';
import { eventsOf, fieldOf, numberOf, readEvent, type StoredEvent, writeEvent } from './records.ts';
import { Stock } from './stock.ts';

/** Events that the vnode has at once; the others wait in the store. */
const WINDOW = 1_024;

/** Events that are read at once. */
const PAGE = 256;

/** Milliseconds until a store that failed to answer is asked again. */
const RETRY = 250;

/** To be called when all that an event led to is kept; or when it is lost, since its vnode changes hands. */
export type Over = (isLost?: boolean) => void;

/** Gives an event to the vnode. */
export type Give = (event: StoredEvent, again: boolean, over: Over) => void;

export class EventQueue {
  readonly #archive: Archive;
  readonly #group: string;
  readonly #give: Give;
  readonly #stock: Stock;
  #first = 1;
  #last = 0;
  /** Up to this number events are of an earlier run: they may have been given before. */
  #old = 0;
  #given = 0;
  /** Those that are to be given again, and those that came meanwhile. */
  readonly #lost: [number: number, event: StoredEvent][] = [];
  #reading = false;

  constructor(archive: Archive, vnode: number, give: Give) {
    this.#archive = archive;
    this.#group = eventsOf(vnode);
    this.#give = give;
    this.#stock = new Stock(archive);
  }

  /** Events that the vnode does not have yet. */
  get waiting(): number {
    return this.#stock.count;
  }

  /** After a restart: what the store has. */
  restore(extent: Extent): void {
    this.#first = numberOf(extent.first);
    this.#last = this.#old = numberOf(extent.last);
    this.#stock.restore(extent.count);
    this.#read();
  }

  /** Stores an event, and gives it to the vnode when it is its turn; false when there is no room. */
  add(event: StoredEvent): boolean {
    const { journal, now } = this.#archive;
    const bytes = writeEvent(event, now);
    if (this.#stock.isFull(bytes.length) || !this.#archive.hasRoom(bytes.length)) return false;
    const number = ++this.#last;
    journal.add(this.#group, fieldOf(number), bytes);
    if (this.#stock.count > 0 || this.#given >= WINDOW) this.#stock.add(bytes.length);
    else {
      this.#first = number + 1;
      this.#hand(number, event);
    }
    return true;
  }

  #hand(number: number, event: StoredEvent): void {
    this.#given++;
    this.#offer(number, event, number <= this.#old);
  }

  #offer(number: number, event: StoredEvent, again: boolean): void {
    if (this.#lost.length > 0) {
      this.#lost.push([number, event]);
      return;
    }
    this.#give(event, again, (isLost) => {
      if (isLost) {
        this.#lose(number, event);
        return;
      }
      this.#given--;
      this.#archive.journal.remove(this.#group, fieldOf(number));
      this.#read();
    });
  }

  /** It was acknowledged, so nobody sends it again: whoever has the vnode soon gets it, before what came later. */
  #lose(number: number, event: StoredEvent): void {
    this.#lost.push([number, event]);
    if (this.#lost.length > 1) return;
    setTimeout(() => {
      const lost = this.#lost.splice(0).sort(([one], [other]) => one - other);
      for (const [number, event] of lost) this.#offer(number, event, true);
    }, RETRY).unref();
  }

  /** Reads on while the vnode has room. */
  #read(): void {
    if (this.#reading || this.#stock.count === 0 || this.#given > WINDOW - PAGE) return;
    this.#reading = true;
    const from = this.#first;
    const to = Math.min(from + PAGE, this.#last + 1);
    this.#load(from, to).then(
      (events) => {
        this.#reading = false;
        this.#first = to;
        if (to > this.#last) this.#stock.clear();
        for (const [number, event, size] of events) {
          if (to <= this.#last) this.#stock.remove(size);
          this.#hand(number, event);
        }
        this.#read();
      },
      () => {
        this.#reading = false;
        setTimeout(() => this.#read(), RETRY).unref();
      },
    );
  }

  async #load(from: number, to: number): Promise<[number, StoredEvent, number][]> {
    const { store, journal } = this.#archive;
    await journal.settled();
    const numbers = Array.from({ length: to - from }, (_, i) => from + i);
    const values = await store.get(this.#group, numbers.map(fieldOf));
    return values.flatMap((value, i) => {
      const event = value && readEvent(value);
      return event ? [[numbers[i] as number, event, value.length] as const] : [];
    }) as [number, StoredEvent, number][];
  }
}
