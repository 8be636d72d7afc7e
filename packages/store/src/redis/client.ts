/** Makes the client for an address: one that never queues, never repeats by itself, and always comes back. */
import type { ConnectionOptions } from 'node:tls';
import { Cluster, Redis } from 'ioredis';
import type { RedisAddress } from './address.ts';

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

export interface ClientOptions {
  readonly address: RedisAddress;
  readonly tls: ConnectionOptions | undefined;
  /** Milliseconds that Redis has to answer. */
  readonly timeout: number;
  /** Told that there is no connection now; returns in how many milliseconds the next try is. */
  readonly onLost: () => number;
}

/** It does not connect yet. */
export function createClient({ address, tls, timeout, onLost }: ClientOptions): Redis | Cluster {
  const { hosts, username, password, db } = address;
  const secure = address.tls ? { tls: tls ?? {} } : {};
  const common = {
    username,
    password,
    protocol: 2 as const,
    connectTimeout: timeout,
    socketTimeout: timeout,
    // What is under way when a connection breaks is rejected at once: its owner asks again.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    reconnectOnError: isOfReplica,
    ...secure,
  };
  if (address.kind === 'cluster')
    return new Cluster([...hosts], {
      redisOptions: common,
      enableOfflineQueue: false,
      lazyConnect: true,
      clusterRetryStrategy: onLost,
      slotsRefreshTimeout: timeout,
      // Certificates are made out to names: keep them.
      ...(address.tls ? { dnsLookup: (name, found) => found(null, name) } : {}),
    });
  const single = {
    ...common,
    db,
    enableOfflineQueue: false,
    lazyConnect: true,
    retryStrategy: onLost,
  };
  if (address.kind === 'single') return new Redis({ ...single, ...hosts[0] });
  return new Redis({
    ...single,
    sentinels: [...hosts],
    name: address.master,
    sentinelUsername: address.sentinelUsername,
    sentinelPassword: address.sentinelPassword,
    sentinelCommandTimeout: timeout,
    sentinelRetryStrategy: delayOf,
    enableTLSForSentinelMode: address.tls,
    ...(address.tls ? { sentinelTLS: tls ?? {} } : {}),
  });
}

/** A server that became a replica is not the one to talk to. */
export function isOfReplica({ message }: Error): boolean {
  return message.includes('READONLY');
}

/** Milliseconds until a try, counted from 1 on. */
export function delayOf(attempt: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LAST_RETRY_MS);
}
