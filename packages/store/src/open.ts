/** Opens the store that a text names. */
import type { ConnectionOptions } from 'node:tls';
import type { N2OError, Store } from '@n2o/shared';
import { openFolderStore } from './folder/open.ts';
import { createMemoryStore } from './memory.ts';
import { isRedisUrl } from './redis/address.ts';
import { connectRedisStore } from './redis/connect.ts';

export interface StoreOptions {
  /** Told when the store does not answer, and why, and with `undefined` when it does. */
  readonly onState?: (down: N2OError | undefined) => void;
  /** Ends the tries to connect to a Redis that is not there. */
  readonly signal?: AbortSignal;
  /** Folder: whether a commit waits for the disk itself. */
  readonly sync?: boolean;
  /** Redis: what the names of all keys begin with. */
  readonly prefix?: string;
  /** Redis: certificates for `rediss`. */
  readonly tls?: ConnectionOptions;
  /** Redis: milliseconds it has to answer. */
  readonly timeout?: number;
}

/**
 * @param name `memory`, the URL of a Redis, or else a folder
 * @throws N2O_CONFIG_OPTION, N2O_STORE_UNAVAILABLE
 */
export async function openStore(name: string, options: StoreOptions = {}): Promise<Store> {
  const { sync, ...rest } = options;
  if (name === 'memory') return createMemoryStore();
  if (isRedisUrl(name)) return connectRedisStore({ url: name, ...rest });
  const { onState } = rest;
  return openFolderStore({
    folder: name,
    ...(sync === undefined ? {} : { sync }),
    ...(onState ? { onState } : {}),
  });
}
