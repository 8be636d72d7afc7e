/** Under which epochs a host owns vnodes that others have served meanwhile, where nobody tells it: one above theirs. */
import { type Logger, type Store, textOf } from '@n2o/shared';
import { ownerOf } from './layout.ts';

export class OwnEpochs {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #epochs = new Map<number, number>();

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** `undefined` while nobody else has served the vnode. */
  of(vnode: number): number | undefined {
    return this.#epochs.get(vnode);
  }

  /** The highest epoch that the store knows; 0 for none. @throws N2O_STORE_UNAVAILABLE */
  async highest(vnode: number): Promise<number> {
    const [epoch] = await this.#store.get(ownerOf(vnode), ['epoch']);
    return epoch ? Number(textOf(epoch)) : 0;
  }

  /** The vnode is this host's again: who had it before changes nothing any more. */
  async raise(vnode: number): Promise<void> {
    try {
      const epoch = await this.highest(vnode);
      // Without one, whoever had it has changed nothing.
      if (epoch > 0) this.#epochs.set(vnode, epoch + 1);
    } catch (error) {
      this.#log.warn({ err: error, vnode }, 'the epoch of a vnode could not be read');
    }
  }
}
