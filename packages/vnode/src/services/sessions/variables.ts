/** The variables of one session: each by itself in the store, all of them under one bound. */
import { type Formatter, type Identity, N2OError, type Variables } from '@n2o/shared';
import type { Brought, Reading } from './brought.ts';
import type { Kept, SessionRecords, Standing } from './record.ts';

export interface VariablesSettings {
  readonly records: SessionRecords;
  readonly brought: Brought;
  /** How values are written. */
  readonly json: Formatter;
  /** Milliseconds that variables last after one of them was set. */
  readonly ttl: number;
  readonly now: () => number;
  /** Bytes. */
  readonly limit: number;
}

/** @param found where the session was found just now, perhaps with some of its variables */
export function createVariables(
  sid: string,
  settings: VariablesSettings,
  found?: Identity,
): Variables {
  const { records, brought, json, ttl, now, limit } = settings;

  function areOver({ isEnded, until }: Standing): boolean {
    return isEnded || until === undefined || until < now();
  }

  /** Those that come while others are set are not counted: it is a bound, not a scale. */
  function isTooMuch(kept: Kept, name: string, value: Uint8Array): boolean {
    let size = sizeOf(name, value);
    for (const [other, held] of kept.variables) if (other !== name) size += sizeOf(other, held);
    return size > limit;
  }

  async function read(name: string): Promise<Reading> {
    const reading = await records.standing(sid, [name]);
    brought.learn(name);
    return reading;
  }

  async function remove(names: Iterable<string>): Promise<void> {
    brought.forget();
    await records.remove(sid, names);
  }

  return {
    async get<Value>(name: string) {
      const reading = brought.take(found, name) ?? (await read(name));
      const value = reading.values.get(name);
      return value === undefined || areOver(reading) ? undefined : (json.decode(value) as Value);
    },

    async set(name, value) {
      if (value === undefined) return remove([name]);
      brought.forget();
      // Memory of its own: the formatter writes over what it gives, the store keeps it.
      const bytes = json.encode(value).slice();
      const kept = await records.read(sid);
      if (kept.isEnded) throw ended();
      const left = areOver(kept) ? { ...kept, variables: new Map<string, Uint8Array>() } : kept;
      if (isTooMuch(left, name, bytes)) throw new N2OError('N2O_SESSION_LIMIT');
      const changes = new Map<string, Uint8Array | undefined>();
      for (const other of kept.variables.keys()) {
        if (!left.variables.has(other)) changes.set(other, undefined);
      }
      const set = records.change(sid, now() + ttl, changes.set(name, bytes));
      // Asked for behind it: one that was renewed meanwhile goes on without what comes that late.
      const [{ isEnded }] = await Promise.all([records.standing(sid, []), set]);
      if (isEnded) throw ended();
    },

    delete: (name) => remove([name]),

    async clear() {
      const { variables } = await records.read(sid);
      await remove(variables.keys());
    },
  };
}

function ended(): N2OError {
  return new N2OError('N2O_SESSION_NONE', 'the session has ended');
}

function sizeOf(name: string, value: Uint8Array): number {
  return Buffer.byteLength(name) + value.length;
}
