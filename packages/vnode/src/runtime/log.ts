/** Loggers that say of each line whom it is about. */
import type { Logger } from '@n2o/shared';

/** A logger that puts these fields before those of each line. */
export function withFields(log: Logger, about: object): Logger {
  return {
    debug: (fields, text) => log.debug({ ...about, ...fields }, text),
    info: (fields, text) => log.info({ ...about, ...fields }, text),
    warn: (fields, text) => log.warn({ ...about, ...fields }, text),
    error: (fields, text) => log.error({ ...about, ...fields }, text),
  };
}
