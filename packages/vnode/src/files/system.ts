/** What the system says when it cannot do something with a file, in our words. */
import { N2OError } from '@n2o/shared';

/** Its code, such as `ENOENT`. */
export function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}

export function isMissing(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOENT';
}

const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The error for clients: what is missing is unknown, what has no room is too large; all else stays. */
export function asFileError(thrown: unknown): unknown {
  if (isMissing(thrown)) return new N2OError('N2O_FILE_UNKNOWN', undefined, { cause: thrown });
  if (!FULL.has(codeOf(thrown))) return thrown;
  return new N2OError('N2O_FILE_LIMIT', 'there is no room for the file', { cause: thrown });
}
