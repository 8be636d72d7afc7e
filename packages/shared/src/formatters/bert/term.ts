/** Erlang's terms for which JavaScript has no value of its own. */
import type { Writer } from '../writer.ts';

/** A tuple: `tuple(atom('ok'), 1)`. */
export class Tuple<const Items extends readonly unknown[] = readonly unknown[]> {
  readonly items: Items;

  constructor(items: Items) {
    this.items = items;
  }

  get length(): number {
    return this.items.length;
  }

  [Symbol.iterator](): Iterator<Items[number]> {
    return this.items[Symbol.iterator]();
  }
}

/** Makes a tuple of its arguments. */
export function tuple<const Items extends readonly unknown[]>(...items: Items): Tuple<Items> {
  return new Tuple(items);
}

/** A float of integral value, such as 1.0: a number would be written as an integer. Counts as its value. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  valueOf(): number {
    return this.value;
  }
}

/** A list that ends in something other than the empty list: `[a | b]`. */
export class ImproperList {
  readonly items: readonly unknown[];
  readonly tail: unknown;

  constructor(items: readonly unknown[], tail: unknown) {
    this.items = items;
    this.tail = tail;
  }
}

/** A bitstring that does not fill its last byte; the unused low bits are zero. */
export class Bits {
  readonly bytes: Uint8Array;
  /** How many bits of the last byte count, from the top: 1..7. */
  readonly last: number;

  constructor(bytes: Uint8Array, last: number) {
    this.bytes = bytes;
    this.last = last;
  }
}

/** A pid, reference, port or fun: means nothing outside of Erlang, and is handed back as it came. */
export class Opaque {
  readonly kind: 'pid' | 'reference' | 'port' | 'fun';
  /** As on the wire, from the tag on. */
  readonly bytes: Uint8Array;

  constructor(kind: Opaque['kind'], bytes: Uint8Array) {
    this.kind = kind;
    this.bytes = bytes;
  }
}

/** A term that writes itself. */
export abstract class Written {
  /** Writes it as on the wire, from the tag on. @throws N2O_FORMAT_ENCODE */
  abstract write(out: Writer): void;
}
