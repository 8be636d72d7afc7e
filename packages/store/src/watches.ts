/** Who wants to know when a group changes next. */
import type { Change } from '@n2o/shared';

/** Groups that are watched; above that, whoever watches the oldest is told that it may have changed. */
const MOST = 65_536;
/** Those who watch one group: whoever has forgotten what it read asks again, and is among them twice. */
const MOST_EACH = 64;

export class Watches {
  readonly #groups = new Map<string, (() => void)[]>();
  readonly #most: number;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  /** Groups that are watched. */
  get size(): number {
    return this.#groups.size;
  }

  /** @param changed called once, at the next change of the group */
  add(group: string, changed: () => void): void {
    const watching = this.#groups.get(group);
    if (watching && watching.length < MOST_EACH) {
      watching.push(changed);
      return;
    }
    this.tell(group);
    if (this.#groups.size >= this.#most) {
      const [oldest] = this.#groups.keys();
      if (oldest !== undefined) this.tell(oldest);
    }
    this.#groups.set(group, [changed]);
  }

  /** To be called before any reading can see the changes. */
  before(changes: readonly Change[]): void {
    if (this.#groups.size === 0) return;
    for (const { group } of changes) this.tell(group);
  }

  /** A group changes. */
  tell(group: string): void {
    const watching = this.#groups.get(group);
    if (!watching) return;
    this.#groups.delete(group);
    for (const changed of watching) changed();
  }
}
