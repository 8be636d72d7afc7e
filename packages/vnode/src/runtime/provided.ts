/** The services of a host, for hosts that have them. */
import { N2OError, type Services } from '@n2o/shared';

/** @throws N2O_SERVICE_MISSING */
export function provided(services: Services | undefined): Services {
  if (services === undefined) throw new N2OError('N2O_SERVICE_MISSING');
  return services;
}
