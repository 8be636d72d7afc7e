/** What a command does when it is told to end: finish at the first signal, end at once at the second. */

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
