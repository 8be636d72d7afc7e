/** The log of a worker: what is said in it goes to the main thread. */
import { LogDial, type Logger, type LogLevels, leveled, reason, type Severity } from '@n2o/shared';
import type { Control } from './control.ts';

/** The log, and what is wanted of it: the rest does not leave the thread. */
export interface WorkerLog {
  readonly log: Logger;
  readonly dial: LogDial;
}

/** @param levels what is wanted at first */
export function createWorkerLog(say: (control: Control) => void, levels: LogLevels): WorkerLog {
  const dial = new LogDial(levels);
  return { log: leveled(createSender(say), dial), dial };
}

/** Errors lose their code and cause on the way between threads, so they travel as text. */
function createSender(say: (control: Control) => void): Logger {
  const logger =
    (level: Severity): Logger['info'] =>
    (fields, text = '') => {
      const { err } = fields as { err?: unknown };
      const plain =
        err instanceof Error
          ? { ...fields, err: { code: codeOf(err), message: err.message, stack: err.stack } }
          : fields;
      try {
        say({ log: level, fields: plain, text });
      } catch (cause) {
        say({ log: level, fields: { ...printable(plain), unprintable: reason(cause) }, text });
      }
    };
  return {
    debug: logger('debug'),
    info: logger('info'),
    warn: logger('warn'),
    error: logger('error'),
  };
}

/** Those of the fields that can go between threads: whom the line is about is among them. */
function printable(fields: object): object {
  const isPrintable = ([, value]: [string, unknown]) => {
    try {
      structuredClone(value);
      return true;
    } catch {
      return false;
    }
  };
  return Object.fromEntries(Object.entries(fields).filter(isPrintable));
}

function codeOf(error: Error): unknown {
  return (error as { code?: unknown }).code;
}
