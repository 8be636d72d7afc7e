/** How often a password may be tried: by the name of the user, wherever that is, and by what this process can take. */
import { createHash } from 'node:crypto';
import { N2OError, type Store } from '@n2o/shared';
import { Lines } from '../../files/turns.ts';
import type { Random } from '../pickler/sealing.ts';

/** Tries in a row that fail, until the user has to wait. */
const MOST_TRIES = 10;

/** How long, in milliseconds. */
const WAIT = 15 * 60_000;

/** Hashes under way or waiting: each takes some tenths of a second, and four run at once. */
const MOST_HASHES = 64;

export class Tries {
  readonly #store: Store;
  readonly #random: Random;
  readonly #lines = new Lines();
  #hashes = 0;

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  /**
   * Tries a password, one of a name after the other: many who are right at the same moment are no
   * attack. Tries are forgotten when one was right.
   * @returns whether it is
   * @throws N2O_AUTH_BUSY, N2O_STORE_UNAVAILABLE
   */
  make(name: string, isRight: () => Promise<boolean>): Promise<boolean> {
    const group = `auth/tries/${createHash('sha256').update(name).digest('hex')}`;
    // What there is no room for is not tried, and does not count.
    return this.working(() =>
      this.#lines.run(group, async () => {
        await this.#count(group);
        if (!(await isRight())) return false;
        await this.#store.commit([{ group, drop: true }]);
        return true;
      }),
    );
  }

  /** Does some hashing. @throws N2O_AUTH_BUSY when too much of it waits already */
  async working<Value>(hash: () => Promise<Value>): Promise<Value> {
    if (this.#hashes >= MOST_HASHES) throw new N2OError('N2O_AUTH_BUSY');
    this.#hashes++;
    try {
      return await hash();
    } finally {
      this.#hashes--;
    }
  }

  /** Counts a try before it is made, so that those of other workers at the same moment count too. */
  async #count(group: string): Promise<void> {
    await this.#hold(group, MOST_TRIES - 1);
    const field = Buffer.from(this.#random(8)).toString('hex');
    await this.#store.commit([
      { group, field, value: new Uint8Array() },
      { group, lifetime: WAIT },
    ]);
    try {
      await this.#hold(group, MOST_TRIES);
    } catch (thrown) {
      // It is not made.
      await this.#store.commit([{ group, field, value: undefined }]);
      throw thrown;
    }
  }

  async #hold(group: string, most: number): Promise<void> {
    const extent = await this.#store.extent(group);
    if (extent && extent.count > most) throw new N2OError('N2O_AUTH_BUSY');
  }
}
