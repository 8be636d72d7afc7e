/** How groups in Redis are read, in whichever way they are kept: some at a time. */
import type { Extent } from '@n2o/shared';
import type { Entry } from '../order.ts';

/** So many fields are asked for at a time. */
export const FIELDS = 1_000;
/** So many entries are asked for at a time, of which nobody knows how large they are. */
export const ENTRIES = 100;

export type Values = readonly (Uint8Array | undefined)[];

/** The groups that are kept in one way, each under its key. */
export interface Groups {
  get(key: string, fields: readonly string[]): Promise<Values>;
  extent(key: string): Promise<Extent | undefined>;
  entries(key: string): AsyncIterable<Entry[]>;
}

/** The values of fields, of which `ask` gets some at a time. */
export async function inPortions(
  fields: readonly string[],
  ask: (fields: readonly string[]) => Promise<Values>,
): Promise<Values> {
  const values: (Uint8Array | undefined)[] = [];
  for (let i = 0; i < fields.length; i += FIELDS) {
    for (const value of await ask(fields.slice(i, i + FIELDS))) values.push(value);
  }
  return values;
}
