/** What a command does when it is told something: at the first signal to end it finishes, at the second it ends at once. */

/** The part of `process` that matters here. */
export interface Signals {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): never;
}

/** Signal → exit code, as shells count. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Resolves at the first signal; at the second the process ends. */
export function untilSignal(process: Signals): Promise<void> {
  return new Promise((resolve) => {
    let told = false;
    for (const [signal, code] of Object.entries(CODES)) {
      process.on(signal as keyof typeof CODES, () => {
        if (told) process.exit(code);
        told = true;
        resolve();
      });
    }
  });
}

/**
 * Calls back at each SIGHUP: what was read at the start may have changed.
 * @param isTerminal one says SIGHUP when it goes away: then it means the end, as ever
 */
export function onHangup(process: Signals, isTerminal: boolean, listener: () => void): void {
  if (!isTerminal) process.on('SIGHUP', listener);
}
