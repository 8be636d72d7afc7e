/** Connects to a Redis; its library is loaded only then. */
import type { Store } from '@n2o/shared';
import type { RedisStoreOptions } from './store.ts';

/**
 * Resolves when there is a connection, and tries until then.
 * @throws N2O_CONFIG_OPTION when the URL is not of one of the forms, N2O_STORE_UNAVAILABLE when the signal ends it
 */
export async function connectRedisStore(options: RedisStoreOptions): Promise<Store> {
  const redis = await import('./store.ts');
  return redis.connectRedisStore(options);
}
