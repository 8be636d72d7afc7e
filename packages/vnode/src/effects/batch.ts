/** What is kept by one commit of the effects that were gathered: a commit has a bound, and they have none. */
import type { Change } from '@n2o/shared';
import type { Effect } from './effect.ts';
import { changesOf, type Lifetimes } from './layout.ts';
import type { Ledger } from './ledger.ts';
import type { Held } from './line.ts';

/** Bytes of values above which what comes next is left for the next commit. */
const BATCH_BYTES = 4 * 1024 * 1024;

const EMPTY = new Uint8Array();

export interface Batch {
  readonly events: readonly Held[];
  readonly changes: readonly Change[];
}

/** Takes the effects that are kept next, those of an event together, in the order of the events. */
export function takeBatch(ledger: Ledger, lifetimes: Lifetimes): Batch {
  const changes: Change[] = [];
  let count = 0;
  let size = 0;
  for (const { event, outcome, bytes = EMPTY, effect } of ledger.gathered) {
    for (const change of changesOf(event.route, effect as Effect, outcome, bytes, lifetimes)) {
      changes.push(change);
      if ('value' in change) size += change.value?.length ?? 0;
    }
    count++;
    if (size >= BATCH_BYTES) break;
  }
  return { events: ledger.gathered.splice(0, count), changes };
}
