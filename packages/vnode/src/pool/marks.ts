/** What a worker leaves behind in shared memory for whoever has to explain its death. */

/** No event is in its synchronous part. */
const NONE = -1;

/** A few words of shared memory: which event the worker is in, which ones it has begun, that it lives. */
export class Marks {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #begun: Uint8Array;

  /** @param source the number of slots, or the memory that the other side made */
  constructor(source: number | SharedArrayBuffer) {
    this.memory = typeof source === 'number' ? new SharedArrayBuffer(8 + source) : source;
    this.#words = new Int32Array(this.memory, 0, 2);
    this.#begun = new Uint8Array(this.memory, 8);
    if (typeof source === 'number') this.#words[0] = NONE;
  }

  get slots(): number {
    return this.#begun.length;
  }

  /** Grows while the worker lives. */
  get pulse(): number {
    return Atomics.load(this.#words, 1);
  }

  /** The slot whose event the worker is in right now, `undefined` for none. */
  get current(): number | undefined {
    const slot = Atomics.load(this.#words, 0);
    return slot === NONE ? undefined : slot;
  }

  hasBegun(slot: number): boolean {
    return this.#begun[slot] === 1;
  }

  clear(slot: number): void {
    this.#begun[slot] = 0;
  }

  enter(slot: number): void {
    this.#words[0] = slot;
    this.#begun[slot] = 1;
    this.beat();
  }

  leave(): void {
    this.#words[0] = NONE;
  }

  beat(): void {
    this.#words[1] = ((this.#words[1] as number) + 1) | 0;
  }
}
