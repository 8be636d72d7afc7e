/** The events that a worker has not settled yet: kept whole, so that another worker can have them. */
import type { Event } from '@n2o/shared';

/** An event in a worker's care. */
export interface Task {
  readonly event: Event;
  /** Grows with every event of the thread: the order of arrival. */
  readonly sequence: number;
  /** How many workers ended while they were in this event. */
  deaths: number;
  /** Where it stands, or stood last, in the table; -1 before. */
  slot: number;
  /** Since when it waits, in milliseconds of a monotonic clock. */
  since: number;
}

/** A table with numbered places, the lowest free one first, as the worker's marks have them. */
export class Slots {
  readonly #tasks: (Task | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  get full(): boolean {
    return this.#size >= this.#limit;
  }

  put(task: Task): number {
    const slot = this.#free.pop() ?? this.#tasks.length;
    this.#tasks[slot] = task;
    this.#size++;
    task.slot = slot;
    return slot;
  }

  /** Takes a task out of its place; `undefined` when the place is empty. */
  take(slot: number): Task | undefined {
    const task = this.#tasks[slot];
    if (!task) return undefined;
    this.#tasks[slot] = undefined;
    this.#free.push(slot);
    this.#size--;
    return task;
  }

  /** Empties the table; the tasks come in the order of their arrival. */
  takeAll(): Task[] {
    const tasks = this.#tasks.filter((task) => task !== undefined);
    this.#tasks.length = 0;
    this.#free.length = 0;
    this.#size = 0;
    return tasks.sort((a, b) => a.sequence - b.sequence);
  }
}
