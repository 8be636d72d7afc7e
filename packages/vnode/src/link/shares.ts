/** Who is to do what about a vnode: pure decisions, made from what all hosts see alike. */
import { hostOf } from '@n2o/shared';
import type { Ownership, Presence } from './words.ts';

/** The vnodes that are a host's share among those who are there and not about to leave. */
export function shareOf(host: string, presences: readonly Presence[], vnodes: number): Set<number> {
  const takers = presences
    .filter((other) => other.state === 'up' && other.vnodes === vnodes)
    .map((other) => other.host);
  const share = new Set<number>();
  for (let vnode = 1; vnode <= vnodes; vnode++) {
    if (hostOf(vnode, takers) === host) share.add(vnode);
  }
  return share;
}

/** One vnode as a host sees it. */
export interface Sight {
  /** The host that looks. */
  readonly me: string;
  /** It is of its share. */
  readonly wanted: boolean;
  /** The epoch with which it has the vnode, or is about to. */
  readonly epoch: number | undefined;
  readonly recorded: Ownership | undefined;
  /** Whether the recorded owner is there. */
  readonly ownerIsThere: boolean;
  /** Milliseconds since it has been waiting for that owner. */
  readonly waited: number;
  /** Milliseconds after which it waits no longer. */
  readonly patience: number;
}

/** What the host does about it. */
export type Step =
  | 'claim'
  /** Its owner is about to give it away. */
  | 'wait'
  | 'leave'
  /** Says that it is free: it is recorded as this host's, which does not want it and has never taken it. */
  | 'free'
  | 'nothing';

export function stepFor(sight: Sight): Step {
  const { me, wanted, epoch, recorded, ownerIsThere, waited, patience } = sight;
  if (epoch !== undefined) return wanted ? 'nothing' : 'leave';
  if (!wanted) return recorded?.host === me ? 'free' : 'nothing';
  const owner = recorded?.host ?? '';
  // One that is recorded as this host's own is left from an earlier life of it.
  const isFree = owner === '' || owner === me || !ownerIsThere;
  return isFree || waited >= patience ? 'claim' : 'wait';
}

/**
 * The epoch of the next owner: above all before it. It is at least the time in milliseconds, so that
 * it is above them even when the broker has lost what it had retained.
 */
export function nextEpoch(recorded: Ownership | undefined, time: number): number {
  return Math.max((recorded?.epoch ?? 0) + 1, time);
}

/** What a record means to the one who has claimed the vnode. */
export type Verdict =
  /** The claim stands: the broker has put it behind all others. */
  | 'mine'
  /** Another one has it now. */
  | 'lost'
  /** The claim is above it, and has to be said again. */
  | 'stale';

/** @param epoch with which `me` has claimed the vnode */
export function judge(me: string, epoch: number, recorded: Ownership | undefined): Verdict {
  if (!recorded || recorded.epoch < epoch) return 'stale';
  if (recorded.host === me && recorded.epoch === epoch) return 'mine';
  return recorded.host === '' && recorded.epoch === epoch ? 'stale' : 'lost';
}
