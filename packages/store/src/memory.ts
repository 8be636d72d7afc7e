/** The store that lives as long as its process. */
import {
  type Change,
  type Extent,
  type Fence,
  N2OError,
  type Range,
  type Store,
} from '@n2o/shared';
import { widen } from './extent.ts';
import { Lifetimes } from './lifetimes.ts';
import { type Entry, isOrdered, needOrdered, Portion } from './order.ts';
import { SortedNames } from './sorted-names.ts';
import { Watches } from './watches.ts';

const PAGE = 1_000;

type Group = Map<string, Uint8Array>;

/** A group that is kept in order. */
class OrderedGroup extends Map<string, Uint8Array> {
  readonly names = new SortedNames();

  override set(field: string, value: Uint8Array): this {
    if (!this.has(field)) this.names.add(field);
    return super.set(field, value);
  }

  override delete(field: string): boolean {
    const was = super.delete(field);
    if (was) this.names.remove(field);
    return was;
  }
}

export function createMemoryStore(): Store {
  return new MemoryStore();
}

class MemoryStore implements Store {
  readonly durable = false;
  readonly #groups = new Map<string, Group>();
  readonly #epochs = new Map<string, number>();
  readonly watches = new Watches();
  #closed = false;
  readonly #lifetimes = new Lifetimes(() => this.#sweep());

  async commit(changes: readonly Change[], fence?: Fence): Promise<void> {
    if (this.#closed) throw new N2OError('N2O_STORE_UNAVAILABLE', 'the store is closed');
    if (fence) this.#pass(fence);
    this.watches.before(changes);
    for (const change of changes) this.#make(change);
  }

  async get(
    group: string,
    fields: readonly string[],
  ): Promise<readonly (Uint8Array | undefined)[]> {
    const values = this.#of(group);
    return fields.map((field) => values?.get(field));
  }

  follow(
    group: string,
    fields: readonly string[],
    changed: () => void,
  ): Promise<readonly (Uint8Array | undefined)[]> {
    const values = this.get(group, fields);
    this.watches.add(group, changed);
    return values;
  }

  async extent(group: string): Promise<Extent | undefined> {
    const values = this.#of(group);
    if (!(values instanceof OrderedGroup)) return widen(undefined, values?.keys() ?? []);
    const { first, last } = values.names;
    return first === undefined || last === undefined
      ? undefined
      : { first, last, count: values.size };
  }

  async range(group: string, { from, count, reverse }: Range): Promise<readonly Entry[]> {
    needOrdered(group);
    const portion = new Portion(count);
    const values = this.#of(group);
    if (!(values instanceof OrderedGroup)) return portion.entries;
    for (const field of reverse ? values.names.before(from) : values.names.after(from)) {
      if (portion.room === 0) break;
      portion.take([field, values.get(field) as Uint8Array]);
    }
    return portion.entries;
  }

  async *entries(group: string): AsyncGenerator<[string, Uint8Array][]> {
    let page: [string, Uint8Array][] = [];
    for (const entry of this.#of(group) ?? []) {
      page.push(entry);
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#lifetimes.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #pass({ name, epoch }: Fence): void {
    const highest = this.#epochs.get(name) ?? 0;
    if (epoch < highest) throw new N2OError('N2O_STORE_FENCED');
    this.#epochs.set(name, epoch);
  }

  #make(change: Change): void {
    const { group } = change;
    const values = this.#of(group);
    if ('drop' in change) this.#drop(group);
    else if ('lifetime' in change) {
      if (values) this.#lifetimes.set(group, Date.now() + change.lifetime);
    } else if (change.value === undefined) {
      if (values?.delete(change.field) && values.size === 0) this.#drop(group);
    } else if (values) values.set(change.field, change.value);
    else {
      const made = isOrdered(group) ? new OrderedGroup() : new Map<string, Uint8Array>();
      this.#groups.set(group, made.set(change.field, change.value));
    }
  }

  /** What is in a group whose time has not come. */
  #of(group: string): Group | undefined {
    if (this.#lifetimes.isOver(group)) this.#drop(group);
    return this.#groups.get(group);
  }

  #sweep(): void {
    for (let some = this.#lifetimes.over(); some.length > 0; some = this.#lifetimes.over())
      for (const group of some) this.#drop(group);
  }

  #drop(group: string): void {
    this.watches.tell(group);
    this.#groups.delete(group);
    this.#lifetimes.set(group, Number.POSITIVE_INFINITY);
  }
}
