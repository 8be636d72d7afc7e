/** The message that changes what is logged: its topic and its form, read and printed here only. */
import { LOG_LEVELS, type LogLevel } from './log-levels.ts';

/** Where hosts of a cluster, and servers, are told of it. */
export const LOG_TOPIC = 'n2o/log';

/** Of all, or of a module, or of a client. */
export interface LogChange {
  /** `default`: as it is configured. */
  readonly level: LogLevel | 'default';
  readonly module?: string;
  readonly client?: string;
}

/** Characters of a name. */
const MAX_LENGTH = 1_024;

/** @param id tells the message from others, for who waits until it comes back */
export function printLogChange(change: LogChange, id: string): string {
  return JSON.stringify({ ...change, id });
}

/** `undefined` for what is none. */
export function readLogChange(payload: Uint8Array): LogChange | undefined {
  const value = parse(payload);
  if (typeof value !== 'object' || value === null) return undefined;
  const { level, module, client } = value as Record<string, unknown>;
  if (!isLevel(level) || !isName(module) || !isName(client)) return undefined;
  if (module !== undefined && client !== undefined) return undefined;
  return {
    level,
    ...(module !== undefined && { module }),
    ...(client !== undefined && { client }),
  };
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}

function isLevel(value: unknown): value is LogChange['level'] {
  return value === 'default' || LOG_LEVELS.includes(value as LogLevel);
}

function isName(value: unknown): value is string | undefined {
  if (value === undefined) return true;
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_LENGTH;
}
