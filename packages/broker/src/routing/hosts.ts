/** The link of a broker: events go to the workers of this process, or to the host that owns their vnode. */
import type { ErrorCode, Event, Link } from '@n2o/shared';
import type { Session } from '../session/session.ts';
import type { PendingEvent } from './event.ts';
import { Seat } from './seat.ts';

export interface HostsOptions {
  readonly vnodes: number;
  /** The workers of this process. */
  readonly local: Link | undefined;
  /** Milliseconds that an event waits for a host that is not there. */
  readonly patience: number;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Answers an event that nobody was there for. */
  readonly refuse: (event: Event, code: ErrorCode) => void;
  /** Ends the session of a vnode. */
  readonly end: (session: Session) => void;
}

/** Milliseconds that a host has to come back before the workers of this process take over. */
const GRACE = 5_000;

export class Hosts implements Link {
  readonly #options: HostsOptions;
  readonly #seats: readonly Seat[];

  constructor(options: HostsOptions) {
    this.#options = options;
    this.#seats = Array.from({ length: options.vnodes }, (_, i) => {
      return new Seat(i + 1, options.now());
    });
  }

  /** Vnodes that hosts own. */
  get owned(): number {
    return this.#seats.filter(({ session }) => session?.connection).length;
  }

  /** Vnodes that nobody serves. */
  get vacant(): number {
    if (this.#options.local) return 0;
    return this.#seats.length - this.owned;
  }

  /** Events that hosts have. */
  get handed(): number {
    return this.#seats.reduce((sum, { handed }) => sum + handed, 0);
  }

  /** Events that wait for a host. */
  get waiting(): number {
    return this.#seats.reduce(
      (sum, { returned, waiting }) => sum + returned.size + waiting.size,
      0,
    );
  }

  deliver(event: PendingEvent): void {
    const { local } = this.#options;
    const seat = this.#seats[event.route.vnode - 1] as Seat;
    event.since = this.#options.now();
    if (!seat.session && local) local.deliver(event);
    // Hosts read the client from the topic, where such an id is more than one level.
    else if (event.route.client.includes('/')) {
      // It is none of those that the workers had before.
      if (seat.before > 0) seat.before++;
      this.#options.refuse(event, 'N2O_EVENT_TOPIC');
    } else if (seat.session && seat.before === 0) seat.hand(event);
    else seat.waiting.push(event);
  }

  /**
   * A host has come for a vnode, 1..vnodes. What the workers of this process have of it ends first.
   * @param pending events of the vnode that are under way
   */
  attach(vnode: number, session: Session, pending: number): void {
    const seat = this.#seats[vnode - 1];
    if (!seat) return;
    seat.vacant = 0;
    if (seat.session === session) return;
    seat.session = session;
    const { handed, returned, waiting } = seat;
    const here = pending - handed - returned.size - waiting.size;
    seat.before = this.#options.local ? here : 0;
    this.#begin(seat);
  }

  /** The host of a vnode is gone; another one may go on with the session. */
  detach(vnode: number): void {
    const seat = this.#seats[vnode - 1];
    if (!seat) return;
    seat.vacant = this.#options.now();
    seat.leave();
  }

  /** An event of a vnode is settled: the host may begin when it was the last of those before. */
  settled(vnode: number): void {
    const seat = this.#seats[vnode - 1] as Seat;
    if (seat.before === 0) return;
    seat.before--;
    this.#begin(seat);
  }

  /** What the workers of this process did of an event came to nothing: the host has it now, if one has come. */
  handOver(event: PendingEvent): boolean {
    const { vnode, client } = event.route;
    const seat = this.#seats[vnode - 1] as Seat;
    if (!seat.session || client.includes('/')) return false;
    event.revive(this.#options.now());
    seat.returned.push(event);
    if (seat.before > 0) seat.before--;
    this.#begin(seat);
    return true;
  }

  /** A host says something to a client; returns what is to be sent as it is. */
  say(vnode: number, topic: string, action: Uint8Array): Uint8Array | undefined {
    return this.#seats[vnode - 1]?.say(topic, action);
  }

  /** Looks after vnodes whose host has not come back, and what waits for one: to be called every second or so. */
  expire(): void {
    const { local, patience, now, refuse, end } = this.#options;
    const before = now() - (local ? GRACE : patience);
    for (const seat of this.#seats) {
      if (seat.vacant === 0 || seat.vacant > before) continue;
      const { session } = seat;
      seat.session = undefined;
      const events = seat.takeAll();
      if (session) {
        end(session);
        local?.own?.(seat.vnode);
      }
      for (const event of events) {
        event.dup = true;
        if (local) local.deliver(event);
        // What was acknowledged waits for as long as it takes.
        else if (event.over || event.since > before) seat.waiting.push(event);
        else refuse(event, 'N2O_HOST_UNAVAILABLE');
      }
    }
  }

  #begin(seat: Seat): void {
    if (seat.before === 0) seat.begin();
  }
}
