/** How lists of terms are written and read that go between a host and its broker, and how long they may be. */
import { createBert, N2OError, textOf } from '@n2o/shared';

/** Bytes of the longest request and the longest answer. */
export const LONGEST = 64 * 1024 * 1024;

/** Changes of a commit, and fields that are asked for at once. */
export const MOST = 250_000;

/** A change is five terms. */
const bert = createBert({ limits: { bytes: LONGEST, terms: 6 * MOST } });

/** @throws N2O_STORE_LIMIT */
export function write(list: readonly unknown[]): Uint8Array {
  const written = bert.encode(list);
  requireWithin(written.length, LONGEST, 'bytes');
  // The formatter's bytes are a part of what it writes next as well.
  return new Uint8Array(written);
}

/** @throws N2O_STORE_LIMIT */
export function requireWithin(count: number, most: number, what: string): void {
  if (count > most) throw new N2OError('N2O_STORE_LIMIT', `${count} ${what}, of ${most} at most`);
}

/** `undefined` when the bytes are no list. */
export function read(bytes: Uint8Array): readonly unknown[] | undefined {
  try {
    const list = bert.decode(bytes);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

export function listOf(term: unknown): readonly unknown[] {
  return Array.isArray(term) ? term : [];
}

export function bytesIn(term: unknown): Uint8Array | undefined {
  return term instanceof Uint8Array ? term : undefined;
}

export function textIn(term: unknown): string | undefined {
  return term instanceof Uint8Array ? textOf(term) : undefined;
}
