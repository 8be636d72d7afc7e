/** What was read of sessions along with their standing, because it is likely to be asked for next. */
import type { Identity } from '@n2o/shared';
import type { Standing } from './record.ts';

/** Variables that are brought along, and how long their names and values may be: others are not worth it. */
const NAMES = 4;
const NAME = 64;
const BYTES = 1_024;

/** How a session is, with some of its variables by their names. */
export interface Reading extends Standing {
  readonly values: ReadonlyMap<string, Uint8Array | undefined>;
}

/**
 * What is brought along belongs to the event that the session was found for, and holds until its
 * code waits for something new: had it read one by one without waiting, it would have read the same.
 */
export class Brought {
  #readings = new WeakMap<Identity, Reading>();
  #likely: readonly string[] = [];

  /** Variables that were asked for lately. */
  get likely(): readonly string[] {
    return this.#likely;
  }

  put(identity: Identity, reading: Reading): void {
    for (const [name, value] of reading.values) {
      if (value !== undefined && value.length > BYTES) this.#unlearn(name);
    }
    if (reading.values.size === 0) return;
    this.#readings.set(identity, reading);
    // Runs once the promises are seen to that this reading resolves, and those behind them.
    process.nextTick(() => this.#readings.delete(identity));
  }

  take(identity: Identity | undefined, name: string): Reading | undefined {
    const reading = identity && this.#readings.get(identity);
    return reading?.values.has(name) ? reading : undefined;
  }

  /** A variable was asked for that had not been brought along. */
  learn(name: string): void {
    this.#unlearn(name);
    if (name.length > NAME) return;
    this.#likely = [...this.#likely.slice(1 - NAMES), name];
  }

  /** Something is about to be changed. */
  forget(): void {
    this.#readings = new WeakMap();
  }

  #unlearn(name: string): void {
    this.#likely = this.#likely.filter((other) => other !== name);
  }
}
