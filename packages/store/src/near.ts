/** What was read of a store, kept where it was read until it changes. */
import type { Change, Extent, Fence, Follow, Range, Store } from '@n2o/shared';

/** Groups, and bytes of their values, that are kept of those that were read lately; half of that is kept for longer. */
const GROUPS = 4_096;
const BYTES = 8 * 1024 * 1024;
/** What a field costs beside its name and value, about. */
const FIELD_BYTES = 64;

type Values = readonly (Uint8Array | undefined)[];

/** What is known of a group. */
class Near {
  readonly values = new Map<string, Uint8Array | undefined>();
  /** What they cost, about. */
  bytes = 0;
  /** It may have changed, or is kept no more: nothing is added any more. */
  isOver = false;

  set(field: string, value: Uint8Array | undefined): void {
    this.values.set(field, value);
    this.bytes += FIELD_BYTES + field.length + (value?.length ?? 0);
  }

  /** Whoever is to tell of the next change holds this until then, but nothing of the values. */
  end(): void {
    this.isOver = true;
    this.values.clear();
  }

  has(fields: readonly string[]): boolean {
    for (const field of fields) if (!this.values.has(field)) return false;
    return true;
  }
}

/**
 * Keeps what was read of some groups, as long as nothing in them changes. What a store says by
 * `follow` comes in the order of its changes, so that a reading here is never older than one that
 * asks for it; only that the time of a group has come is seen when the store removes it, some
 * seconds later.
 * @param isNear which groups are read again and again
 */
export function createNearStore(store: Store, isNear: (group: string) => boolean): Store {
  const { follow } = store;
  return follow ? new NearStore(store, follow.bind(store), isNear) : store;
}

class NearStore implements Store {
  readonly #store: Store;
  readonly #follow: Follow;
  readonly #isNear: (group: string) => boolean;
  #young = new Map<string, Near>();
  #old = new Map<string, Near>();
  /** Bytes of the young. */
  #bytes = 0;
  /** Groups with commits of our own on their way, and how many. */
  readonly #changing = new Map<string, number>();

  constructor(store: Store, follow: Follow, isNear: (group: string) => boolean) {
    this.#store = store;
    this.#follow = follow;
    this.#isNear = isNear;
  }

  get durable(): boolean {
    return this.#store.durable;
  }

  async commit(changes: readonly Change[], fence?: Fence): Promise<void> {
    const groups = new Set<string>();
    for (const { group } of changes) if (this.#isNear(group)) groups.add(group);
    if (groups.size === 0) return this.#store.commit(changes, fence);
    // What is read from now on has to have them in it.
    for (const group of groups) this.#begin(group);
    try {
      return await this.#store.commit(changes, fence);
    } finally {
      for (const group of groups) this.#end(group);
    }
  }

  get(group: string, fields: readonly string[]): Promise<Values> {
    if (!this.#isNear(group) || this.#changing.has(group)) return this.#store.get(group, fields);
    const near = this.#find(group);
    return near.has(fields)
      ? Promise.resolve(fields.map((field) => near.values.get(field)))
      : this.#read(near, group, fields);
  }

  extent(group: string): Promise<Extent | undefined> {
    return this.#store.extent(group);
  }

  range(group: string, range: Range): ReturnType<Store['range']> {
    return this.#store.range(group, range);
  }

  entries(group: string): ReturnType<Store['entries']> {
    return this.#store.entries(group);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #read(near: Near, group: string, fields: readonly string[]): Promise<Values> {
    const values = await this.#follow(group, fields, () => this.#forget(group, near));
    if (near.isOver) return values;
    const before = near.bytes;
    for (const [i, field] of fields.entries()) near.set(field, values[i]);
    if (this.#young.get(group) === near) this.#bytes += near.bytes - before;
    if (this.#bytes > BYTES / 2) this.#age();
    return values;
  }

  #find(group: string): Near {
    const young = this.#young.get(group);
    if (young) return young;
    const near = this.#old.get(group) ?? new Near();
    this.#old.delete(group);
    if (this.#young.size >= GROUPS / 2) this.#age();
    this.#young.set(group, near);
    this.#bytes += near.bytes;
    return near;
  }

  #age(): void {
    for (const near of this.#old.values()) near.end();
    this.#old = this.#young;
    this.#young = new Map();
    this.#bytes = 0;
  }

  #forget(group: string, near: Near): void {
    near.end();
    if (this.#young.get(group) === near) {
      this.#young.delete(group);
      this.#bytes -= near.bytes;
    }
    if (this.#old.get(group) === near) this.#old.delete(group);
  }

  #begin(group: string): void {
    const near = this.#young.get(group) ?? this.#old.get(group);
    if (near) this.#forget(group, near);
    this.#changing.set(group, (this.#changing.get(group) ?? 0) + 1);
  }

  #end(group: string): void {
    const count = this.#changing.get(group) ?? 0;
    if (count > 1) this.#changing.set(group, count - 1);
    else this.#changing.delete(group);
  }
}
