/** What is logged: the least level of a line, with others for modules and clients that are named. */
import type { Logger } from './context.ts';
import { N2OError } from './errors.ts';
import type { LogChange } from './log-change.ts';

/** From all to nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** What lines there are. */
export type Severity = keyof Logger;

/** Modules that may have a level of their own; and as many clients. */
export const MAX_LOG_NAMES = 256;

/** Plain data, which travels to a thread. */
export interface LogLevels {
  /** Of whatever is not named. */
  readonly level: LogLevel;
  readonly modules: ReadonlyMap<string, LogLevel>;
  /** These go before the modules: of a client that is named all is logged alike. */
  readonly clients: ReadonlyMap<string, LogLevel>;
}

const RANKS = Object.fromEntries(LOG_LEVELS.map((level, rank) => [level, rank])) as Readonly<
  Record<LogLevel, number>
>;

/** Whether a line is logged. @param about its fields, of which `client` and `module` tell whom it is about */
export function isLogged(
  { level, modules, clients }: LogLevels,
  severity: Severity,
  about: object,
): boolean {
  let least = level;
  if (clients.size > 0 || modules.size > 0) {
    // Whatever code logs without a compiler that watches it.
    const { client, module } = (about ?? {}) as { client?: string; module?: string };
    least = clients.get(client as string) ?? modules.get(module as string) ?? level;
  }
  return RANKS[severity] >= RANKS[least];
}

/**
 * The levels after a change.
 * @param configured what `default` stands for
 * @throws N2O_LOG_CHANGE when too many are named
 */
export function changedLevels(
  levels: LogLevels,
  { level, module, client }: LogChange,
  configured: LogLevels,
): LogLevels {
  if (client !== undefined) {
    const own = level === 'default' ? configured.clients.get(client) : level;
    return { ...levels, clients: withLevel(levels.clients, client, own) };
  }
  if (module !== undefined) {
    const own = level === 'default' ? configured.modules.get(module) : level;
    return { ...levels, modules: withLevel(levels.modules, module, own) };
  }
  return level === 'default' ? configured : { ...levels, level };
}

function withLevel(
  levels: ReadonlyMap<string, LogLevel>,
  name: string,
  level: LogLevel | undefined,
): ReadonlyMap<string, LogLevel> {
  const next = new Map(levels);
  if (level === undefined) next.delete(name);
  else next.set(name, level);
  if (next.size <= MAX_LOG_NAMES) return next;
  const text = `${MAX_LOG_NAMES} modules or clients have a level of their own already`;
  throw new N2OError('N2O_LOG_CHANGE', text);
}
