/** A vnode host that keeps what it remembers in the store of its broker. */
import { createMemoryStore } from '@n2o/store';
import { type BrokerStoreOptions, connectBrokerStore } from '@n2o/vnode';
import type { Keeping } from '../keeping.ts';

/**
 * Resolves when the broker is there and its store has answered. A standard broker has none: then
 * the host remembers for itself, and says so.
 * @throws N2O_HOST_CLOSED when it is given up, N2O_LINK_REFUSED
 */
export async function keepAtBroker(options: BrokerStoreOptions): Promise<Keeping> {
  const found = await connectBrokerStore(options);
  if (!found) {
    options.log.warn(
      {},
      'the broker has no store for hosts: only this host knows which keyed events it has run; --store redis://… tells all of them',
    );
  }
  const store = found ?? createMemoryStore();
  return { store, notReady: () => undefined, close: () => store.close() };
}
