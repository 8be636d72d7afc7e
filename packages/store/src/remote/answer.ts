/** The grammar of what the store of a broker answers a host: lists in BERT. */
import { binary, ERRORS, type ErrorCode, type Extent, N2OError } from '@n2o/shared';
import type { Numbered } from './request.ts';
import { bytesIn, listOf, read, textIn, write } from './term.ts';

export type Values = readonly (Uint8Array | undefined)[];
export type Entries = readonly (readonly [field: string, value: Uint8Array])[];

/** What is answered, under the number of the request. */
export type Answer =
  /** Whether what it keeps outlives its process. */
  | { readonly say: 'welcome'; readonly durable: boolean }
  | { readonly say: 'kept' }
  /** What was asked to be followed changes: once, before the values or after them. */
  | { readonly say: 'changed' }
  | { readonly say: 'values'; readonly values: Values }
  | { readonly say: 'extent'; readonly extent: Extent | undefined }
  /** Another one follows. */
  | { readonly say: 'more'; readonly entries: Entries }
  | { readonly say: 'end' }
  | { readonly say: 'error'; readonly error: N2OError };

/** @throws N2O_STORE_LIMIT */
export function writeAnswer(number: number, what: Answer): Uint8Array {
  switch (what.say) {
    case 'welcome':
      return write([number, 'welcome', what.durable]);
    case 'values':
      return write([number, 'values', what.values.map((value) => value ?? null)]);
    case 'extent': {
      const { extent } = what;
      const { first, last, count } = extent ?? { first: '', last: '', count: 0 };
      return write([number, 'extent', binary(first), binary(last), count]);
    }
    case 'more':
      return write([number, 'more', what.entries.map(([field, value]) => [binary(field), value])]);
    case 'error':
      return write([number, 'error', binary(what.error.code), binary(what.error.message)]);
    default:
      return write([number, what.say]);
  }
}

/** `undefined` when the bytes are no answer. */
export function readAnswer(bytes: Uint8Array): Numbered<Answer> | undefined {
  const list = read(bytes);
  if (!list) return undefined;
  const [number, say, first, second, third] = list;
  if (typeof number !== 'number') return undefined;
  if (say === 'welcome') return { number, what: { say, durable: first === true } };
  if (say === 'kept' || say === 'changed' || say === 'end') return { number, what: { say } };
  if (say === 'values') {
    return { number, what: { say, values: listOf(first).map((value) => bytesIn(value)) } };
  }
  if (say === 'more') {
    const entries = listOf(first).map((entry) => {
      const [field, value] = listOf(entry);
      return [textIn(field) ?? '', bytesIn(value) ?? new Uint8Array()] as const;
    });
    return { number, what: { say, entries } };
  }
  if (say === 'extent') {
    const extent = { first: textIn(first) ?? '', last: textIn(second) ?? '', count: Number(third) };
    return { number, what: { say, extent: extent.count > 0 ? extent : undefined } };
  }
  if (say !== 'error') return undefined;
  const code = textIn(first) ?? '';
  const known = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'N2O_STORE_UNAVAILABLE';
  return { number, what: { say, error: new N2OError(known, textIn(second)) } };
}
