/** N2O's stores: what outlives a process. */
export { type FolderStoreOptions, openFolderStore } from './folder/store.ts';
export { Journal, type JournalOptions } from './journal.ts';
export { createMemoryStore } from './memory.ts';
export { openStore, type StoreOptions } from './open.ts';
export { connectRedisStore, type RedisStoreOptions } from './redis/store.ts';
export { serveStore } from './remote/serve.ts';
export { type Carrier, createRemoteStore, type RemoteStore } from './remote/store.ts';
