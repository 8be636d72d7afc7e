/** Events that are turned away: told so, behind the events that came before them. */
import type { Address } from './address.ts';

/** Kinds of refusals that are kept behind one event; what is beyond is counted, not answered. */
const MAX_KINDS = 16;

/** A number of like refusals; a flood costs a number, not memory. */
export interface Refusal {
  readonly address: Address;
  readonly frame: Uint8Array;
  count: number;
}

/** Adds a refusal to those behind an event; false when there is no room for another kind. */
export function addRefusal(refusals: Refusal[], address: Address, frame: Uint8Array): boolean {
  const last = refusals.at(-1);
  if (last?.address === address && Buffer.compare(last.frame, frame) === 0) last.count++;
  else if (refusals.length < MAX_KINDS) refusals.push({ address, frame, count: 1 });
  else return false;
  return true;
}
