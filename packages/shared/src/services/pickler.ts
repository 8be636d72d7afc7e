/** Picklers: values that clients carry for the server, and can neither read nor change. */

export interface Pickler {
  /** Text of letters, digits, `-` and `_`. The same value may give another text each time. @throws N2O_FORMAT_ENCODE */
  pickle(value: unknown): string;
  /** The value, equal to what was pickled; `undefined` for what no pickler with our keys has made, in constant time. Never throws. */
  depickle(text: string): unknown;
}
