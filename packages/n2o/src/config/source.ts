/** Where a value comes from, and what is said when it is not a good one. */
import { type ErrorCode, N2OError } from '@n2o/shared';
import { flagOf, variableOf } from '../options.ts';
import { nearest } from './nearest.ts';

/** Values by the name of their option, as they were found: not checked yet. */
export interface Source {
  /** `flag`, `environment`, or the name of the file. */
  readonly name: string;
  readonly values: ReadonlyMap<string, unknown>;
  /** What the source calls an option. */
  readonly spell: (option: string) => string;
}

export function flagSource(values: ReadonlyMap<string, unknown>): Source {
  return { name: 'flag', values, spell: (option) => `--${flagOf(option)}` };
}

export function environmentSource(values: ReadonlyMap<string, unknown>): Source {
  return { name: 'environment', values, spell: variableOf };
}

export function fileSource(name: string, values: ReadonlyMap<string, unknown>): Source {
  return { name, values, spell: (option) => option };
}

/** The error of an option in a source. */
export function complaint(code: ErrorCode, option: string, source: string, what: string): N2OError {
  return new N2OError(code, `${option} (${source}): ${what}`);
}

/** The error of a name that is none, with the one that was probably meant. */
export function strange(name: string, source: string, known: Iterable<string>): N2OError {
  const meant = nearest(name, known);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  const kind = source === 'command' ? source : 'option';
  return complaint('N2O_CONFIG_UNKNOWN', name, source, `there is no such ${kind}${hint}`);
}
