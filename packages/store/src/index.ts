/** N2O's stores: what outlives a process. */
export { openFolderStore } from './folder/open.ts';
export type { FolderStoreOptions } from './folder/store.ts';
export { Journal, type JournalOptions } from './journal.ts';
export { createMemoryStore } from './memory.ts';
export { createNearStore } from './near.ts';
export { openStore, type StoreOptions } from './open.ts';
export { isRedisUrl } from './redis/address.ts';
export { connectRedisStore } from './redis/connect.ts';
export type { RedisStoreOptions } from './redis/store.ts';
export { serveStore } from './remote/serve.ts';
export {
  type Carrier,
  createRemoteStore,
  type RemoteStore,
  type RemoteStoreOptions,
} from './remote/store.ts';
export { LONGEST } from './remote/term.ts';
