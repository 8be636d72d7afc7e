/** Where things live, as pure functions: client → vnode, vnode → host. */
import { md5 } from '@noble/hashes/legacy.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** How many vnodes a cluster can have: the hash is one byte. */
export const MAX_VNODES = 256;

/**
 * The vnode of a client, 1..vnodes: first byte of md5(client id) modulo vnodes, plus 1.
 * N2O 6's rule (`n2o_vnode:get_vnode/2`), so that a client can compute its own address.
 */
export function vnodeOf(client: string | Uint8Array, vnodes: number): number {
  const bytes = typeof client === 'string' ? utf8ToBytes(client) : client;
  return ((md5(bytes)[0] as number) % vnodes) + 1;
}

/**
 * The host of a vnode among the live ones, by rendezvous hashing: a host that joins or leaves
 * moves only its own share. `undefined` when there is no host.
 */
export function hostOf(vnode: number, hosts: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestScore = '';
  for (const host of hosts) {
    const score = String.fromCharCode(...md5(utf8ToBytes(`${host}\0${vnode}`)));
    if (best === undefined || score > bestScore || (score === bestScore && host > best)) {
      best = host;
      bestScore = score;
    }
  }
  return best;
}
