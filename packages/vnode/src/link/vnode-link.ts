/** The link of one vnode: what the broker sends on its line goes into the workers, what comes of it goes back. */
import { ERRORS, type Link } from '@n2o/shared';
import { type Address, Addresses } from './address.ts';
import type { Answers } from './answers.ts';
import type { LinkCounters } from './counters.ts';
import { LinkEvent, type Settling } from './event.ts';
import type { Line } from './line.ts';
import { Load } from './load.ts';
import { Memory } from './memory.ts';
import type { Publish } from './wire.ts';

export interface VnodeLimits {
  /** Events under way. */
  readonly window: number;
  /** Bytes of the payloads of these events. */
  readonly windowBytes: number;
  /** While so many bytes wait for the broker to read them, only one event is taken at a time. */
  readonly outputBytes: number;
  /** Bytes of events that may come again, with their actions. */
  readonly memoryBytes: number;
  /** Milliseconds that they are kept when the line broke. */
  readonly memoryAge: number;
}

export interface VnodeParts {
  /** Runs the events. */
  readonly host: Link;
  readonly answers: Answers;
  readonly counters: LinkCounters;
  readonly limits: VnodeLimits;
}

/** Addresses that are kept read. */
const ADDRESSES = 16_384;

export class VnodeLink implements Settling {
  readonly memory: Memory;
  readonly load = new Load();
  readonly #parts: VnodeParts;
  readonly #addresses: Addresses;
  /** Events under way that the broker may send again, by packet identifier. */
  readonly #running = new Map<number, LinkEvent>();
  #line: Line | undefined;
  #stopped = false;
  #lost = false;

  constructor(vnode: number, parts: VnodeParts) {
    const { window, memoryBytes, memoryAge } = parts.limits;
    const limits = { count: 2 * window, bytes: memoryBytes, age: memoryAge };
    this.memory = new Memory(limits, () => performance.now());
    this.#parts = parts;
    this.#addresses = new Addresses(vnode, ADDRESSES);
  }

  /** Bytes that wait for the broker to read them. */
  get output(): number {
    return this.#line?.waiting ?? 0;
  }

  /** The broker is not read from, since there is no room. */
  get full(): boolean {
    return this.#line !== undefined && !this.#line.reading;
  }

  /** A line is open: what the broker sends on it comes here. */
  attach(line: Line): void {
    this.#line = line;
    if (!line.sessionPresent) this.#startAnew();
    this.#relax();
  }

  /** The line is gone. */
  detach(): void {
    this.#line = undefined;
    this.memory.broken();
  }

  publish(packet: Publish): void {
    const line = this.#line;
    if (line === undefined) return;
    // A retained message is not said now, but told to everyone who comes.
    const address = packet.retain ? undefined : this.#addresses.of(packet);
    if (address && !packet.truncated) this.#take(line, packet, address, packet.payload);
    else this.#parts.answers.refuse(line, packet, address);
    if (!line.reading || !this.#crowded(line, 0)) return;
    this.#parts.counters.linkStops++;
    line.pause();
  }

  settled(event: LinkEvent): void {
    const { counters } = this.#parts;
    const { outcome, id } = event;
    const line = this.#line;
    if (this.#running.get(id) === event) this.#running.delete(id);
    if (outcome === 'unknown') counters.linkUnknownEvents++;
    else if (outcome === 'dead') counters.linkDeadEvents++;
    if (this.#lost || outcome === 'lost') {
      counters.linkLostEvents++;
      // Whose the vnode is will be found out before another line is opened.
      line?.fail('N2O_STORE_FENCED', ERRORS.N2O_STORE_FENCED);
    } else if (line !== undefined && (event.line === line || id === 0)) this.#answer(line, event);
    else if (id > 0) this.memory.missed(event);
    this.load.leave(event.payload);
    this.#relax();
  }

  /** There is room again on the line. */
  drained(): void {
    this.#relax();
  }

  /** Takes no more events. */
  stop(): void {
    this.#stopped = true;
    this.#line?.pause();
  }

  /** The vnode is another host's, or about to be: whatever still comes of its events here is dropped. */
  lose(): void {
    this.#lost = true;
    this.#line = undefined;
  }

  #take(line: Line, packet: Publish, address: Address, payload: Uint8Array): void {
    const { id, qos, dup } = packet;
    if (id > 0) {
      if (!dup) this.memory.fresh();
      else if (this.#again(line, id, address, payload)) return;
      // Another message under the identifier of one that is under way: the broker knows that one no more.
      const earlier = this.#running.get(id);
      if (earlier) earlier.id = 0;
    }
    const event = new LinkEvent(this, line, address, payload, qos, dup, id);
    if (id > 0) this.#running.set(id, event);
    this.load.enter(payload);
    this.#parts.counters.linkEvents++;
    this.#parts.host.deliver(event);
  }

  /** Sees to an event that came again and is under way, or whose outcome is known; false when it is neither. */
  #again(line: Line, id: number, address: Address, payload: Uint8Array): boolean {
    const { counters } = this.#parts;
    const running = this.#running.get(id);
    if (running?.isAgain(address, payload)) {
      running.line = line;
      counters.linkRejoinedEvents++;
      return true;
    }
    const known = this.memory.recall(id, address, payload);
    if (!known) return false;
    counters.linkRepeatedEvents++;
    this.#answer(line, known);
    return true;
  }

  #answer(line: Line, event: LinkEvent): void {
    this.#parts.answers.send(line, event);
    if (event.id > 0) this.memory.answered(event, line.sent);
  }

  /** The broker has forgotten this session: nothing that it sent comes again, and all of it is answered without. */
  #startAnew(): void {
    this.memory.fresh();
    for (const event of this.#running.values()) event.id = 0;
    this.#running.clear();
  }

  /** Reads on, if there is room: for some more than what would fill it, lest it stops at each. */
  #relax(): void {
    const line = this.#line;
    if (line === undefined || line.reading || this.#stopped) return;
    if (!this.#crowded(line, this.#parts.limits.window >> 3)) line.resume();
  }

  /** Never while nothing is under way: a broker may not read on before it is read from. */
  #crowded(line: Line, spare: number): boolean {
    const { window, windowBytes, outputBytes } = this.#parts.limits;
    const { count, bytes } = this.load;
    if (count === 0) return false;
    return count + spare >= window || bytes >= windowBytes || line.waiting >= outputBytes;
  }
}
