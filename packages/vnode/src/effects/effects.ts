/** Exactly one effect: finds out which events run, which are answered from memory, and on what they run. */
import { createFormatters, type Event, N2OError } from '@n2o/shared';
import type { EventContext } from '../runtime/context.ts';
import type { EffectLimits, Keeping, Kept } from './effect.ts';
import { EventEffect } from './event-effect.ts';
import { Memory } from './memory.ts';
import { nameOf } from './name.ts';
import { ClientRecord } from './record.ts';
import { EventState } from './state.ts';

/** What was written within the bound of states is read, whatever is in it. */
const ANY = Number.MAX_SAFE_INTEGER;

export interface EffectsOptions {
  readonly keeping: Keeping;
  readonly limits: EffectLimits;
  /** Milliseconds since 1970; by default the system's clock. */
  readonly now?: () => number;
}

export class Effects {
  readonly keeping: Keeping;
  readonly memory: Memory;
  readonly #limits: EffectLimits;
  readonly #json = createFormatters({ bytes: ANY, terms: ANY, integer: ANY }).json;
  readonly #now: () => number;

  constructor({ keeping, limits, now = Date.now }: EffectsOptions) {
    this.keeping = keeping;
    this.memory = new Memory(limits.effectMemory);
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Gives an event its effect, if it has a key or its module a state; a promise, which never
   * rejects, when the store has to be asked for what is kept of its client.
   */
  prepare(event: Event, context: EventContext): Promise<void> | undefined {
    const { app } = context;
    const key = app.remember === false ? undefined : context.key;
    if (key === undefined && app.state === undefined) return undefined;
    const { client, module, vnode } = event.route;
    // A module that says itself what is the same event need not hear of the rest of it.
    const payload = app.key === undefined ? event.payload : undefined;
    const name = key === undefined ? undefined : nameOf(module, key, payload);
    const known = this.memory.get(client);
    if (known !== undefined) {
      this.#begin(context, known, name);
      return undefined;
    }
    return this.keeping.load(client, vnode).then(
      (kept) => this.#learn(context, kept, name),
      (thrown: unknown) => {
        const fenced = thrown instanceof N2OError && thrown.code === 'N2O_STORE_FENCED';
        context.effect = { failure: fenced ? 'N2O_STORE_FENCED' : 'N2O_BUSY_STORE' };
      },
    );
  }

  #learn(context: EventContext, kept: Kept, name: string | undefined): void {
    // Its time is up, and later events of the client may have changed what was read.
    if (context.isAbandoned) return;
    const record = new ClientRecord(kept, context.vnode, this.#limits);
    this.memory.put(context.client, record);
    this.#begin(context, record, name);
  }

  #begin(context: EventContext, record: ClientRecord, name: string | undefined): void {
    const { app, client, module } = context;
    const { stateBytes } = this.#limits;
    const state = app.state
      ? new EventState(app, record.stateOf(module), this.#json, stateBytes)
      : undefined;
    const { memory } = this;
    const now = this.#now;
    context.effect = new EventEffect({ memory, record, client, module, name, state, now });
  }
}
