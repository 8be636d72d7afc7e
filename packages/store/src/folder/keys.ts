/** The names under which a folder keeps what it has. */

/** A field lies under `group NUL field`. What lies before all groups is the folder's own. */
const LIFETIME = '\0lifetime\0';
const EPOCH = '\0epoch\0';

export function keyOf(group: string, field: string): string {
  return `${group}\0${field}`;
}

/** Where the fields of a group lie. */
export function rangeOf(group: string): { readonly gte: string; readonly lt: string } {
  return { gte: `${group}\0`, lt: `${group}\u0001` };
}

/** Where it is written when a group ends, and of all groups. */
export function lifetimeKey(group: string): string {
  return LIFETIME + group;
}

/** Where the highest epoch of a fence is written. */
export function epochKey(name: string): string {
  return EPOCH + name;
}

export const LIFETIMES = { gte: LIFETIME, lt: '\0lifetime\u0001' } as const;
export const EPOCHS = { gte: EPOCH, lt: '\0epoch\u0001' } as const;

/** The group or the fence that such a key is about. */
export function subjectOf(key: string): string {
  return key.slice(key.indexOf('\0', 1) + 1);
}

/** A whole number as a value. */
export function numberValue(number: number): Uint8Array {
  return Buffer.from(String(number));
}

export function numberOf(value: Uint8Array): number {
  return Number(Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1'));
}
