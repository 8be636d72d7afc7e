/** The store that lives as long as its process. */
import { type Change, type Extent, type Fence, N2OError, type Store } from '@n2o/shared';
import { widen } from './extent.ts';
import { Lifetimes } from './lifetimes.ts';

const PAGE = 1_000;

type Group = Map<string, Uint8Array>;

export function createMemoryStore(): Store {
  return new MemoryStore();
}

class MemoryStore implements Store {
  readonly durable = false;
  readonly #groups = new Map<string, Group>();
  readonly #epochs = new Map<string, number>();
  #closed = false;
  readonly #lifetimes = new Lifetimes(() => this.#sweep());

  async commit(changes: readonly Change[], fence?: Fence): Promise<void> {
    if (this.#closed) throw new N2OError('N2O_STORE_UNAVAILABLE', 'the store is closed');
    if (fence) this.#pass(fence);
    for (const change of changes) this.#make(change);
  }

  async get(
    group: string,
    fields: readonly string[],
  ): Promise<readonly (Uint8Array | undefined)[]> {
    const values = this.#of(group);
    return fields.map((field) => values?.get(field));
  }

  async extent(group: string): Promise<Extent | undefined> {
    return widen(undefined, this.#of(group)?.keys() ?? []);
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
    else this.#groups.set(group, new Map([[change.field, change.value]]));
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
    this.#groups.delete(group);
    this.#lifetimes.set(group, Number.POSITIVE_INFINITY);
  }
}
