/** What a module hears of one page: its messages, and then that it is gone. */
import type { Address } from '../routing/address.ts';
import type { Events } from '../routing/events.ts';
import type { ClientLoad } from '../routing/load.ts';
import { withQuery } from './beginning.ts';
import type { Said } from './said.ts';

/** See the heart protocol of vnodes. */
const BYE = Buffer.from('BYE');

export class Attendance {
  readonly #events: Events;
  readonly #load: ClientLoad;
  readonly #address: Address;
  readonly #query: string;
  /** The module knows of it, and not yet that it is gone. */
  #known = false;

  /** @param query of the address that its WebSocket was asked for with */
  constructor(events: Events, load: ClientLoad, address: Address, query: string) {
    this.#events = events;
    this.#load = load;
    this.#address = address;
    this.#query = query;
  }

  /** There has to be room for it. */
  say(said: Said): void {
    this.#known = true;
    const payload = said.text ? withQuery(said.payload, this.#query) : said.payload;
    this.#events.ask(this.#load, said, this.#address, payload);
  }

  /**
   * Nothing more will be said. Told behind all that was, and also where a window is full: that is
   * one event more for each page that got one in. Of a page that said nothing, nothing is told.
   */
  end(): void {
    if (!this.#known) return;
    this.#known = false;
    this.#events.accept(this.#load, undefined, this.#address, BYE, 0, false, 0);
  }
}
