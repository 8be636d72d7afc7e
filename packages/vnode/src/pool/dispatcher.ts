/** Gives events to a worker, in their order, and keeps each until it is settled. */
import { type ErrorCode, type Event, type Outcome, Queue } from '@n2o/shared';
import type { Effect } from '../effects/effect.ts';
import { unpackEffect } from '../effects/packed.ts';
import { Marks } from './marks.ts';
import { Outgoing } from './outgoing.ts';
import { ASKED, KEPT, OUTCOMES, readRecords, SETTLED } from './records.ts';
import { Slots, type Task } from './slots.ts';

/** An event that so many workers died over is not given to another. */
const MAX_DEATHS = 3;
/** From this many on an event runs alone, so that the next death has one cause. */
const ALONE_FROM = 2;

export interface DispatcherOptions {
  /** Events that the worker may have at once; the next ones wait here. */
  readonly slots: number;
  /** Milliseconds that an event waits for a worker. */
  readonly patience: number;
  /** Sends packed records to the worker. */
  readonly send: (packed: Uint8Array<ArrayBuffer>) => void;
  /** Takes what the worker asks of the store. */
  readonly ask: (request: Uint8Array) => void;
  /** An error frame for the client of an event. */
  readonly frame: (event: Event, code: ErrorCode) => Uint8Array;
  /** Settles an event, when what it leaves behind is kept. */
  readonly settle: (event: Event, outcome: Outcome, bytes?: Uint8Array, effect?: Effect) => void;
}

export class Dispatcher {
  readonly marks: Marks;
  readonly #options: DispatcherOptions;
  readonly #slots: Slots;
  readonly #outgoing: Outgoing;
  /** Not sent yet: there is no worker, or it has all it may have, or an event runs alone. */
  readonly #waiting = new Queue<Task>();
  #open = false;
  #alone = false;
  #sequence = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.marks = new Marks(options.slots);
    this.#slots = new Slots(options.slots);
    this.#outgoing = new Outgoing(options.send);
  }

  /** Events that the worker has. */
  get working(): number {
    return this.#slots.size;
  }

  /** Events that wait for it. */
  get waiting(): number {
    return this.#waiting.size;
  }

  deliver(event: Event): void {
    const task: Task = { event, sequence: this.#sequence++, deaths: 0, slot: -1, since: 0 };
    if (this.#open && this.#waiting.size === 0 && !this.#alone && !this.#slots.full) {
      this.#send(task);
      return;
    }
    task.since = performance.now();
    this.#waiting.push(task);
    this.#pump();
  }

  /** A worker is there. */
  open(): void {
    this.#open = true;
    this.#pump();
  }

  /** Takes the records that the worker sent. */
  receive(packed: Uint8Array): void {
    readRecords(packed, (kind, flags, slot, start, end) => {
      const outcome = OUTCOMES[flags] as Outcome;
      const bytes = packed.subarray(start, end);
      if (kind === SETTLED) this.#settle(slot, outcome, bytes);
      // Memory of its own: the store keeps views of it.
      else if (kind === ASKED) this.#options.ask(bytes.slice());
      else if (kind === KEPT) {
        const { effect, size } = unpackEffect(bytes);
        this.#settle(slot, outcome, bytes.subarray(size), effect);
      }
    });
  }

  /** Tells the worker what the store answers. */
  tell(answer: Uint8Array): void {
    this.#outgoing.tell(answer);
  }

  /** Lets what is on its way to the worker leave before anything else that is said to it. */
  flush(): void {
    this.#outgoing.flush();
  }

  /**
   * The worker is gone: what it had goes to the next one, before all others. Returns how much that
   * is, and what is given up because too many workers died over it.
   */
  bereave(): { unfinished: number; givenUp: Event[] } {
    const { current } = this.marks;
    const tasks = this.#slots.takeAll();
    for (const task of tasks) {
      // Without a current event it died between two steps of one that it had begun.
      const suspect =
        current === undefined ? this.marks.hasBegun(task.slot) : task.slot === current;
      if (suspect) task.deaths++;
      task.since = performance.now();
    }
    this.#open = false;
    this.#alone = false;
    this.marks.leave();
    this.marks.know({ clients: 0, bytes: 0 });
    this.#outgoing.clear();
    this.#waiting.unshift(tasks.filter(({ deaths }) => deaths < MAX_DEATHS));
    const givenUp = tasks.filter(({ deaths }) => deaths >= MAX_DEATHS).map(({ event }) => event);
    const { frame, settle } = this.#options;
    for (const event of givenUp) settle(event, 'dead', frame(event, 'N2O_EVENT_DEAD'));
    return { unfinished: tasks.length, givenUp };
  }

  /** Answers the events that have waited too long for a worker. */
  expire(): void {
    // With a worker there is an end to waiting: the deadlines of the events before.
    if (this.#open) return;
    const { frame, settle, patience } = this.#options;
    const before = performance.now() - patience;
    for (
      let task = this.#waiting.peek();
      task && task.since < before;
      task = this.#waiting.peek()
    ) {
      this.#waiting.shift();
      settle(task.event, 'reply', frame(task.event, 'N2O_HOST_UNAVAILABLE'));
    }
  }

  #send(task: Task): void {
    const slot = this.#slots.put(task);
    this.marks.clear(slot);
    this.#outgoing.event(task.event, slot, task.deaths > 0);
  }

  /** Sends what waits, in its order, as far as it may go. */
  #pump(): void {
    while (this.#open && !this.#alone && !this.#slots.full) {
      const task = this.#waiting.peek();
      if (!task) return;
      if (task.deaths >= ALONE_FROM) {
        if (this.#slots.size > 0) return;
        this.#alone = true;
      }
      this.#waiting.shift();
      this.#send(task);
    }
  }

  #settle(slot: number, outcome: Outcome, bytes: Uint8Array, effect?: Effect): void {
    const task = this.#slots.take(slot);
    if (!task) return;
    this.#alone = false;
    this.#options.settle(task.event, outcome, bytes, effect);
    // The worker has had a copy.
    if (effect === undefined) task.event.release?.();
    if (this.#waiting.size > 0) this.#pump();
  }
}
