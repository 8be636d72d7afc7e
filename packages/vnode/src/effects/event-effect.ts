/** The effect of one event: what it may see of what is kept, and what it adds when it ends. */
import type { ErrorCode, Outcome } from '@n2o/shared';
import type { Effect, Remembered } from './effect.ts';
import type { Memory } from './memory.ts';
import type { ClientRecord } from './record.ts';
import type { EventState } from './state.ts';

/**
 * How an event came to its end: its handler is `done`; it `threw`, so it has set nothing; it was
 * `abandoned`, so that nobody knows what becomes of it.
 */
export type Ending = 'done' | 'threw' | 'abandoned';

/** Stands in for the effect of an event whose client's record could not be read. */
export interface Unread {
  readonly failure: ErrorCode;
  readonly state?: undefined;
  readonly repeated?: undefined;
  readonly end?: undefined;
}

export interface EventEffectOptions {
  readonly memory: Memory;
  readonly record: ClientRecord;
  readonly client: string;
  readonly module: string;
  /** Under which its outcome is remembered; `undefined` when it is not. */
  readonly name: string | undefined;
  /** `undefined` when the module has none. */
  readonly state: EventState | undefined;
  readonly now: () => number;
}

export class EventEffect {
  readonly failure = undefined;
  readonly state: EventState | undefined;
  /** How this very event ended before. */
  readonly repeated: Remembered | undefined;
  readonly #options: EventEffectOptions;

  constructor(options: EventEffectOptions) {
    const { record, name, state, now } = options;
    this.#options = options;
    this.state = state;
    this.repeated = name === undefined ? undefined : record.recall(name, now());
  }

  /** What a repetition leaves behind. */
  repeat(): Effect {
    return { ...this.#rest(), isRepeat: true };
  }

  /** Ends the event; gives back what it leaves behind, `undefined` when it has nothing to do with what is kept. */
  end(outcome: Outcome, bytes: Uint8Array, ending: Ending): Effect | undefined {
    const { memory, record, client, module, now } = this.#options;
    const { state } = this;
    state?.close();
    if (ending === 'abandoned') return undefined;
    const isSet = state?.isSet === true && ending === 'done';
    const name = outcome === 'unknown' ? undefined : this.#options.name;
    if (!isSet && name === undefined) return state?.isRead ? this.#rest() : undefined;
    if (isSet) record.setState(module, state.bytes);
    const at = now();
    const effect: Effect = {
      belief: record.belief,
      remember: name === undefined ? undefined : { name, at },
      evicted: name === undefined ? NONE : record.remember(name, outcome, bytes, at),
      state: isSet ? { value: state.bytes } : undefined,
      renew: name !== undefined && record.renew(at),
      isRepeat: false,
    };
    memory.changed(client, record);
    return effect;
  }

  /** Nothing is left behind; what is said rests on what is kept. */
  #rest(): Effect {
    const { belief } = this.#options.record;
    return {
      belief,
      remember: undefined,
      evicted: NONE,
      state: undefined,
      renew: false,
      isRepeat: false,
    };
  }
}

const NONE: readonly string[] = [];
