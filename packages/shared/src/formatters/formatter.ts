/** What a formatter is: one way to write a message, in both directions, within limits. */
import { N2OError } from '../errors.ts';
import type { Format } from '../message.ts';

/** One way to write a message. Pure: the same bytes give the same value, whoever asks. */
export interface Formatter {
  readonly name: Format;
  /**
   * Reads one message. Binaries in the value are views on `bytes`, which must not change afterwards.
   * @throws N2O_FORMAT_DECODE when the bytes are malformed, N2O_FORMAT_LIMIT beyond a limit
   */
  decode(bytes: Uint8Array): unknown;
  /**
   * Writes one message. The result is a part of a shared buffer: never transfer or change that.
   * @throws N2O_FORMAT_ENCODE when the value has no form in this format
   */
  encode(value: unknown): Uint8Array;
}

/** What a decoder takes at most, whoever sends it. */
export interface FormatLimits {
  /** Length of a payload. */
  readonly bytes: number;
  /** Levels of nesting, each of which takes some stack: stay below 1,000. */
  readonly depth: number;
  /** Terms, values, or tags and attributes, on all levels together. */
  readonly terms: number;
  /** Atoms of a payload that nobody holds yet. */
  readonly atoms: number;
  /** Length of one integer, in bytes. */
  readonly integer: number;
  /** Length of a compressed BERT term, uncompressed, in bytes. */
  readonly inflated: number;
}

/** The limits of a decoder that was given none. */
export const FORMAT_LIMITS: FormatLimits = {
  bytes: 16_777_216,
  depth: 100,
  terms: 100_000,
  atoms: 256,
  integer: 4_096,
  inflated: 4_194_304,
};

/** The error of a payload that is not well formed. */
export function malformed(format: Format, what: string, cause?: unknown): N2OError {
  return new N2OError('N2O_FORMAT_DECODE', `${format}: ${what}`, cause ? { cause } : undefined);
}

/** The error of a payload beyond a limit. */
export function beyond(format: Format, limit: keyof FormatLimits, limits: FormatLimits): N2OError {
  return new N2OError('N2O_FORMAT_LIMIT', `${format}: more than ${limits[limit]} (${limit})`);
}

/** The error of a value that has no form in a format. */
export function unwritable(format: Format, what: string): N2OError {
  return new N2OError('N2O_FORMAT_ENCODE', `${format}: cannot write ${what}`);
}

/**
 * What writing a value threw, with a code: its getters and `toJSON` may throw anything, which is not
 * for clients to read.
 */
export function asUnwritable(format: Format, thrown: unknown): N2OError {
  if (thrown instanceof N2OError) return thrown;
  return new N2OError('N2O_FORMAT_ENCODE', `${format}: the value threw as it was written`, {
    cause: thrown,
  });
}
