/** The log of a server or vnode host: who writes it, what is wanted of it, and how that changes while it runs. */
import {
  type Bus,
  changedLevels,
  ERRORS,
  LOG_TOPIC,
  LogDial,
  type Logger,
  type LogLevel,
  type LogLevels,
  leveled,
  type Publication,
  readLogChange,
} from '@n2o/shared';
import type { Resolved } from './config.ts';
import type { Io } from './io.ts';
import { makeLogger } from './logger.ts';
import type { LoggingOptions } from './options.ts';

export interface Logging {
  /** Writes what is wanted at the moment. */
  readonly log: Logger;
  readonly dial: LogDial;
  /** Reads the options again, and forgets what was changed since; if they cannot be read, nothing changes. */
  renew(): Promise<void>;
  /** From now on takes changes that are published. */
  follow(bus: Bus): Promise<void>;
  /** Resolves when all is written. */
  close(): Promise<void>;
}

/** @throws N2O_SERVICE_LOAD for a logger that cannot be made */
export async function startLogging(
  { options, again }: Pick<Resolved, 'options' | 'again'>,
  { cwd, stdout }: Pick<Io, 'cwd' | 'stdout'>,
): Promise<Logging> {
  const writer = await makeLogger(options.logger, cwd(), { output: stdout });
  let configured = levelsOf(options);
  const dial = new LogDial(configured);
  const log = leveled(writer, dial);

  const read = async () => {
    try {
      configured = levelsOf((await again()).options);
      const [before, now] = [inWords(dial.levels), inWords(configured)];
      if (JSON.stringify(before) === JSON.stringify(now)) return;
      dial.turn(configured);
      // That something changes is said at any level.
      writer.info(now, 'log levels read again');
    } catch (err) {
      log.error({ err }, 'log levels not read again, they stay as they are');
    }
  };
  const hear = ({ payload, retain }: Publication) => {
    // It was not said now.
    if (retain) return;
    const change = readLogChange(payload);
    if (!change) return log.warn({ code: 'N2O_LOG_CHANGE' }, ERRORS.N2O_LOG_CHANGE);
    const { level: least, ...whose } = change;
    try {
      dial.turn(changedLevels(dial.levels, change, configured));
      writer.info({ ...whose, least }, 'log level changed');
    } catch (err) {
      writer.warn({ ...whose, least, err }, 'log level not changed');
    }
  };
  let last: Promise<void> = Promise.resolve();
  return {
    log,
    dial,
    renew() {
      // One after the other: what is read last is what holds.
      last = last.then(read);
      return last;
    },
    async follow(bus) {
      await bus.subscribe(LOG_TOPIC, hear);
    },
    async close() {
      await writer.close?.();
    },
  };
}

function levelsOf({ logLevel: level, logModules, logClients }: LoggingOptions): LogLevels {
  return { level, modules: namedIn(logModules), clients: namedIn(logClients) };
}

/** A name may itself hold the sign. */
function namedIn(list: readonly string[]): ReadonlyMap<string, LogLevel> {
  return new Map(
    list.map((item) => {
      const at = item.lastIndexOf('=');
      return [item.slice(0, at), item.slice(at + 1) as LogLevel];
    }),
  );
}

function inWords({ level, modules, clients }: LogLevels) {
  const list = (levels: ReadonlyMap<string, LogLevel>) =>
    [...levels].map((pair) => pair.join('=')).join(',');
  return { least: level, modules: list(modules), clients: list(clients) };
}
