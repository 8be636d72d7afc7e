/** Loggers that say of each line whom it is about. */
import type { LogDial, Logger, Severity } from '@n2o/shared';

/**
 * A logger that puts these fields before those of each line.
 * @param dial asked before the line is made, so that what nobody wants costs next to nothing
 */
export function withFields(log: Logger, about: object, dial?: LogDial): Logger {
  return new FieldsLog(log, about, dial);
}

class FieldsLog implements Logger {
  readonly #log: Logger;
  readonly #about: object;
  readonly #dial: LogDial | undefined;

  constructor(log: Logger, about: object, dial: LogDial | undefined) {
    this.#log = log;
    this.#about = about;
    this.#dial = dial;
  }

  debug(fields: object, text?: string): void {
    if (this.#isOn('debug')) this.#log.debug({ ...this.#about, ...fields }, text);
  }

  info(fields: object, text?: string): void {
    if (this.#isOn('info')) this.#log.info({ ...this.#about, ...fields }, text);
  }

  warn(fields: object, text?: string): void {
    if (this.#isOn('warn')) this.#log.warn({ ...this.#about, ...fields }, text);
  }

  error(fields: object, text?: string): void {
    if (this.#isOn('error')) this.#log.error({ ...this.#about, ...fields }, text);
  }

  #isOn(severity: Severity): boolean {
    return this.#dial?.isOn(severity, this.#about) ?? true;
  }
}
