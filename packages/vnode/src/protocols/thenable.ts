/** Tells what must be waited for. */

/** Promises, and what behaves like one, such as the queries of database clients. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return 'then' in value && typeof value.then === 'function';
}
