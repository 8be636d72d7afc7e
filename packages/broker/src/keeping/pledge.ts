/** What an acknowledgement promises: it may leave when all that the message led to is kept. */

/**
 * Counts the parts of a promise that are open. Whoever makes it holds the first part, and lets it
 * go when all parts are known.
 */
export class Pledge {
  /** Its parts are stored at once, in one commit with what else is stored now: QoS 2. */
  readonly urgent: boolean;
  #open = 1;
  #then: (() => void) | undefined;

  constructor(urgent = false) {
    this.urgent = urgent;
  }

  /** Whether all of it is kept. */
  get isKept(): boolean {
    return this.#open === 0;
  }

  /** There is one part more. */
  hold(): void {
    this.#open++;
  }

  /** A part is kept: acknowledged by who was to have it, or in the store. */
  release(): void {
    if (--this.#open === 0) this.#then?.();
  }

  /** Says what is to be done when all is kept, if it is not yet. */
  whenKept(act: () => void): void {
    this.#then = act;
  }
}
