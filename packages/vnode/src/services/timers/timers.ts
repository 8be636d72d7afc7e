/** The timers of an application in one worker: counted, watched, and ended with it. */
import { type Logger, N2OError, reason, type Timers } from '@n2o/shared';

const LIMIT = 10_000;

/** The platform takes no longer times, and runs at once what is given one. */
const LONGEST_MS = 2 ** 31 - 1;

export interface TimersOptions {
  readonly log: Logger;
  /** Timers that may be set at a time. Default: 10,000. */
  readonly limit?: number;
}

export function createTimers({ log, limit = LIMIT }: TimersOptions): Timers {
  return new WorkerTimers(log, limit);
}

class WorkerTimers implements Timers {
  readonly #log: Logger;
  readonly #limit: number;
  readonly #alarms = new Set<Alarm>();
  #closed = false;

  constructor(log: Logger, limit: number) {
    this.#log = log;
    this.#limit = limit;
  }

  get size(): number {
    return this.#alarms.size;
  }

  after(milliseconds: number, run: () => unknown): () => void {
    return this.#set((alarm) => {
      alarm.set(milliseconds, () => {
        this.#alarms.delete(alarm);
        void this.#run(run);
      });
    });
  }

  every(milliseconds: number, run: () => unknown): () => void {
    let running = false;
    const turn = async () => {
      if (running) return;
      running = true;
      await this.#run(run);
      running = false;
    };
    return this.#set((alarm) => {
      const next = () => {
        alarm.set(milliseconds, next);
        void turn();
      };
      alarm.set(milliseconds, next);
    });
  }

  close(): void {
    this.#closed = true;
    for (const alarm of this.#alarms) alarm.clear();
    this.#alarms.clear();
  }

  #set(start: (alarm: Alarm) => void): () => void {
    if (this.#closed) return () => {};
    if (this.#alarms.size >= this.#limit) throw new N2OError('N2O_TIMER_LIMIT');
    const alarm = new Alarm();
    this.#alarms.add(alarm);
    start(alarm);
    return () => {
      this.#alarms.delete(alarm);
      alarm.clear();
    };
  }

  async #run(run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      this.#log.error({ err: thrown }, `a timer failed: ${reason(thrown)}`);
    }
  }
}

/** Calls back once, after however long a time. */
class Alarm {
  #timeout: NodeJS.Timeout | undefined;

  set(milliseconds: number, ring: () => void): void {
    const step = Math.min(milliseconds, LONGEST_MS);
    const next = () => (milliseconds > step ? this.set(milliseconds - step, ring) : ring());
    this.#timeout = setTimeout(next, step).unref();
  }

  clear(): void {
    clearTimeout(this.#timeout);
  }
}
