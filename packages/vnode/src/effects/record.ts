/** What is known of one client: its remembered replies and its states. */
import type { Outcome } from '@n2o/shared';
import type { EffectLimits, Kept, Remembered } from './effect.ts';

/** Bytes that a reply costs beside its own. */
const OVERHEAD = 200;

/** After this part of its time, what is remembered lives it anew with the next reply. */
export const RENEWAL = 1 / 8;

export class ClientRecord {
  readonly belief: number;
  readonly vnode: number;
  readonly #limits: EffectLimits;
  /** The oldest first. */
  readonly #replies = new Map<string, Remembered>();
  readonly #states: Map<string, Uint8Array>;
  #replyBytes = 0;
  #stateBytes = 0;
  #renewed = Number.NEGATIVE_INFINITY;

  constructor(kept: Kept, vnode: number, limits: EffectLimits) {
    this.belief = kept.belief;
    this.vnode = vnode;
    this.#limits = limits;
    const replies = [...kept.replies].sort(([, a], [, b]) => a.at - b.at);
    for (const [name, reply] of replies) this.#add(name, reply);
    this.#states = new Map(kept.states);
    for (const value of this.#states.values()) this.#stateBytes += value.length;
  }

  /** Bytes that it takes, about. */
  get bytes(): number {
    return OVERHEAD + this.#replyBytes + this.#stateBytes;
  }

  /** The reply that is remembered under a name, if its time is not up. */
  recall(name: string, now: number): Remembered | undefined {
    const reply = this.#replies.get(name);
    return reply !== undefined && !this.#isOver(reply, now) ? reply : undefined;
  }

  /** Remembers a reply; returns the names of those that had to go for it. */
  remember(name: string, outcome: Outcome, bytes: Uint8Array, now: number): string[] {
    this.#remove(name);
    // A copy: what is encoded is a part of a larger piece of memory, which would stay with it.
    this.#add(name, { outcome, bytes: new Uint8Array(bytes), at: now });
    const evicted: string[] = [];
    const { effectCount, effectBytes } = this.#limits;
    for (const [oldest, reply] of this.#replies) {
      const tooMuch = this.#replies.size > effectCount || this.#replyBytes > effectBytes;
      if (oldest === name || !(tooMuch || this.#isOver(reply, now))) break;
      this.#remove(oldest);
      evicted.push(oldest);
    }
    return evicted;
  }

  stateOf(module: string): Uint8Array | undefined {
    return this.#states.get(module);
  }

  setState(module: string, value: Uint8Array | undefined): void {
    this.#stateBytes -= this.#states.get(module)?.length ?? 0;
    if (value === undefined) {
      this.#states.delete(module);
      return;
    }
    this.#states.set(module, value);
    this.#stateBytes += value.length;
  }

  /** Does what is remembered have to live its time anew? If so, it is taken for done. */
  renew(now: number): boolean {
    if (now - this.#renewed < this.#limits.effectTtl * RENEWAL) return false;
    this.#renewed = now;
    return true;
  }

  #isOver({ at }: Remembered, now: number): boolean {
    return at + this.#limits.effectTtl <= now;
  }

  #add(name: string, reply: Remembered): void {
    this.#replies.set(name, reply);
    this.#replyBytes += OVERHEAD + reply.bytes.length;
  }

  #remove(name: string): void {
    const reply = this.#replies.get(name);
    if (reply === undefined) return;
    this.#replies.delete(name);
    this.#replyBytes -= OVERHEAD + reply.bytes.length;
  }
}
