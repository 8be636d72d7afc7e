/** Keeps effects in the store: events are settled in their clients' order, each when its effect is kept. */
import {
  type ErrorCode,
  type Event,
  type Logger,
  N2OError,
  type Outcome,
  type Store,
} from '@n2o/shared';
import { takeBatch } from './batch.ts';
import { type Effect, isEmpty, type Keeping, type Kept } from './effect.ts';
import { type Lifetimes, readKept } from './layout.ts';
import { Ledger, type Verdict } from './ledger.ts';
import { type Held, Line } from './line.ts';

export interface KeeperOptions extends Lifetimes {
  readonly store: Store;
  /** Under which epoch this host owns a vnode; `undefined` while it is not known. */
  readonly epochOf?: ((vnode: number) => number | undefined) | undefined;
  /** An error frame for the client of an event. */
  readonly frame: (event: Event, code: ErrorCode) => Uint8Array;
  /** Whoever knows anything of the clients of a vnode has to forget it. */
  readonly onForget: (vnode: number) => void;
  /** The store knows a later owner of the vnode. */
  readonly onFenced?: ((vnode: number) => void) | undefined;
  readonly log: Logger;
}

export class Keeper implements Keeping {
  readonly #options: KeeperOptions;
  readonly #ledgers = new Map<number, Ledger>();
  /** By client. */
  readonly #lines = new Map<string, Line>();
  readonly #due = new Set<Ledger>();
  #readings = 0;
  #kept = 0;
  #repeated = 0;
  #refused = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Clients whose events wait for the store, and what became of events so far. */
  get counts(): { waiting: number; kept: number; repeated: number; refused: number } {
    const { size: waiting } = this.#lines;
    return { waiting, kept: this.#kept, repeated: this.#repeated, refused: this.#refused };
  }

  async load(client: string, vnode: number): Promise<Kept> {
    const ledger = this.#ledgerOf(vnode);
    try {
      for (;;) {
        if (ledger.isOutdated) this.#disown(ledger, ledger.ending);
        await ledger.claim();
        await this.#lines.get(client)?.idle();
        const belief = ++this.#readings;
        const kept = { belief, ...(await readKept(this.#options.store, vnode, client)) };
        // What was read while something failed may be neither old nor new.
        if (belief > ledger.floor) return kept;
      }
    } catch (thrown) {
      if (isFenced(thrown)) this.#options.onFenced?.(vnode);
      throw thrown;
    }
  }

  /** Settles an event: at once, if nothing of its client waits and it leaves nothing to be kept. */
  settle(event: Event, outcome: Outcome, bytes?: Uint8Array, effect?: Effect): void {
    const { client, vnode } = event.route;
    const line = this.#lines.size === 0 ? undefined : this.#lines.get(client);
    if (effect === undefined && line === undefined) {
      event.settle(outcome, bytes);
      return;
    }
    const held: Held = { event, outcome, bytes, effect, isPending: false };
    if (effect !== undefined) this.#enter(held, effect, this.#ledgerOf(vnode));
    if (line !== undefined) line.push(held);
    else if (!held.isPending) event.settle(held.outcome, held.bytes);
    else {
      const opened = new Line();
      opened.push(held);
      this.#lines.set(client, opened);
    }
  }

  /** Another host owns a vnode by now: what waits of it is lost, and nothing of it is believed any more. */
  forget(vnode: number): void {
    this.#disown(this.#ledgerOf(vnode), 'lost');
  }

  /** Resolves when nothing waits any more. */
  async close(): Promise<void> {
    while (this.#lines.size > 0) {
      await Promise.all([...this.#lines.values()].map((line) => line.idle()));
    }
  }

  #enter(held: Held, effect: Effect, ledger: Ledger): void {
    if (ledger.isOutdated) this.#disown(ledger, ledger.ending);
    if (effect.belief <= ledger.floor) {
      // It may have been told before it learnt what it believes.
      this.#options.onForget(ledger.vnode);
      this.#refuse(held, ledger.verdict);
    } else if (isEmpty(effect)) this.#repeated += effect.isRepeat ? 1 : 0;
    else {
      held.isPending = true;
      ledger.gathered.push(held);
      if (ledger.isCommitting || this.#due.has(ledger)) return;
      if (this.#due.size === 0) setImmediate(() => this.#commitAll());
      this.#due.add(ledger);
    }
  }

  #commitAll(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const ledger of due) void this.#commit(ledger);
  }

  /** Keeps what was gathered, and what is gathered meanwhile: one commit at a time, for each may fail. */
  async #commit(ledger: Ledger): Promise<void> {
    ledger.isCommitting = true;
    while (ledger.gathered.length > 0) {
      const { events, changes } = takeBatch(ledger, this.#options);
      const failure = await ledger.commit(changes).then(
        () => undefined,
        (thrown: unknown) => ({ thrown }),
      );
      if (failure === undefined) this.#succeeded(ledger, events);
      else this.#failed(ledger, events, failure.thrown);
    }
    ledger.isCommitting = false;
  }

  #succeeded(ledger: Ledger, batch: readonly Held[]): void {
    ledger.isFailing = false;
    this.#kept += batch.length;
    for (const held of batch) held.isPending = false;
    this.#flush(batch);
  }

  #failed(ledger: Ledger, batch: readonly Held[], thrown: unknown): void {
    const { log, onFenced } = this.#options;
    const { vnode } = ledger;
    const fenced = isFenced(thrown);
    if (!ledger.isFailing) log.error({ err: thrown, vnode }, 'effects of events cannot be kept');
    ledger.isFailing = true;
    this.#disown(ledger, fenced ? ledger.ending : 'busy', batch);
    if (fenced) onFenced?.(vnode);
  }

  /** What waits for its commit, with all that rests on it, ends otherwise. */
  #disown(ledger: Ledger, verdict: Verdict, failed: readonly Held[] = []): void {
    const waiting = [...failed, ...ledger.gathered];
    ledger.gathered = [];
    ledger.disown(this.#readings, verdict);
    this.#options.onForget(ledger.vnode);
    for (const client of new Set(waiting.map(({ event }) => event.route.client))) {
      this.#lines.get(client)?.replace((held) => this.#refuse(held, verdict));
    }
    this.#flush(waiting);
  }

  #refuse(held: Held, verdict: Verdict): void {
    this.#refused++;
    held.outcome = verdict === 'lost' ? 'lost' : 'reply';
    held.bytes = verdict === 'lost' ? undefined : this.#options.frame(held.event, 'N2O_BUSY_STORE');
  }

  #flush(settled: readonly Held[]): void {
    for (const { event } of settled) {
      const { client } = event.route;
      const line = this.#lines.get(client);
      if (line !== undefined && !line.flush()) this.#lines.delete(client);
    }
  }

  #ledgerOf(vnode: number): Ledger {
    let ledger = this.#ledgers.get(vnode);
    if (ledger === undefined) {
      ledger = new Ledger(vnode, this.#options.store, this.#options.epochOf ?? (() => undefined));
      this.#ledgers.set(vnode, ledger);
    }
    return ledger;
  }
}

function isFenced(thrown: unknown): boolean {
  return thrown instanceof N2OError && thrown.code === 'N2O_STORE_FENCED';
}
