/** Packet identifiers: 1..65535, none in use twice [MQTT-2.3.1-2]. */
export class PacketIds {
  readonly #used = new Set<number>();
  #last: number;

  /**
   * @param start where to begin, 0..65534. A broker may remember the identifiers of an earlier
   *   process with the same client id for a while, so two processes should not begin alike.
   */
  constructor(start: number) {
    this.#last = start;
  }

  /** The next free identifier. There MUST be one: what takes them is bounded far below. */
  take(): number {
    do this.#last = (this.#last % 0xffff) + 1;
    while (this.#used.has(this.#last));
    this.#used.add(this.#last);
    return this.#last;
  }

  free(id: number): void {
    this.#used.delete(id);
  }
}
