/** The log of a worker: what is said in it goes to the main thread. */
import { type Logger, reason } from '@n2o/shared';
import type { Control } from './control.ts';

/** Errors lose their code and cause on the way between threads, so they travel as text. */
export function createWorkerLog(say: (control: Control) => void): Logger {
  const logger =
    (level: keyof Logger): Logger['info'] =>
    (fields, text = '') => {
      const { err } = fields as { err?: unknown };
      const plain =
        err instanceof Error
          ? { ...fields, err: { code: codeOf(err), message: err.message, stack: err.stack } }
          : fields;
      try {
        say({ log: level, fields: plain, text });
      } catch (cause) {
        say({ log: level, fields: { unprintable: reason(cause) }, text });
      }
    };
  return {
    debug: logger('debug'),
    info: logger('info'),
    warn: logger('warn'),
    error: logger('error'),
  };
}

function codeOf(error: Error): unknown {
  return (error as { code?: unknown }).code;
}
