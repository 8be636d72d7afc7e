/** Group commit over a store, for one writer: what is asked for in one turn of the event loop is kept together. */
import { type Fence, N2OError, reason, type Store } from '@n2o/shared';
import { Batch } from './batch.ts';

const LIMIT_BYTES = 64 * 1024 * 1024;
/** What somebody costs who waits, about. */
const CALLBACK_BYTES = 256;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

export interface JournalOptions {
  readonly store: Store;
  /** Bytes of open changes above which the journal is full. Default: 64 MiB. */
  readonly limit?: number;
  /** Told when the store no longer takes changes, and why, and with `undefined` when it does again. */
  readonly onState?: (down: N2OError | undefined) => void;
  /** Goes with every commit. */
  readonly fence?: Fence;
}

/**
 * Changes are open until the store has kept them. At most one commit is under way; what is asked for
 * meanwhile becomes the next. While the store does not answer, the same commit is tried again for
 * ever. When it is fenced, the journal is over: open changes are given up, and what waits for them
 * is never called.
 */
export class Journal {
  readonly #store: Store;
  readonly #limit: number;
  readonly #fence: Fence | undefined;
  readonly #onState: (down: N2OError | undefined) => void;
  #gathering = new Batch();
  #committing: Batch | undefined;
  #scheduled: NodeJS.Immediate | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #down: N2OError | undefined;
  #over = false;
  readonly #settling = new Set<(error: N2OError) => void>();
  #closing: Promise<void> | undefined;

  constructor({ store, limit = LIMIT_BYTES, fence, onState = () => {} }: JournalOptions) {
    this.#store = store;
    this.#limit = limit;
    this.#fence = fence;
    this.#onState = onState;
  }

  /** About what the open changes take in memory. */
  get bytes(): number {
    return this.#gathering.bytes + (this.#committing?.bytes ?? 0);
  }

  /** Whether the store failed to take the last commit. */
  get down(): boolean {
    return this.#down !== undefined;
  }

  /** Whether more is open than should be: the journal still takes changes, its owner should not. */
  get isFull(): boolean {
    const callbacks = this.#gathering.waiting.length + (this.#committing?.waiting.length ?? 0);
    return this.bytes + callbacks * CALLBACK_BYTES > this.#limit;
  }

  /** Keeps a value under a name, which replaces what is there. */
  put(group: string, field: string, value: Uint8Array): void {
    this.#gathering.put(group, field, value, false);
    this.#schedule();
  }

  /** Keeps a value under a name that the group does not have: when it is removed while open, nothing is written. */
  add(group: string, field: string, value: Uint8Array): void {
    this.#gathering.put(group, field, value, true);
    this.#schedule();
  }

  remove(group: string, field: string): void {
    this.#gathering.remove(group, field);
    this.#schedule();
  }

  /** Removes a group, and with it its lifetime. */
  drop(group: string): void {
    this.#gathering.drop(group);
    this.#schedule();
  }

  /** Removes a group in so many milliseconds; `Infinity` keeps it. */
  lifetime(group: string, ms: number): void {
    this.#gathering.lifetime(group, ms);
    this.#schedule();
  }

  /**
   * Calls back when all changes asked for up to now are kept; at once (synchronously) when there are
   * none open. Callbacks come in the order of asking, and must not throw.
   */
  kept(callback: () => void): void {
    if (this.#over) return;
    if (!this.#gathering.isIdle) this.#gathering.waiting.push(callback);
    else if (this.#committing) this.#committing.waiting.push(callback);
    else callback();
  }

  /** A promise of the same. @throws what ended the journal */
  settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#over && this.#down) return reject(this.#down);
      this.#settling.add(reject);
      this.kept(() => {
        this.#settling.delete(reject);
        resolve();
      });
    });
  }

  /**
   * Keeps what is open, and takes no more. Idempotent. The store stays open.
   * @throws N2O_STORE_UNAVAILABLE when the store does not answer now, N2O_STORE_FENCED
   */
  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    const settled = this.settled();
    if (this.#retry) this.#tryAgain();
    await settled;
    this.#over = true;
  }

  #schedule(): void {
    if (this.#over) this.#gathering = new Batch();
    else if (!this.#scheduled && !this.#committing) this.#scheduled = setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#scheduled = undefined;
    this.#committing = this.#gathering;
    this.#gathering = new Batch();
    this.#commit(this.#committing);
  };

  #commit(batch: Batch): void {
    const changes = batch.changes();
    if (changes.length === 0) this.#done(batch);
    else {
      this.#store.commit(changes, this.#fence).then(
        () => this.#done(batch),
        (thrown) => this.#failed(thrown),
      );
    }
  }

  #done(batch: Batch): void {
    this.#committing = undefined;
    if (this.#down) {
      this.#down = undefined;
      this.#retryMs = FIRST_RETRY_MS;
      this.#onState(undefined);
    }
    if (!this.#gathering.isIdle) this.#schedule();
    for (const callback of batch.waiting) callback();
  }

  #failed(thrown: unknown): void {
    const error =
      thrown instanceof N2OError
        ? thrown
        : new N2OError('N2O_STORE_UNAVAILABLE', reason(thrown), { cause: thrown });
    const isNews = this.#down?.message !== error.message;
    this.#down = error;
    if (error.code === 'N2O_STORE_FENCED' || this.#closing !== undefined) this.#giveUp(error);
    else {
      this.#retry = setTimeout(this.#tryAgain, this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    }
    if (isNews) this.#onState(error);
  }

  readonly #tryAgain = (): void => {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (this.#committing) this.#commit(this.#committing);
  };

  #giveUp(error: N2OError): void {
    this.#over = true;
    this.#committing = undefined;
    this.#gathering = new Batch();
    for (const reject of this.#settling) reject(error);
    this.#settling.clear();
  }
}
