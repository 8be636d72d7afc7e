/** Who is there: the hosts of a cluster, as far as they were heard of lately. */
import type { Presence } from './words.ts';

export interface RosterLimits {
  /** Milliseconds that a host may be silent. */
  readonly silence: number;
  /** Milliseconds within which a host must speak for itself of which only a retained message tells. */
  readonly hearsay: number;
}

interface Entry {
  readonly presence: Presence;
  /** It has spoken for itself. */
  readonly live: boolean;
  readonly until: number;
}

/** Times are milliseconds of any clock that only goes forward. */
export class Roster {
  readonly #limits: RosterLimits;
  readonly #hosts = new Map<string, Entry>();

  constructor(limits: RosterLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#hosts.size;
  }

  get presences(): Presence[] {
    return [...this.#hosts.values()].map(({ presence }) => presence);
  }

  get(host: string): Presence | undefined {
    return this.#hosts.get(host)?.presence;
  }

  /** Whether the host has spoken for itself. */
  isLive(host: string): boolean {
    return this.#hosts.get(host)?.live ?? false;
  }

  /**
   * A presence was heard.
   * @param live said just now, not retained from earlier
   * @returns whether anything is different now
   */
  hear(presence: Presence, live: boolean, now: number): boolean {
    const { host, instance, state, vnodes } = presence;
    const known = this.#hosts.get(host);
    const isNews =
      known?.presence.instance !== instance ||
      known.presence.state !== state ||
      known.presence.vnodes !== vnodes;
    const { silence, hearsay } = this.#limits;
    // What is retained is no sign of life: it says nothing new of who is known.
    if (!live && !isNews) return false;
    this.#hosts.set(host, { presence, live, until: now + (live ? silence : hearsay) });
    return isNews;
  }

  /** The presence of a host was removed. @returns whether it was there */
  remove(host: string): boolean {
    return this.#hosts.delete(host);
  }

  /** The connection was broken for a while: all that is known is hearsay now. */
  doubt(now: number): void {
    for (const [host, { presence }] of this.#hosts) {
      this.#hosts.set(host, { presence, live: false, until: now + this.#limits.hearsay });
    }
  }

  /** Removes who has been silent for too long. @returns their names */
  expire(now: number): string[] {
    const gone = [...this.#hosts].filter(([, { until }]) => until <= now).map(([host]) => host);
    for (const host of gone) this.#hosts.delete(host);
    return gone;
  }
}
