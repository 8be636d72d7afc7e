/** The changes that one commit will make, as few as have the same effect. */
import type { Change } from '@n2o/shared';

/** What an entry costs beside its bytes, about. */
const ENTRY_BYTES = 64;

/** A field that is to have a value, or none. */
export interface Entry {
  readonly group: string;
  readonly field: string;
  readonly value: Uint8Array | undefined;
  /** Nothing is kept under this name: to remove it again leaves nothing to do. */
  readonly fresh: boolean;
}

/** What becomes of a group: first it is dropped, then its fields change, then its lifetime is set. */
export interface GroupChanges {
  readonly fields: Map<string, Entry>;
  dropped: boolean;
  lifetime: number | undefined;
}

export class Batch {
  /** To be called, in order, when all of this batch is kept. */
  readonly waiting: (() => void)[] = [];
  readonly #groups = new Map<string, GroupChanges>();
  #bytes = 0;

  /** About what the changes take in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether there is nothing to write and nobody waits. */
  get isIdle(): boolean {
    return this.#groups.size === 0 && this.waiting.length === 0;
  }

  put(group: string, field: string, value: Uint8Array, fresh: boolean): void {
    const changes = this.#of(group);
    const former = changes.fields.get(field);
    if (former) this.#bytes -= sizeOf(former);
    const isNew = changes.dropped || (former ? former.fresh : fresh);
    const entry: Entry = { group, field, value, fresh: isNew };
    changes.fields.set(field, entry);
    this.#bytes += sizeOf(entry);
  }

  remove(group: string, field: string): void {
    const changes = this.#of(group);
    const former = changes.fields.get(field);
    if (former) {
      changes.fields.delete(field);
      this.#bytes -= sizeOf(former);
    }
    if (changes.dropped || former?.fresh) {
      this.#forgetWhenEmpty(group, changes);
      return;
    }
    const entry: Entry = { group, field, value: undefined, fresh: false };
    changes.fields.set(field, entry);
    this.#bytes += sizeOf(entry);
  }

  drop(group: string): void {
    const changes = this.#of(group);
    for (const entry of changes.fields.values()) this.#bytes -= sizeOf(entry);
    changes.fields.clear();
    changes.dropped = true;
    changes.lifetime = undefined;
  }

  lifetime(group: string, ms: number): void {
    // What comes after that is in the group anew.
    if (ms <= 0) this.drop(group);
    else this.#of(group).lifetime = ms;
  }

  /** Makes a change as it comes from outside. */
  take(change: Change): void {
    if ('drop' in change) this.drop(change.group);
    else if ('lifetime' in change) this.lifetime(change.group, change.lifetime);
    else if (change.value === undefined) this.remove(change.group, change.field);
    else this.put(change.group, change.field, change.value, false);
  }

  /** Names a group without changing it. */
  touch(group: string): void {
    this.#of(group);
  }

  /** What becomes of each group. */
  get groups(): Iterable<readonly [group: string, changes: GroupChanges]> {
    return this.#groups;
  }

  /** The changes one by one, those of a group together. */
  changes(): Change[] {
    const list: Change[] = [];
    for (const [group, { fields, dropped, lifetime }] of this.#groups) {
      if (dropped) list.push({ group, drop: true });
      for (const entry of fields.values()) list.push(entry);
      if (lifetime !== undefined) list.push({ group, lifetime });
    }
    return list;
  }

  #of(group: string): GroupChanges {
    const known = this.#groups.get(group);
    if (known) return known;
    const changes: GroupChanges = { fields: new Map(), dropped: false, lifetime: undefined };
    this.#groups.set(group, changes);
    this.#bytes += ENTRY_BYTES + group.length;
    return changes;
  }

  #forgetWhenEmpty(group: string, { fields, dropped, lifetime }: GroupChanges): void {
    if (fields.size > 0 || dropped || lifetime !== undefined) return;
    this.#groups.delete(group);
    this.#bytes -= ENTRY_BYTES + group.length;
  }
}

function sizeOf({ field, value }: Entry): number {
  return ENTRY_BYTES + field.length + (value?.length ?? 0);
}
