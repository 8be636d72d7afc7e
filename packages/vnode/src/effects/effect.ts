/** What an event leaves behind: kept before the event is settled, and with it or not at all. */
import type { Event, Outcome } from '@n2o/shared';

/** The outcome of an event that is remembered under its name. */
export interface Remembered {
  readonly outcome: Outcome;
  readonly bytes: Uint8Array;
  /** When it ended: milliseconds since 1970. */
  readonly at: number;
}

/** What is to be kept with the settlement of an event. */
export interface Effect {
  /** The reading of the client's record that the event ran on: it is worth no more than that. */
  readonly belief: number;
  /** Remembers the outcome under a name. */
  readonly remember: { readonly name: string; readonly at: number } | undefined;
  /** Names under which nothing is remembered any longer. */
  readonly evicted: readonly string[];
  /** What the event's module keeps for the client from now on. */
  readonly state: { readonly value: Uint8Array | undefined } | undefined;
  /** What is remembered of the client lives its time anew. */
  readonly renew: boolean;
  /** The event had its effect before: it leaves nothing behind, but ends as the one before it does. */
  readonly isRepeat: boolean;
}

/** What is kept of a client, as the store has it. */
export interface Kept {
  readonly belief: number;
  /** By name, in any order. */
  readonly replies: readonly (readonly [name: string, reply: Remembered])[];
  /** By module. */
  readonly states: readonly (readonly [module: string, value: Uint8Array])[];
}

/** What keeps effects, as those see it who run events. */
export interface Keeping {
  /** Reads what is kept of a client. @throws N2O_STORE_UNAVAILABLE, N2O_STORE_FENCED */
  load(client: string, vnode: number): Promise<Kept>;
  /** Settles an event once its effect is kept. */
  settle(event: Event, outcome: Outcome, bytes: Uint8Array, effect: Effect): void;
}

/** Bounds of what is kept and known. */
export interface EffectLimits {
  /** Milliseconds that a reply is remembered. */
  readonly effectTtl: number;
  /** Replies that are remembered for one client, at most. */
  readonly effectCount: number;
  /** Their bytes for one client; the last one is remembered however large it is. */
  readonly effectBytes: number;
  /** Bytes of all that one worker knows of its clients without asking the store. */
  readonly effectMemory: number;
  /** Bytes of the state of one module for one client. */
  readonly stateBytes: number;
}

/** Is there anything to keep? If not, the event only rests on what others leave behind. */
export function isEmpty({ remember, evicted, state }: Effect): boolean {
  return remember === undefined && state === undefined && evicted.length === 0;
}
