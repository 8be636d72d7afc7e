/** How much may be under way at once, per client and per vnode, and who waits for room. */
import { WINDOW } from '../connection/intake.ts';
import type { Counters } from '../counters.ts';
import type { Limits } from '../limits.ts';
import type { ClientLoad } from './load.ts';

/** The code of the window that has no room. */
export type Full = 'N2O_BUSY_CLIENT' | 'N2O_BUSY_VNODE';

/** Not at the first free place: reading is not worth stopping and starting for one event. */
const EASED = 0.75;

/** Somebody who is not read from. */
export interface Stopped {
  resume(obstacle: typeof WINDOW): void;
}

interface Window {
  count: number;
  bytes: number;
  /** Those who are not read from until there is room in this window. */
  readonly stopped: Set<Stopped>;
}

export class Windows {
  readonly #limits: Limits;
  readonly #counters: Counters;
  readonly #windows: readonly Window[];

  constructor(limits: Limits, counters: Counters, vnodes: number) {
    this.#limits = limits;
    this.#counters = counters;
    this.#windows = Array.from({ length: vnodes }, () => ({
      count: 0,
      bytes: 0,
      stopped: new Set<Stopped>(),
    }));
  }

  /** Bytes of payload under way, over all vnodes. */
  get bytes(): number {
    return this.#windows.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Connections that wait for room in the window of their vnode. */
  get stopped(): number {
    return this.#windows.reduce((sum, { stopped }) => sum + stopped.size, 0);
  }

  /** Events of a vnode that are under way. */
  countOf(vnode: number): number {
    return this.#windows[vnode - 1]?.count ?? 0;
  }

  /** Which window has no room for another event of this client; `undefined` when both have. */
  fullFor(load: ClientLoad, bytes: number): Full | undefined {
    const { inflightPerClient, inflightPerVnode, inflightBytesPerVnode } = this.#limits;
    if (load.count >= inflightPerClient) return 'N2O_BUSY_CLIENT';
    const window = this.#of(load);
    if (window.count === 0) return undefined;
    return window.count >= inflightPerVnode || window.bytes + bytes > inflightBytesPerVnode
      ? 'N2O_BUSY_VNODE'
      : undefined;
  }

  /** The connection is not read from until the window that is full has room: it is resumed then. */
  stop(load: ClientLoad, connection: Stopped, full: Full): void {
    this.#counters.stops++;
    if (full === 'N2O_BUSY_CLIENT') load.stopped = true;
    else this.#of(load).stopped.add(connection);
  }

  /** The connection is gone. */
  forget(load: ClientLoad, connection: Stopped): void {
    load.stopped = false;
    this.#of(load).stopped.delete(connection);
  }

  enter(load: ClientLoad, bytes: number): void {
    const window = this.#of(load);
    window.count++;
    window.bytes += bytes;
  }

  leave(load: ClientLoad, bytes: number): void {
    const window = this.#of(load);
    window.count--;
    window.bytes -= bytes;
    if (load.stopped && load.count <= this.#limits.inflightPerClient * EASED) {
      load.stopped = false;
      (load.connection ?? load.guest)?.resume(WINDOW);
    }
    if (window.stopped.size > 0 && this.#hasEased(window)) {
      const waiting = [...window.stopped];
      window.stopped.clear();
      // Who finds no room again goes to the end of the queue.
      for (const connection of waiting) connection.resume(WINDOW);
    }
  }

  #hasEased({ count, bytes }: Window): boolean {
    const { inflightPerVnode, inflightBytesPerVnode } = this.#limits;
    return count <= inflightPerVnode * EASED && bytes <= inflightBytesPerVnode * EASED;
  }

  #of(load: ClientLoad): Window {
    return this.#windows[load.vnode - 1] as Window;
  }
}
