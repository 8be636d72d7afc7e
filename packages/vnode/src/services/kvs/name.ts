/** Which names tables, feeds and keys may have. */
import { N2OError } from '@n2o/shared';

const LONGEST = 512;

/** A text without NUL, which stores use, and without half a surrogate pair, which UTF-8 has no form for. */
const NAME = /^[^\0\p{Surrogate}]+$/u;

/** @throws N2O_KVS_NAME */
export function needName(name: string): string {
  // Names come from clients as well, and need not be what the types say.
  if (typeof name === 'string' && name.length <= LONGEST && NAME.test(name)) return name;
  throw new N2OError('N2O_KVS_NAME');
}
