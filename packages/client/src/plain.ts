/** What a server says to the runtime of a page, in the same values whichever format it came in. */
import { Atom, Float, Tuple, textOf } from '@n2o/shared';

/** Texts for atoms and binaries, arrays for tuples, objects for maps; bytes that are no text stay bytes. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return textOf(value) ?? value;
  if (value instanceof Atom) return value.name;
  if (value instanceof Float) return value.value;
  if (value instanceof Tuple) return value.items.map(plain);
  if (Array.isArray(value)) return value.map(plain);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [String(plain(key)), plain(item)]));
}
