/** The store that lives in a folder of this machine, for one process. */
import {
  type Change,
  type Extent,
  type Fence,
  N2OError,
  type Range,
  reason,
  type Store,
} from '@n2o/shared';
import { ClassicLevel } from 'classic-level';
import { Commits } from '../commits.ts';
import { widen } from '../extent.ts';
import { Lifetimes } from '../lifetimes.ts';
import { type Entry, needOrdered } from '../order.ts';
import { Watches } from '../watches.ts';
import { EPOCHS, keyOf, LIFETIMES, numberOf, rangeOf, subjectOf } from './keys.ts';
import { faultOf, needCurrent } from './opening.ts';
import { PAGE, PAGE_BYTES, readRange } from './range.ts';
import { type Database, SWEEP, Writer } from './writer.ts';

/** What is written gathers in memory, beside its log, up to this. */
const WRITE_BUFFER_BYTES = 16 * 1024 * 1024;

export interface FolderStoreOptions {
  /** Made when it is not there. One process at a time has it. */
  readonly folder: string;
  /** Whether a commit waits for the disk itself: then it outlives a loss of power, and takes longer. Default: false. */
  readonly sync?: boolean;
  /** Told when the folder no longer takes changes, and why, and with `undefined` when it does again. */
  readonly onState?: (down: N2OError | undefined) => void;
}

/** @throws N2O_STORE_UNAVAILABLE */
export async function openFolderStore(options: FolderStoreOptions): Promise<Store> {
  const { folder } = options;
  await needCurrent(folder);
  const database: Database = new ClassicLevel(folder, {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
    writeBufferSize: WRITE_BUFFER_BYTES,
  });
  try {
    await database.open();
    const store = new FolderStore(database, options);
    await store.load();
    return store;
  } catch (error) {
    await database.close();
    throw new N2OError('N2O_STORE_UNAVAILABLE', `the folder ${folder} ${faultOf(error)}`, {
      cause: error,
    });
  }
}

class FolderStore implements Store {
  readonly durable = true;
  readonly #database: Database;
  readonly #writer: Writer;
  readonly #commits: Commits;
  readonly #lifetimes: Lifetimes;
  readonly watches = new Watches();
  #closing: Promise<void> | undefined;

  constructor(database: Database, { folder, sync = false, onState }: FolderStoreOptions) {
    this.#database = database;
    this.#lifetimes = new Lifetimes(() => void this.#sweep());
    const { watches } = this;
    const lifetimes = this.#lifetimes;
    this.#writer = new Writer({ database, lifetimes, watches, sync, folder, onState });
    this.#commits = new Commits((turn) => this.#writer.write(turn));
  }

  /** Reads what must be known of all groups. */
  async load(): Promise<void> {
    for await (const [key, value] of this.#database.iterator(LIFETIMES))
      this.#lifetimes.set(subjectOf(key), numberOf(value));
    for await (const [key, value] of this.#database.iterator(EPOCHS))
      this.#writer.epochs.set(subjectOf(key), numberOf(value));
  }

  commit(changes: readonly Change[], fence?: Fence): Promise<void> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    this.watches.before(changes);
    // What is read from now on waits for them.
    return this.#commits.commit(changes, fence);
  }

  async get(
    group: string,
    fields: readonly string[],
  ): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#read(async () => {
      if (this.#lifetimes.isOver(group)) return fields.map(() => undefined);
      return this.#database.getMany(fields.map((field) => keyOf(group, field)));
    });
  }

  follow(
    group: string,
    fields: readonly string[],
    changed: () => void,
  ): Promise<readonly (Uint8Array | undefined)[]> {
    this.watches.add(group, changed);
    return this.get(group, fields);
  }

  async extent(group: string): Promise<Extent | undefined> {
    return this.#read(async () => {
      if (this.#lifetimes.isOver(group)) return undefined;
      const { gte, lt } = rangeOf(group);
      const keys = this.#database.keys({ gte, lt, highWaterMarkBytes: PAGE_BYTES });
      try {
        let extent: Extent | undefined;
        for (let page = await keys.nextv(PAGE); page.length > 0; page = await keys.nextv(PAGE))
          extent = widen(
            extent,
            page.map((key) => key.slice(gte.length)),
          );
        return extent;
      } finally {
        await keys.close();
      }
    });
  }

  async range(group: string, range: Range): Promise<readonly Entry[]> {
    needOrdered(group);
    return this.#read(async () =>
      this.#lifetimes.isOver(group) ? [] : readRange(this.#database, group, range),
    );
  }

  async *entries(group: string): AsyncGenerator<[string, Uint8Array][]> {
    await this.#commits.settled();
    if (this.#lifetimes.isOver(group)) return;
    const { gte, lt } = rangeOf(group);
    const entries = await this.#read(async () =>
      this.#database.iterator({ gte, lt, highWaterMarkBytes: PAGE_BYTES }),
    );
    try {
      for (;;) {
        const page = await this.#read(() => entries.nextv(PAGE));
        if (page.length === 0) return;
        yield page.map(([key, value]) => [key.slice(gte.length), value]);
      }
    } finally {
      await entries.close();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Removes what is over, some at a time: other commits come in between. */
  async #sweep(): Promise<void> {
    try {
      for (let over = this.#lifetimes.over(); over.length > 0; over = this.#lifetimes.over()) {
        for (const group of over) this.#writer.ended.add(group);
        await this.#commits.commit(SWEEP);
      }
    } catch {
      // It is still over, and will be removed another time.
    }
  }

  async #end(): Promise<void> {
    this.#lifetimes.close();
    await this.#commits.settled();
    await this.#database.close();
  }

  /** Reads, once what was asked for before is written. */
  async #read<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw closed();
    await this.#commits.settled();
    try {
      return await work();
    } catch (error) {
      const detail = `the store could not be read: ${reason(error)}`;
      throw new N2OError('N2O_STORE_UNAVAILABLE', detail, { cause: error });
    }
  }
}

function closed(): N2OError {
  return new N2OError('N2O_STORE_UNAVAILABLE', 'the store is closed');
}
