/** Who writes the log: pino, or a module of the user's own. */
import { resolve } from 'node:path';
import { type Logger, N2OError, reason } from '@n2o/shared';
import { defaultOf } from './config/own-code.ts';
import { createPinoLogger } from './log.ts';

/** Where lines go; `process.stdout` is one. */
export interface LogOutput {
  readonly isTTY?: boolean;
  write(line: string): unknown;
}

/** What a logger is made with. */
export interface LoggerParts {
  /** The standard output, for a logger that writes there. */
  readonly output: LogOutput;
}

/**
 * Writes what it is given, in the order in which it is. What is wanted at the moment is decided before:
 * it MUST write all of it. It MUST NOT throw, whatever the fields hold; `err` among them is an error,
 * or what is left of one that came from another thread: its `code`, `message` and `stack`.
 */
export interface LogWriter extends Logger {
  /** Called once, when there is nothing more to be said: resolves when all is written. */
  close?(): Promise<void> | void;
}

/** What the module of an own logger exports by default. */
export type MakeLogger = (parts: LoggerParts) => LogWriter | Promise<LogWriter>;

const BUILT_IN: Readonly<Record<string, MakeLogger>> = { pino: createPinoLogger };

/**
 * Makes the logger of this process.
 * @param name a built-in one, or the path of a module, seen from `cwd`
 * @throws N2O_SERVICE_LOAD
 */
export async function makeLogger(
  name: string,
  cwd: string,
  parts: LoggerParts,
): Promise<LogWriter> {
  const make = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  if (make) return make(parts);
  const wrong = (what: string, cause?: unknown) =>
    new N2OError('N2O_SERVICE_LOAD', `logger '${name}': ${what}`, { cause });
  let made: unknown;
  try {
    const own = await defaultOf(resolve(cwd, name));
    if (typeof own !== 'function') throw wrong('exports no function by default that makes one');
    made = await (own as MakeLogger)(parts);
  } catch (thrown) {
    throw thrown instanceof N2OError ? thrown : wrong(reason(thrown), thrown);
  }
  if (!isLogger(made)) throw wrong('made no logger: debug, info, warn and error are functions');
  return made;
}

function isLogger(made: unknown): made is LogWriter {
  const methods = ['debug', 'info', 'warn', 'error'] as const;
  return methods.every((name) => typeof (made as Partial<Logger> | null)?.[name] === 'function');
}
