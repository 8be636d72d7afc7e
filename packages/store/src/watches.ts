/** Who wants to know when a group changes next. */
import type { Change } from '@n2o/shared';

/** Who waits, in all; above that, those who watch the group that has been watched for longest are told that it may have changed. */
const MOST = 32_768;
/** Those who watch one group: whoever has forgotten what it read asks again, and is among them twice. */
const MOST_EACH = 64;

export class Watches {
  readonly #groups = new Map<string, (() => void)[]>();
  readonly #most: number;
  #size = 0;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** @param changed called once, at the next change of the group */
  add(group: string, changed: () => void): void {
    if ((this.#groups.get(group)?.length ?? 0) >= MOST_EACH) this.tell(group);
    while (this.#size >= this.#most) this.#tellOldest();
    const watching = this.#groups.get(group);
    if (watching) watching.push(changed);
    else this.#groups.set(group, [changed]);
    this.#size++;
  }

  /** To be called before any reading can see the changes. */
  before(changes: readonly Change[]): void {
    if (this.#size === 0) return;
    for (const { group } of changes) this.tell(group);
  }

  /** A group changes. */
  tell(group: string): void {
    const watching = this.#groups.get(group);
    if (!watching) return;
    this.#groups.delete(group);
    this.#size -= watching.length;
    for (const changed of watching) changed();
  }

  /** Any group may have changed. */
  tellAll(): void {
    while (this.#size > 0) this.#tellOldest();
  }

  #tellOldest(): void {
    const [oldest] = this.#groups.keys();
    if (oldest !== undefined) this.tell(oldest);
  }
}
