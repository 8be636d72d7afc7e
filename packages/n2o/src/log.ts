/** The log as pino writes it: JSON lines for machines, readable lines on a terminal. */
import { pino } from 'pino';
import type { LoggerParts, LogWriter } from './logger.ts';

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

export function createPinoLogger({ output }: LoggerParts): LogWriter {
  const options = { level: 'debug', base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const written = output.isTTY
    ? { write: (line: string) => void output.write(readable(line)) }
    : output;
  const log = pino(options, written);
  return log;
}

/** One JSON line of the log, for people. Fields may have any names, those of the line itself among them. */
function readable(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown> & {
    level: number;
    err?: { message?: unknown; stack?: unknown };
  };
  const name = (NAMES[level] ?? 'log').toUpperCase().padEnd(5);
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${print(value)}`);
  const stack = err
    ? `\n${String(err.stack ?? err.message ?? print(err)).replace(/^/gm, '    ')}`
    : '';
  return `${String(time).slice(11, 23)} \u001b[${COLOURS[level] ?? 0}m${name}\u001b[0m ${msg ?? ''}\u001b[90m${rest.join('')}\u001b[0m${stack}\n`;
}

function print(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
