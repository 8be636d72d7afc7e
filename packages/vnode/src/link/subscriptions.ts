/** Who hears what of a broker: listeners by their filters. */
import { type Logger, matches, type Publication } from '@n2o/shared';

export type Listener = (publication: Publication) => void;

export class Subscriptions {
  readonly #log: Logger;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(log: Logger) {
    this.#log = log;
  }

  get filters(): readonly string[] {
    return [...this.#listeners.keys()];
  }

  /** How many filters there are. */
  get size(): number {
    return this.#listeners.size;
  }

  add(filter: string, listener: Listener): void {
    const same = this.#listeners.get(filter);
    if (same) same.add(listener);
    else this.#listeners.set(filter, new Set([listener]));
  }

  /** Returns whether the filter is of no use any more. */
  remove(filter: string, listener: Listener): boolean {
    const same = this.#listeners.get(filter);
    if (!same?.delete(listener) || same.size > 0) return false;
    return this.#listeners.delete(filter);
  }

  /** Lets all hear a publication whose filters select its topic. */
  hear(publication: Publication): void {
    for (const [filter, listeners] of this.#listeners) {
      if (!matches(filter, publication.topic)) continue;
      for (const listener of listeners) {
        try {
          listener(publication);
        } catch (err) {
          this.#log.error({ err, topic: publication.topic }, 'a listener threw');
        }
      }
    }
  }
}
