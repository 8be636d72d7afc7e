/** What a host has only if it was started with services. */
import { N2OError } from '@n2o/shared';

/** @throws N2O_SERVICE_MISSING */
export function provided<Provided>(what: Provided | undefined): Provided {
  if (what === undefined) throw new N2OError('N2O_SERVICE_MISSING');
  return what;
}
