/** What a page sends when something happens in it: N2O's `{pickle, Target, Pickled, Linked}`. */
import { atom, binary, tuple } from '@n2o/shared';

/** Texts are binaries in BERT, and look as N2O's terms do in JSON. */
export function postback(target: string, pickle: string, linked: unknown): unknown {
  return tuple(atom('pickle'), binary(target), binary(pickle), linked);
}

/** The values of elements, by their names. */
export function linkedOf(values: Iterable<readonly [name: string, value: unknown]>): unknown {
  return Array.from(values, ([name, value]) => tuple(binary(name), writtenValue(value)));
}

/** What a function of the page was called with: JSON, as N2O's `#api` sends it. */
export function dataOf(data: unknown): unknown {
  return binary(JSON.stringify(data) ?? 'null');
}

/** A value of an element, with binaries for texts. */
export function writtenValue(value: unknown): unknown {
  if (typeof value === 'string') return binary(value);
  return Array.isArray(value) ? value.map(writtenValue) : value;
}
