/** Connections that are not read from, since the store takes less than there is to keep. */
import type { Connection } from '../connection/connection.ts';
import { STORING } from '../connection/intake.ts';
import type { Archive } from './archive.ts';

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
    if (!this.#archive.journal.isFull) return false;
    connection.intake.postpone(STORING);
    this.#connections.add(connection);
    this.#watch();
    return true;
  }

  forget(connection: Connection): void {
    this.#connections.delete(connection);
  }

  #watch(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#archive.journal.kept(() => {
      this.#waiting = false;
      const connections = [...this.#connections];
      this.#connections.clear();
      for (const connection of connections) connection.resume(STORING);
    });
  }
}
