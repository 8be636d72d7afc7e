/** How the vnodes are spread over hosts: as it should be, and as the hosts say in their logs. */
import { hostOf } from '@n2o/shared';
import type { Member } from './member.ts';

/** Partitions of the clients, as by default. */
export const VNODES = 16;

/** `vnode → host`, in the order of the vnodes. */
export type Moves = readonly string[];

/** The vnodes whose host is another one with these hosts than with those before. */
export function moves(before: readonly string[], after: readonly string[]): Moves {
  return Array.from({ length: VNODES }, (_, i) => i + 1)
    .filter((vnode) => hostOf(vnode, before) !== hostOf(vnode, after))
    .map((vnode) => `${vnode} → ${hostOf(vnode, after)}`);
}

/** The vnodes that were claimed. */
export interface Claims {
  readonly all: Moves;
  /** Resolves when there are so many since it was created. */
  count(least: number): Promise<void>;
}

/** Reads it in the logs, from the moment it is called. */
export function watchClaims(hosts: readonly Member[]): Claims {
  const claims: (readonly [vnode: number, host: string])[] = [];
  const waiting = new Map<() => void, number>();
  for (const host of hosts) {
    host.watch(({ msg, vnode }) => {
      if (msg !== 'vnode claimed') return;
      claims.push([Number(vnode), host.name]);
      for (const [resolve, least] of waiting) if (claims.length >= least) resolve();
    });
  }
  return {
    get all() {
      const inOrder = [...claims].sort(([a], [b]) => a - b);
      return inOrder.map(([vnode, host]) => `${vnode} → ${host}`);
    },
    count: (least) =>
      new Promise((resolve) => {
        if (claims.length >= least) resolve();
        else waiting.set(resolve, least);
      }),
  };
}
