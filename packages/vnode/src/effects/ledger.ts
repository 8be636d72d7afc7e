/** What the effects of one vnode are kept under: who owns it, and which of them are still to be kept. */
import { type Change, type Fence, N2OError, type Store } from '@n2o/shared';
import { ownerOf } from './layout.ts';
import type { Held } from './line.ts';

/** How events end whose effects came to nothing: somebody asks again, or another host answers. */
export type Verdict = 'busy' | 'lost';

export class Ledger {
  readonly vnode: number;
  readonly #store: Store;
  readonly #epochOf: (vnode: number) => number | undefined;
  /** Wait for the next commit. */
  gathered: Held[] = [];
  isCommitting = false;
  /** What rests on this reading of a record, or on an earlier one, is worth nothing any more. */
  floor = 0;
  verdict: Verdict = 'busy';
  /** Whether the last commit failed. */
  isFailing = false;
  #epoch: number | undefined;
  #claim: Promise<void> | undefined;

  constructor(vnode: number, store: Store, epochOf: (vnode: number) => number | undefined) {
    this.vnode = vnode;
    this.#store = store;
    this.#epochOf = epochOf;
  }

  /** Whether the vnode has changed hands since what is known of its clients was read. */
  get isOutdated(): boolean {
    return this.#claim !== undefined && this.#epochOf(this.vnode) !== this.#epoch;
  }

  /** How what came to nothing ends: an owner that has become owner again answers, any other does not. */
  get ending(): Verdict {
    const epoch = this.#epochOf(this.vnode);
    return epoch === undefined || epoch === this.#epoch ? 'lost' : 'busy';
  }

  /**
   * Makes sure, before anything is read, that no earlier owner changes it any more.
   * @throws N2O_STORE_FENCED, N2O_STORE_UNAVAILABLE
   */
  claim(): Promise<void> {
    this.#claim ??= this.#claimNow().catch((thrown) => {
      this.#claim = undefined;
      throw thrown;
    });
    return this.#claim;
  }

  /** Nothing of what was read up to now is believed any more. */
  disown(floor: number, verdict: Verdict): void {
    this.floor = floor;
    this.verdict = verdict;
    this.#claim = undefined;
  }

  /** @throws N2O_STORE_FENCED, N2O_STORE_UNAVAILABLE */
  commit(changes: readonly Change[]): Promise<void> {
    return this.#store.commit(changes, this.#fence);
  }

  get #fence(): Fence | undefined {
    const epoch = this.#epoch;
    return epoch === undefined ? undefined : { name: ownerOf(this.vnode), epoch };
  }

  async #claimNow(): Promise<void> {
    const epoch = this.#epochOf(this.vnode);
    // It was ours, and is not any more.
    if (epoch === undefined && this.#epoch !== undefined) throw new N2OError('N2O_STORE_FENCED');
    this.#epoch = epoch;
    if (epoch === undefined) return;
    const value = new TextEncoder().encode(String(epoch));
    await this.commit([{ group: ownerOf(this.vnode), field: 'epoch', value }]);
  }
}
