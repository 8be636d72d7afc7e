/** Writes batches into the database of a folder. */
import { type Change, type Fence, N2OError, reason } from '@n2o/shared';
import type { ChainedBatch, ClassicLevel } from 'classic-level';
import { Batch } from '../batch.ts';
import type { Turn } from '../commits.ts';
import type { Lifetimes } from '../lifetimes.ts';
import type { Watches } from '../watches.ts';
import { epochKey, keyOf, lifetimeKey, numberValue, rangeOf } from './keys.ts';
import { needCurrent } from './opening.ts';

/** A larger group is removed ahead of the batch that drops it, not with it. */
const SMALL_GROUP = 1_000;

export type Database = ClassicLevel<string, Uint8Array>;

/** The commit that asks for the removal of the groups that have ended. */
export const SWEEP: readonly Change[] = [];

export interface WriterOptions {
  readonly database: Database;
  readonly lifetimes: Lifetimes;
  readonly sync: boolean;
  readonly folder: string;
  readonly onState: ((down: N2OError | undefined) => void) | undefined;
  /** To be told of what changes without a commit. */
  readonly watches: Watches;
}

export class Writer {
  /** The highest epoch of each fence. */
  readonly epochs = new Map<string, number>();
  /** Groups that a sweep is to remove, if they are still over then. */
  readonly ended = new Set<string>();
  readonly #options: WriterOptions;
  /** The database takes nothing more after a failed write, until it is opened anew. */
  #failed = false;
  /** What is not yet written of the turn under way. */
  #part: ChainedBatch<Database, string, Uint8Array> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** @throws N2O_STORE_UNAVAILABLE, N2O_STORE_FENCED */
  async write({ commits, fence }: Turn): Promise<void> {
    if (fence && fence.epoch < (this.epochs.get(fence.name) ?? 0))
      throw new N2OError('N2O_STORE_FENCED');
    const { watches } = this.#options;
    const batch = new Batch();
    for (const changes of commits) for (const change of changes) batch.take(change);
    if (commits.includes(SWEEP)) {
      for (const group of this.ended) {
        watches.tell(group);
        batch.touch(group);
      }
      this.ended.clear();
    }
    try {
      if (this.#failed) await this.#reopen();
      await this.#make(batch, fence);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async #make(batch: Batch, fence: Fence | undefined): Promise<void> {
    const { lifetimes } = this.#options;
    const ends: [group: string, end: number][] = [];
    // Before anything else: of what is left once large groups are gone, all is kept or none.
    for (const [group, { dropped }] of batch.groups) {
      if (!dropped && !lifetimes.isOver(group)) continue;
      await this.#drop(group, fence !== undefined);
      ends.push([group, Number.POSITIVE_INFINITY]);
    }
    if (fence) this.#put(epochKey(fence.name), numberValue(fence.epoch));
    for (const [group, { fields, lifetime }] of batch.groups) {
      for (const [field, { value }] of fields) {
        if (value) this.#put(keyOf(group, field), value);
        else this.#delete(keyOf(group, field));
      }
      if (lifetime === undefined) continue;
      const end = Date.now() + lifetime;
      if (Number.isFinite(end)) this.#put(lifetimeKey(group), numberValue(end));
      else this.#delete(lifetimeKey(group));
      ends.push([group, end]);
    }
    await this.#flush();
    if (fence) this.epochs.set(fence.name, fence.epoch);
    for (const [group, end] of ends) lifetimes.set(group, end);
  }

  /** @param whole even a large group is removed with the rest, not before it */
  async #drop(group: string, whole: boolean): Promise<void> {
    const { database, lifetimes } = this.#options;
    const range = rangeOf(group);
    const keys = await database.keys({ ...range, limit: whole ? -1 : SMALL_GROUP + 1 }).all();
    if (whole || keys.length <= SMALL_GROUP) for (const key of keys) this.#delete(key);
    else await database.clear(range);
    if (lifetimes.has(group)) this.#delete(lifetimeKey(group));
  }

  #put(key: string, value: Uint8Array): void {
    this.#part ??= this.#options.database.batch();
    this.#part.put(key, value);
  }

  #delete(key: string): void {
    this.#part ??= this.#options.database.batch();
    this.#part.del(key);
  }

  async #flush(): Promise<void> {
    const part = this.#part;
    this.#part = undefined;
    await part?.write({ sync: this.#options.sync });
  }

  async #reopen(): Promise<void> {
    const { database, folder, onState, watches } = this.#options;
    this.#part = undefined;
    // Closes what was left open of a part as well.
    await database.close();
    await needCurrent(folder);
    await database.open();
    // What failed may be in its log all the same.
    watches.tellAll();
    this.#failed = false;
    onState?.(undefined);
  }

  #fail(error: unknown): N2OError {
    const { folder, onState } = this.#options;
    // Of a database that could not be opened again, only the cause says why.
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const detail = `the folder ${folder} takes no changes: ${reason(cause)}`;
    const down = new N2OError('N2O_STORE_UNAVAILABLE', detail, { cause: error });
    this.#failed = true;
    onState?.(down);
    return down;
  }
}
