/** Where in the store what is kept of a client lies, and how it is written there. */
import type { Change, Outcome, Route, Store } from '@n2o/shared';
import type { Effect, Kept, Remembered } from './effect.ts';
import { RENEWAL } from './record.ts';

/** Outcomes by their number in the store: only ever add to them, at the end. */
const OUTCOMES: readonly Outcome[] = ['reply', 'silent', 'unknown', 'dead'];

/** Milliseconds that things are kept. */
export interface Lifetimes {
  /** A reply. */
  readonly effectTtl: number;
  /** The states of a client, after one of them was last set. */
  readonly stateTtl: number;
}

/** Number of the outcome (1 byte), time (8 bytes), then the reply. */
const HEAD = 9;

/** The group of remembered replies. What is in braces is the same for all groups of a vnode, and its fence. */
export function repliesOf(vnode: number, client: string): string {
  return `effects/{v${vnode}}/${client}`;
}

/** The group of states, module by module. */
export function statesOf(vnode: number, client: string): string {
  return `state/{v${vnode}}/${client}`;
}

/** The name of the fence, and the group in which each owner of a vnode leaves its epoch. */
export function ownerOf(vnode: number): string {
  return `vnode/{v${vnode}}`;
}

/** The changes that keep an effect. */
export function changesOf(
  { vnode, client, module }: Route,
  { remember, evicted, state, renew }: Effect,
  outcome: Outcome,
  bytes: Uint8Array,
  { effectTtl, stateTtl }: Lifetimes,
): Change[] {
  const changes: Change[] = [];
  const group = repliesOf(vnode, client);
  if (state !== undefined) {
    const states = statesOf(vnode, client);
    changes.push({ group: states, field: module, value: state.value });
    if (state.value !== undefined) changes.push({ group: states, lifetime: stateTtl });
  }
  if (remember !== undefined) {
    const value = writeReply({ outcome, bytes, at: remember.at });
    changes.push({ group, field: remember.name, value });
  }
  // After it: a group in which nothing is left would lose its lifetime.
  for (const field of evicted) changes.push({ group, field, value: undefined });
  if (renew) changes.push({ group, lifetime: Math.ceil(effectTtl * (1 + RENEWAL)) });
  return changes;
}

/** Writes a reply into memory of its own. */
export function writeReply({ outcome, bytes, at }: Remembered): Uint8Array {
  const value = new Uint8Array(HEAD + bytes.length);
  value[0] = OUTCOMES.indexOf(outcome);
  new DataView(value.buffer).setFloat64(1, at);
  value.set(bytes, HEAD);
  return value;
}

/** Reads a reply; `undefined` when it is none. */
export function readReply(value: Uint8Array): Remembered | undefined {
  const outcome = OUTCOMES[value[0] ?? -1];
  if (outcome === undefined || value.length < HEAD) return undefined;
  const at = new DataView(value.buffer, value.byteOffset, HEAD).getFloat64(1);
  return { outcome, bytes: copy(value.subarray(HEAD)), at };
}

/** Reads all that is kept of a client. @throws N2O_STORE_UNAVAILABLE */
export async function readKept(
  store: Store,
  vnode: number,
  client: string,
): Promise<Omit<Kept, 'belief'>> {
  const replies: [string, Remembered][] = [];
  const states: [string, Uint8Array][] = [];
  for await (const entries of store.entries(repliesOf(vnode, client))) {
    for (const [name, value] of entries) {
      const reply = readReply(value);
      if (reply !== undefined) replies.push([name, reply]);
    }
  }
  for await (const entries of store.entries(statesOf(vnode, client))) {
    for (const [module, value] of entries) states.push([module, copy(value)]);
  }
  return { replies, states };
}

/** Memory of its own: what a store hands out may be a part of something large. */
function copy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
