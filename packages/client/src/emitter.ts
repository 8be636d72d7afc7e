/** Typed events in a dozen lines, since a browser has no `node:events`. */

type Listeners<Events extends Record<string, readonly unknown[]>> = {
  [Name in keyof Events]?: Set<(...values: Events[Name]) => void>;
};

/** @typeParam Events event name → the values that its listeners get */
export class Emitter<Events extends Record<string, readonly unknown[]>> {
  readonly #listeners: Listeners<Events> = {};

  /** Calls the listener on each event of this name; returns what stops it. */
  on<Name extends keyof Events>(
    name: Name,
    listener: (...values: Events[Name]) => void,
  ): () => void {
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<Name extends keyof Events>(name: Name, ...values: Events[Name]): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        listener(...values);
      } catch (error) {
        // For the application to see, and no reason to leave a packet half handled.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
