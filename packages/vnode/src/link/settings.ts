/** What a host needs to be a member of a cluster, and the bounds and times that it keeps. */
import type { Link, Logger } from '@n2o/shared';
import type { Endpoint } from './endpoint.ts';
import type { VnodeLimits } from './vnode-link.ts';

export interface MemberOptions {
  readonly endpoint: Endpoint;
  /** This host's, in its cluster its alone. */
  readonly name: string;
  /** Vnodes of the cluster, 1..256. */
  readonly vnodes: number;
  /** For others to see. */
  readonly workers: number;
  readonly host: Runner;
  readonly limits?: Partial<VnodeLimits>;
  /** Largest packet that is taken in whole, in bytes. */
  readonly packetLimit?: number;
  /** Largest packet that is sent, in bytes; by default as much. Less, where the broker takes less. */
  readonly sendLimit?: number;
  readonly times?: Partial<MemberTimes>;
  readonly log: Logger;
}

/** Runs the events. */
export interface Runner extends Link {
  /** A vnode is this host's no more. */
  forget?(vnode: number): void;
  /** The highest epoch under which the store knows an owner of a vnode. @throws N2O_STORE_UNAVAILABLE */
  highestEpoch?(vnode: number): Promise<number>;
}

/** All in milliseconds. */
export interface MemberTimes {
  /** Without a word for so long, broker and host take each other for dead; whole seconds. */
  readonly keepalive: number;
  /** What a connection may take. */
  readonly connectTimeout: number;
  /** Without news of other hosts for so long, the vnodes are shared out. */
  readonly quiet: number;
  /** What events under way may take when their vnode is given away. */
  readonly grace: number;
  /** What an owner who is there may take to give a vnode away: more than `grace`. */
  readonly patience: number;
}

export const DEFAULT_TIMES: MemberTimes = {
  keepalive: 10_000,
  connectTimeout: 10_000,
  quiet: 300,
  grace: 10_000,
  patience: 15_000,
};

const MiB = 1_048_576;

export const DEFAULT_PACKET_LIMIT = MiB;

const DEFAULT_LIMITS: VnodeLimits = {
  window: 16_384,
  windowBytes: 32 * MiB,
  outputBytes: MiB,
  memoryBytes: 8 * MiB,
  memoryAge: 60_000,
};

/** The bounds of a vnode, where not all are told. */
export function limitsOf(told: Partial<VnodeLimits> = {}): VnodeLimits {
  return { ...DEFAULT_LIMITS, ...told };
}
