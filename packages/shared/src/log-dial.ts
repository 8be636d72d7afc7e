/** What is logged at the moment: looked at for each line, and turned while all goes on. */
import type { Logger } from './context.ts';
import { isLogged, type LogLevels, type Severity } from './log-levels.ts';

export class LogDial {
  readonly #followers = new Set<(levels: LogLevels) => void>();
  #levels: LogLevels;

  constructor(levels: LogLevels) {
    this.#levels = levels;
  }

  get levels(): LogLevels {
    return this.#levels;
  }

  turn(levels: LogLevels): void {
    this.#levels = levels;
    for (const follow of this.#followers) follow(levels);
  }

  /** Calls back at each turn, until the function that it returns is called. */
  follow(follower: (levels: LogLevels) => void): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  isOn(severity: Severity, about: object): boolean {
    return isLogged(this.#levels, severity, about);
  }
}

/** A logger that passes on what the dial lets through. */
export function leveled(log: Logger, dial: LogDial): Logger {
  const at =
    (severity: Severity): Logger['info'] =>
    (fields, text) => {
      if (dial.isOn(severity, fields)) log[severity](fields, text);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
