/** Connections that are not read from, since the store takes less than there is to keep. */
import type { Connection } from '../connection/connection.ts';
import { STORING } from '../connection/intake.ts';
import type { Archive } from './archive.ts';

/** Acknowledgements of one connection that wait for what they promise. */
const MAX_ACKNOWLEDGEMENTS = 16_384;

export class Stalled {
  readonly #archive: Archive;
  readonly #connections = new Set<Connection>();
  #waiting = false;

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Puts the packet at hand off when too much is to be stored already; true when it did. */
  stop(connection: Connection): boolean {
    const { isFull } = this.#archive.journal;
    if (!isFull && connection.acknowledgements.size < MAX_ACKNOWLEDGEMENTS) return false;
    connection.intake.postpone(STORING);
    this.#connections.add(connection);
    this.#watch();
    return true;
  }

  forget(connection: Connection): void {
    this.#connections.delete(connection);
  }

  readonly #resume = (): void => {
    this.#waiting = false;
    const connections = [...this.#connections];
    this.#connections.clear();
    for (const connection of connections) connection.resume(STORING);
  };

  #watch(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#archive.journal.kept(() => setImmediate(this.#resume));
  }
}
