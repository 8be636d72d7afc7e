/** Wills that outlive the broker: of who was connected when it died, they are published after the restart. */
import type { Publication } from '../wire/packet.ts';
import type { Archive } from './archive.ts';
import { readPublication, WILLS, writePublication } from './records.ts';

/** Milliseconds that a client has to come back after a restart before its will is published. */
const GRACE = 10_000;

export class Wills {
  readonly #archive: Archive;
  /** Of clients that were connected when the last run ended. */
  readonly #orphans = new Map<string, Publication>();
  #timer: NodeJS.Timeout | undefined;

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  /** A client connected, with a will or without. */
  keep(client: string, will: Publication | undefined): void {
    if (!this.#archive.durable) return;
    const { journal, now } = this.#archive;
    const isOrphan = this.#orphans.delete(client);
    if (will) journal.put(WILLS, client, writePublication(will, now));
    else if (isOrphan) journal.remove(WILLS, client);
  }

  /** The will of a client is published, or there is none any more. */
  forget(client: string): void {
    if (this.#archive.durable) this.#archive.journal.remove(WILLS, client);
  }

  /** After a restart: publishes in a while those whose clients have not come back. */
  async restore(publish: (client: string, will: Publication) => void): Promise<void> {
    for await (const entries of this.#archive.store.entries(WILLS)) {
      for (const [client, value] of entries) {
        const will = readPublication(value);
        if (will) this.#orphans.set(client, will);
      }
    }
    if (this.#orphans.size === 0) return;
    this.#timer = setTimeout(() => {
      for (const [client, will] of this.#orphans) {
        this.forget(client);
        publish(client, will);
      }
      this.#orphans.clear();
    }, GRACE);
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
