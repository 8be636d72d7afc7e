/** When a transfer that has failed is tried again: when there is a connection, and then less and less often. */
import { N2OError } from '@n2o/shared';
import { type Backoff, delayOf } from '../backoff.ts';
import type { FileChannel } from './channel.ts';

export interface PatienceOptions {
  readonly signal?: AbortSignal;
  /** Attempts in a row that get nowhere, before it is given up. While there is no connection there is none. Default: 20. */
  readonly attempts?: number;
  /** Between them; the first follows at once. Default: from 100 ms to 10 s. */
  readonly backoff?: Backoff;
}

/** What is another time another way: connections, hosts that are busy or leave, transfers taken up again. */
const PASSING =
  /^N2O_(CLIENT_(CONNECT|TIMEOUT)|BUSY_\w+|BUS_\w+|EVENT_TIMEOUT|HOST_\w+|STORE_\w+|SESSION_TAKEN|FILE_(OFFSET|UNKNOWN))$/;

export class Patience {
  readonly #channel: FileChannel;
  readonly #signal: AbortSignal | undefined;
  readonly #attempts: number;
  readonly #backoff: Backoff;
  #failures = 0;
  #reached = 0;

  constructor(
    channel: FileChannel,
    { signal, attempts = 20, backoff = { min: 100, max: 10_000 } }: PatienceOptions,
  ) {
    this.#channel = channel;
    this.#signal = signal;
    this.#attempts = attempts;
    this.#backoff = backoff;
  }

  /**
   * Waits before the next attempt. Throws what was thrown when there is to be none.
   * @param reached bytes that are through: an attempt that got further begins the count anew
   */
  async failed(thrown: unknown, reached: number): Promise<void> {
    if (!(thrown instanceof N2OError) || !PASSING.test(thrown.code)) throw thrown;
    if (reached > this.#reached) this.#failures = 0;
    this.#reached = Math.max(reached, this.#reached);
    if (++this.#failures >= this.#attempts) throw thrown;
    if (this.#failures > 1) {
      await pause(delayOf(this.#failures - 2, this.#backoff, Math.random()), this.#signal);
    }
    await unlessAborted(this.#channel.ready?.() ?? Promise.resolve(), this.#signal);
  }
}

/** The value, unless the signal is aborted before. @throws its reason */
export function unlessAborted<T>(value: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return value;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return unlessAborted(over, signal).finally(() => clearTimeout(timer));
}
