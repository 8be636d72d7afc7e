/** Which objects are written by their properties, in every format. */

/**
 * Is this a plain object, or an instance of a class of the application? Instances of the platform's
 * classes (Date, Set, Error, Promise…) say another name here: their properties are not what they hold.
 */
export function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === Object.prototype ||
    prototype === null ||
    Object.prototype.toString.call(value) === '[object Object]'
  );
}

/** Does the object say itself what to write in its place, as a Date does? A Buffer is not asked. */
export function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function' && !(value instanceof Uint8Array);
}

/** Has the object all of these properties and no other? */
export function hasOnly<const Name extends string>(
  value: object,
  ...names: readonly Name[]
): value is Readonly<Record<Name, unknown>> {
  const record = value as Readonly<Record<string, unknown>>;
  for (const name of names) if (!Object.hasOwn(record, name)) return false;
  let count = 0;
  for (const key of Object.keys(record)) if (record[key] !== undefined) count++;
  return count === names.length;
}

/** Sets a property that was named by a stranger: `__proto__` is a name like any other. */
export function define(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(record, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else {
    record[key] = value;
  }
}

/** What a value is called in an error. */
export function nameOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  return `an instance of ${Object.prototype.toString.call(value).slice(8, -1)}`;
}
