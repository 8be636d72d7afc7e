/** What a worker leaves behind in shared memory for whoever has to explain its death. */

/** No event is in its synchronous part. */
const NONE = -1;

/** Which event the worker is in, that it lives, how many clients it knows, and how much that takes. */
const WORDS = 4;

/** Sizes are told in this many bytes. */
const KIB = 1_024;

/** A few words of shared memory: which event the worker is in, which ones it has begun, that it lives. */
export class Marks {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #begun: Uint8Array;

  /** @param source the number of slots, or the memory that the other side made */
  constructor(source: number | SharedArrayBuffer) {
    this.memory = typeof source === 'number' ? new SharedArrayBuffer(WORDS * 4 + source) : source;
    this.#words = new Int32Array(this.memory, 0, WORDS);
    this.#begun = new Uint8Array(this.memory, WORDS * 4);
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

  /** What the worker knows of its clients: how many they are, and in how many bytes. */
  get known(): { readonly clients: number; readonly bytes: number } {
    const [clients, size] = [2, 3].map((word) => Atomics.load(this.#words, word));
    return { clients: clients as number, bytes: (size as number) * KIB };
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

  know({ clients, bytes }: Marks['known']): void {
    this.#words[2] = clients;
    this.#words[3] = Math.ceil(bytes / KIB);
  }
}
