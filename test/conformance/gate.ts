/** A gate in front of a store: what is to be kept passes it, until it is shut for ever. */
import type { Store } from '@n2o/shared';

export interface Gate {
  readonly store: Store;
  /** From now on nothing passes: what is asked for is under way for ever. */
  shut(): void;
}

export function gateTo(store: Store): Gate {
  let isShut = false;
  return {
    store: {
      durable: store.durable,
      commit: (changes, fence) => (isShut ? new Promise(() => {}) : store.commit(changes, fence)),
      get: (group, fields) => store.get(group, fields),
      extent: (group) => store.extent(group),
      range: (group, range) => store.range(group, range),
      entries: (group) => store.entries(group),
      close: () => store.close(),
      [Symbol.asyncDispose]: () => store.close(),
    },
    shut() {
      isShut = true;
    },
  };
}
