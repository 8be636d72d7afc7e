/** The server's log: JSON lines for machines, readable lines on a terminal. */
import type { Logger } from '@n2o/shared';
import { pino } from 'pino';

const NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const COLOURS: Readonly<Record<number, number>> = {
  10: 90,
  20: 90,
  30: 32,
  40: 33,
  50: 31,
  60: 31,
};

/** Where lines go; `process.stdout` is one. */
export interface LogOutput {
  readonly isTTY?: boolean;
  write(line: string): unknown;
}

export function createLog(level: string, output: LogOutput): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return pino(
    options,
    output.isTTY ? { write: (line) => void output.write(readable(line)) } : output,
  );
}

/** One JSON line of the log, for people. */
function readable(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown> & {
    level: number;
    time: string;
    err?: { message?: string; stack?: string };
  };
  const name = (NAMES[level] ?? 'log').toUpperCase().padEnd(5);
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${print(value)}`);
  const stack = err ? `\n${(err.stack ?? err.message ?? '').replace(/^/gm, '    ')}` : '';
  return `${time.slice(11, 23)} \u001b[${COLOURS[level] ?? 0}m${name}\u001b[0m ${msg ?? ''}\u001b[90m${rest.join('')}\u001b[0m${stack}\n`;
}

function print(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
