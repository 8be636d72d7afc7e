/** A vnode host that keeps what it remembers in the store of its broker. */
import type { Store } from '@n2o/shared';
import { createMemoryStore } from '@n2o/store';
import { type BrokerStoreOptions, connectBrokerStore } from '@n2o/vnode';
import { type Keeping, UNREACHABLE } from '../keeping.ts';

/** Milliseconds from one look at the store of the broker to the next. */
const LOOK = 2_000;

/**
 * Resolves when the broker is there and its store has answered. A standard broker has none: then
 * the host remembers for itself, and says so.
 * @throws N2O_HOST_CLOSED when it is given up, N2O_LINK_REFUSED
 */
export async function keepAtBroker(options: BrokerStoreOptions): Promise<Keeping> {
  const store = await connectBrokerStore(options);
  if (store) return lookedAfter(store);
  options.log.warn(
    {},
    'the broker has no store for hosts: only this host knows which keyed events it has run; --store redis://… tells all of them',
  );
  const own = createMemoryStore();
  return { store: own, notReady: () => undefined, close: () => own.close() };
}

/** The connection tells nothing of what is behind the broker: that is asked now and then. */
function lookedAfter(store: Store): Keeping {
  let isDown = false;
  let isAsked = false;
  const look = async () => {
    if (isAsked) return;
    isAsked = true;
    isDown = await store.get('look', ['there']).then(
      () => false,
      () => true,
    );
    isAsked = false;
  };
  const looking = setInterval(look, LOOK).unref();
  return {
    store,
    notReady: () => (isDown ? UNREACHABLE : undefined),
    close() {
      clearInterval(looking);
      return store.close();
    },
  };
}
