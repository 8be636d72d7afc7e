/** What the services of a worker are built on: the main thread has it, and is asked over the port. */
import type { Logger } from '@n2o/shared';
import { createRemoteStore } from '@n2o/store';
import type { Resources } from '../resources.ts';
import { RemoteBus } from './bus.ts';
import type { BusAnswer, BusRequest } from './bus-words.ts';

/** Worker: a request to the store, or to the bus. */
export type Asked = { readonly store: Uint8Array } | { readonly bus: BusRequest };

/** Main: what they said. */
export type Told = { readonly storeSaid: Uint8Array } | { readonly busSaid: BusAnswer };

export interface RemoteResources extends Resources {
  /** The main thread has said something. */
  hear(told: Told): void;
}

/** What has to be known of the store of the main thread. */
export interface StoreKind {
  readonly durable: boolean;
  /** Whether its groups can be followed. */
  readonly follows: boolean;
}

/**
 * @param say the memory is the main thread's afterwards; MUST NOT overtake settlements, since what
 *            is said then comes after them
 */
export function createRemoteResources(
  kind: StoreKind,
  say: (asked: Asked, memory: readonly ArrayBuffer[]) => void,
  log: Logger,
): RemoteResources {
  const store = createRemoteStore(
    {
      send: (request) => say({ store: request }, [request.buffer as ArrayBuffer]),
      close: () => Promise.resolve(),
    },
    kind,
  );
  const bus = new RemoteBus((request, memory) => say({ bus: request }, memory), log);
  return {
    store,
    bus,
    hear(told) {
      if ('busSaid' in told) bus.hear(told.busSaid);
      else store.hear(told.storeSaid);
    },
  };
}
