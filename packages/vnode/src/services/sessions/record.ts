/** What the store has of a session: its variables, when they end, and whether it was ended. */
import { binary, type Change, N2OError, type Store, textOf } from '@n2o/shared';
import { createNearStore } from '@n2o/store';
import type { Reading } from './brought.ts';

const SESSION = 'session/';

/** Set once, and never removed: whoever sets a variable at the same moment cannot bring a session back. */
const ENDED = 'ended';
const UNTIL = 'until';
const VARIABLE = 'v:';

/** How the clocks of hosts may differ, and how much longer than one host another may keep sessions. */
export const MARGIN = 86_400_000;

/** How a session is, by the store; `until` is `undefined` where it has no variables. */
export interface Standing {
  readonly isEnded: boolean;
  /** Milliseconds since 1970. */
  readonly until: number | undefined;
}

/** All that is kept of a session. */
export interface Kept extends Standing {
  /** By their names, as they are written. */
  readonly variables: ReadonlyMap<string, Uint8Array>;
}

export class SessionRecords {
  readonly #store: Store;
  readonly #ttl: number;

  /** @param ttl milliseconds that sessions are kept */
  constructor(store: Store, ttl: number) {
    this.#store = createNearStore(store, (group) => group.startsWith(SESSION));
    this.#ttl = ttl;
  }

  /** How a session is, and some of its variables. @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME */
  async standing(sid: string, names: readonly string[]): Promise<Reading> {
    const fields = [ENDED, UNTIL];
    for (const name of names) fields.push(fieldOf(name));
    const found = await this.#store.get(groupOf(sid), fields);
    const { isEnded, until } = standingOf(found[0], found[1]);
    const values = new Map<string, Uint8Array | undefined>();
    for (const [i, name] of names.entries()) values.set(name, found[i + 2]);
    return { isEnded, until, values };
  }

  /** @throws N2O_STORE_UNAVAILABLE */
  async read(sid: string): Promise<Kept> {
    const variables = new Map<string, Uint8Array>();
    let ended: Uint8Array | undefined;
    let until: Uint8Array | undefined;
    for await (const entries of this.#store.entries(groupOf(sid))) {
      for (const [field, value] of entries) {
        if (field === ENDED) ended = value;
        else if (field === UNTIL) until = value;
        else variables.set(field.slice(VARIABLE.length), value);
      }
    }
    return { ...standingOf(ended, until), variables };
  }

  /** Sets and removes variables, and when all of them end. @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME */
  async change(
    sid: string,
    until: number,
    variables: Iterable<readonly [name: string, value: Uint8Array | undefined]>,
  ): Promise<void> {
    const group = groupOf(sid);
    const changes: Change[] = [{ group, field: UNTIL, value: binary(`${until}`) }];
    for (const [name, value] of variables) changes.push({ group, field: fieldOf(name), value });
    changes.push({ group, lifetime: this.#ttl + MARGIN });
    await this.#store.commit(changes);
  }

  /** @throws N2O_STORE_UNAVAILABLE, N2O_KVS_NAME */
  async remove(sid: string, names: Iterable<string>): Promise<void> {
    const group = groupOf(sid);
    const changes = Array.from(names, (name) => ({
      group,
      field: fieldOf(name),
      value: undefined,
    }));
    if (changes.length > 0) await this.#store.commit(changes);
  }

  /** Nobody gets to it any more; its variables are still there. @throws N2O_STORE_UNAVAILABLE */
  async close(sid: string): Promise<void> {
    const group = groupOf(sid);
    await this.#store.commit([
      { group, field: ENDED, value: binary('1') },
      { group, lifetime: this.#ttl + MARGIN },
    ]);
  }

  /** Removes all, and remembers that for longer than any token of the session can live. @throws N2O_STORE_UNAVAILABLE */
  async end(sid: string): Promise<void> {
    const group = groupOf(sid);
    await this.#store.commit([
      { group, drop: true },
      { group, field: ENDED, value: binary('1') },
      { group, lifetime: this.#ttl + MARGIN },
    ]);
  }
}

/** What makes the one of the other; `undefined` removes a variable. */
export function changesOf(
  one: Kept['variables'],
  other: Kept['variables'],
): Map<string, Uint8Array | undefined> {
  const changes = new Map<string, Uint8Array | undefined>();
  for (const [name, value] of other) {
    const before = one.get(name);
    if (before === undefined || Buffer.compare(before, value) !== 0) changes.set(name, value);
  }
  for (const name of one.keys()) if (!other.has(name)) changes.set(name, undefined);
  return changes;
}

function groupOf(sid: string): string {
  return SESSION + sid;
}

function fieldOf(name: string): string {
  if (name.includes('\0')) throw new N2OError('N2O_KVS_NAME', 'a name of a variable with NUL');
  return VARIABLE + name;
}

function standingOf(ended: Uint8Array | undefined, until: Uint8Array | undefined): Standing {
  return { isEnded: ended !== undefined, until: until && Number(textOf(until)) };
}
