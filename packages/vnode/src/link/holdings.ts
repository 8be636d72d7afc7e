/** The vnodes of a host: which it claims, serves and gives away, by what is recorded and what is its share. */
import type { Logger } from '@n2o/shared';
import { judge, nextEpoch, stepFor } from './shares.ts';
import type { Tenure } from './tenure.ts';
import { type Ownership, ownershipTopic } from './words.ts';

export interface HoldingsParts {
  /** This host. */
  readonly me: string;
  readonly vnodes: number;
  /** Milliseconds that an owner who is there may take to give a vnode away. */
  readonly patience: number;
  readonly log: Logger;
  begin(vnode: number, epoch: number): Tenure;
  /** The vnode is this host's no more. */
  ended(vnode: number): void;
  /** All vnodes have been looked at. */
  decided(): void;
  isThere(host: string): boolean;
  /** Publishes a retained message. */
  say(topic: string, payload: string): void;
}

export class Holdings {
  readonly #parts: HoldingsParts;
  readonly #records = new Map<number, Ownership>();
  readonly #tenures = new Map<number, Tenure>();
  /** Those that are being given away. */
  readonly #leaving = new Map<number, Promise<void>>();
  /** Since when a vnode is waited for, in milliseconds of a monotonic clock. */
  readonly #since = new Map<number, number>();
  #share: ReadonlySet<number> = new Set();
  #active = false;

  constructor(parts: HoldingsParts) {
    this.#parts = parts;
  }

  get tenures(): Iterable<Tenure> {
    return this.#tenures.values();
  }

  /** The vnodes that are served. */
  get serving(): number[] {
    const serving = [...this.#tenures.values()].filter((tenure) => tenure.serving);
    return serving.map(({ vnode }) => vnode).sort((a, b) => a - b);
  }

  /** Whether all of the share is served and nothing else is held. */
  get complete(): boolean {
    if (!this.#active || this.#tenures.size !== this.#share.size) return false;
    return this.serving.length === this.#share.size;
  }

  /** The epoch with which a vnode is held; `undefined` if it is not. */
  epochOf(vnode: number): number | undefined {
    return this.#tenures.get(vnode)?.epoch;
  }

  /** What is known may be out of date: nothing is decided before `decide`. */
  doubt(): void {
    this.#active = false;
    this.#records.clear();
  }

  /** All records have been heard: says again what they lack. */
  heardAll(): void {
    for (const { vnode, epoch } of this.#tenures.values()) {
      const verdict = judge(this.#parts.me, epoch, this.#records.get(vnode));
      if (verdict === 'stale') this.#say(vnode, { host: this.#parts.me, epoch });
    }
  }

  /** Goes by this share from now on. */
  decide(share: ReadonlySet<number>): void {
    this.#share = share;
    this.#active = true;
    this.review();
    this.#parts.decided();
  }

  /** Looks at all vnodes again. */
  review(): void {
    for (let vnode = 1; vnode <= this.#parts.vnodes; vnode++) this.#review(vnode);
  }

  /** A record was heard. */
  recorded(vnode: number, ownership: Ownership | undefined): void {
    if (vnode > this.#parts.vnodes) return;
    if (ownership) this.#records.set(vnode, ownership);
    else this.#records.delete(vnode);
    const tenure = this.#tenures.get(vnode);
    if (tenure) this.#judge(tenure, ownership);
    this.#review(vnode);
  }

  /** The store has known an owner of a higher epoch, whom no record names: claims the vnode again, above that. */
  outbid(tenure: Tenure, epoch: number): void {
    const { vnode } = tenure;
    if (epoch <= tenure.epoch || !this.#active || this.#leaving.has(vnode)) return;
    if (!this.#end(tenure)) return;
    tenure.lose();
    this.#claim(vnode, { host: this.#parts.me, epoch });
  }

  /** Gives all vnodes away; resolves when they are. */
  async leaveAll(): Promise<void> {
    this.#share = new Set();
    for (const tenure of this.#tenures.values()) this.#leave(tenure);
    await Promise.all(this.#leaving.values());
  }

  /** Drops all vnodes where they stand. */
  loseAll(): void {
    for (const tenure of this.#tenures.values()) this.#lose(tenure);
  }

  #judge(tenure: Tenure, ownership: Ownership | undefined): void {
    const { me } = this.#parts;
    const { vnode, epoch, confirmed } = tenure;
    switch (judge(me, epoch, ownership)) {
      case 'mine':
        tenure.confirm();
        break;
      case 'lost':
        this.#lose(tenure);
        break;
      case 'stale':
        // A claim that is still on its way will come behind it.
        if (confirmed && this.#active) this.#say(vnode, { host: me, epoch });
    }
  }

  #review(vnode: number): void {
    if (!this.#active || this.#leaving.has(vnode)) return;
    const { me, patience, isThere } = this.#parts;
    const recorded = this.#records.get(vnode);
    const tenure = this.#tenures.get(vnode);
    const step = stepFor({
      me,
      wanted: this.#share.has(vnode),
      epoch: tenure?.epoch,
      recorded,
      ownerIsThere: recorded !== undefined && isThere(recorded.host),
      waited: performance.now() - (this.#since.get(vnode) ?? performance.now()),
      patience,
    });
    if (step === 'wait') {
      if (!this.#since.has(vnode)) this.#since.set(vnode, performance.now());
      return;
    }
    this.#since.delete(vnode);
    if (step === 'claim') this.#claim(vnode, recorded);
    else if (step === 'leave' && tenure) this.#leave(tenure);
    else if (step === 'free' && recorded) this.#say(vnode, { host: '', epoch: recorded.epoch });
  }

  #claim(vnode: number, recorded: Ownership | undefined): void {
    const epoch = nextEpoch(recorded, Date.now());
    this.#tenures.set(vnode, this.#parts.begin(vnode, epoch));
    this.#parts.log.info({ vnode, epoch }, 'vnode claimed');
    this.#say(vnode, { host: this.#parts.me, epoch });
  }

  #leave(tenure: Tenure): void {
    const { vnode, epoch } = tenure;
    const left = tenure.leave().then(() => {
      this.#leaving.delete(vnode);
      // It may have been lost meanwhile.
      if (this.#end(tenure)) {
        this.#parts.log.info({ vnode, epoch }, 'vnode given away');
        this.#say(vnode, { host: '', epoch });
      }
      this.#review(vnode);
    });
    this.#leaving.set(vnode, left);
  }

  #lose(tenure: Tenure): void {
    const { vnode, epoch } = tenure;
    if (!this.#end(tenure)) return;
    tenure.lose();
    const { host = '' } = this.#records.get(vnode) ?? {};
    this.#parts.log.warn({ vnode, epoch, to: host }, 'vnode lost');
  }

  /** Whether it had not ended before. */
  #end(tenure: Tenure): boolean {
    if (this.#tenures.get(tenure.vnode) !== tenure) return false;
    this.#tenures.delete(tenure.vnode);
    this.#parts.ended(tenure.vnode);
    return true;
  }

  #say(vnode: number, ownership: Ownership): void {
    this.#records.set(vnode, ownership);
    this.#parts.say(ownershipTopic(vnode), JSON.stringify(ownership));
  }
}
