/** The order of each client's events: while one is under way, the next ones line up behind it. */
import type { Event } from '@n2o/shared';

/** What is to be done with an event: it may run now, has been put into its line, or finds that full. */
export type Admission = 'now' | 'later' | 'full';

/** An event that waits, and the one behind it. */
interface Place {
  readonly event: Event;
  behind: Place | undefined;
}

/** The events of a client that wait. */
interface Line {
  first: Place | undefined;
  last: Place | undefined;
  length: number;
}

/**
 * A line for each client whose handler has turned asynchronous. A client whose handlers answer at
 * once has none: it costs neither a promise nor an entry.
 */
export class Mailboxes {
  readonly #lines = new Map<string, Line>();
  readonly #limit: number;
  #waiting = 0;

  /** @param limit how many events of one client may wait */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Clients with an event under way. */
  get clients(): number {
    return this.#lines.size;
  }

  /** Events that wait, of all clients. */
  get waiting(): number {
    return this.#waiting;
  }

  admit(event: Event): Admission {
    const line = this.#lines.size === 0 ? undefined : this.#lines.get(event.route.client);
    if (line === undefined) return 'now';
    if (line.length >= this.#limit) return 'full';
    const place: Place = { event, behind: undefined };
    if (line.last === undefined) line.first = place;
    else line.last.behind = place;
    line.last = place;
    line.length++;
    this.#waiting++;
    return 'later';
  }

  /** An event of the client is under way: from now on its next ones line up. */
  open(client: string): void {
    if (this.#lines.has(client)) return;
    this.#lines.set(client, { first: undefined, last: undefined, length: 0 });
  }

  /** The event of the client under way has ended: takes the next one, which then is; else closes the line. */
  next(client: string): Event | undefined {
    const line = this.#lines.get(client);
    const place = line?.first;
    if (line === undefined || place === undefined) {
      this.#lines.delete(client);
      return undefined;
    }
    line.first = place.behind;
    place.behind = undefined;
    if (line.first === undefined) line.last = undefined;
    line.length--;
    this.#waiting--;
    return place.event;
  }
}
