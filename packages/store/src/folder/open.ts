/** Opens a folder; the library of its database is loaded only then. */
import type { Store } from '@n2o/shared';
import type { FolderStoreOptions } from './store.ts';

/** @throws N2O_STORE_UNAVAILABLE */
export async function openFolderStore(options: FolderStoreOptions): Promise<Store> {
  const folder = await import('./store.ts');
  return folder.openFolderStore(options);
}
