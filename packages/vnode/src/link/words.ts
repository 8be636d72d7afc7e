/** What the hosts of a cluster tell each other in retained messages: topics and payloads, read and printed here only. */

import { CLUSTER_TOPIC } from '@n2o/shared';

/** That a host is there: `n2o/hosts/<name>`; removed when it is gone. */
export interface Presence {
  readonly host: string;
  /** Tells this process from another one of the same name. */
  readonly instance: string;
  /** How many vnodes it takes the cluster to have. */
  readonly vnodes: number;
  readonly workers: number;
  /** Draining: it takes no vnodes, and gives away those that it has. */
  readonly state: 'up' | 'draining';
}

/** Whose a vnode is: `n2o/vnodes/<v>`. */
export interface Ownership {
  /** Empty: the last owner has given it away. */
  readonly host: string;
  /** Grows with each owner. */
  readonly epoch: number;
}

/** What is said on one of the topics; `undefined` where the message was removed. */
export type Word =
  | { readonly host: string; readonly presence: Presence | undefined }
  | { readonly vnode: number; readonly ownership: Ownership | undefined }
  /** How many vnodes the broker has, and how large a packet it takes; one that is not ours does not say. */
  | { readonly counted: number; readonly packetSize: number | undefined };

const HOSTS = 'n2o/hosts/';
const VNODES = 'n2o/vnodes/';

/** What a host subscribes to hear all of it. */
export const CLUSTER_FILTERS: readonly string[] = [`${HOSTS}+`, `${VNODES}+`, CLUSTER_TOPIC];

export function presenceTopic(host: string): string {
  return HOSTS + host;
}

export function ownershipTopic(vnode: number): string {
  return VNODES + vnode;
}

/** Reads a message; `undefined` if it is not of these, or makes no sense. */
export function readWord(topic: string, payload: Uint8Array): Word | undefined {
  const value = payload.length === 0 ? undefined : parse(payload);
  if (value === null) return undefined;
  if (topic.startsWith(HOSTS)) {
    const host = topic.slice(HOSTS.length);
    if (value === undefined) return { host, presence: undefined };
    return isPresence(value) && value.host === host ? { host, presence: value } : undefined;
  }
  if (topic === CLUSTER_TOPIC) {
    const { vnodes, maxPacketSize: size } = (value ?? {}) as Record<string, unknown>;
    const packetSize = typeof size === 'number' && size > 0 ? size : undefined;
    return typeof vnodes === 'number' ? { counted: vnodes, packetSize } : undefined;
  }
  const vnode = topic.startsWith(VNODES) ? Number(topic.slice(VNODES.length)) : 0;
  if (!Number.isInteger(vnode) || vnode < 1) return undefined;
  if (value === undefined) return { vnode, ownership: undefined };
  return isOwnership(value) ? { vnode, ownership: value } : undefined;
}

/** `null` for what is no object in JSON. */
function parse(payload: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function isPresence(value: object): value is Presence {
  const { host, instance, vnodes, workers, state } = value as Partial<Presence>;
  return (
    typeof host === 'string' &&
    typeof instance === 'string' &&
    Number.isInteger(vnodes) &&
    Number.isInteger(workers) &&
    (state === 'up' || state === 'draining')
  );
}

function isOwnership(value: object): value is Ownership {
  const { host, epoch } = value as Partial<Ownership>;
  return typeof host === 'string' && Number.isSafeInteger(epoch);
}
