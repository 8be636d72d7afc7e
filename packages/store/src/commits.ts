/** Group commit in a driver: one turn is made at a time, and commits that come meanwhile make the next. */
import { type Change, type Fence, N2OError, Queue } from '@n2o/shared';

/** A turn takes no further commit above this. */
const TURN_BYTES = 1024 * 1024;
/** A turn of more than this is made in parts, unless a fence holds it together: a crash may come between them. */
const PART: Part = { bytes: 64 * 1024 * 1024, changes: 250_000 };
/** What a change costs beside its bytes, about. */
const CHANGE_BYTES = 64;
/** Bytes of open commits above which the next is refused. */
const LIMIT_BYTES = 128 * 1024 * 1024;

/** How much is made together at most. */
export interface Part {
  readonly bytes: number;
  readonly changes: number;
}

/** What is made together: all of a turn, or a part of a large one. */
export interface Turn {
  /** Of one commit after the other. */
  readonly commits: readonly (readonly Change[])[];
  readonly fence: Fence | undefined;
}

interface OpenTurn extends Turn {
  readonly commits: (readonly Change[])[];
  readonly done: Promise<void>;
  bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

export class Commits {
  readonly #make: (turn: Turn) => Promise<void>;
  readonly #part: Part;
  readonly #waiting = new Queue<OpenTurn>();
  /** The last turn that was asked for: the only one that may still take more. */
  #last: OpenTurn | undefined;
  #running = false;
  #bytes = 0;

  /** @param make makes the changes of a turn, or throws */
  constructor(make: (turn: Turn) => Promise<void>, part: Part = PART) {
    this.#make = make;
    this.#part = part;
  }

  /** @throws N2O_STORE_UNAVAILABLE when too much is open already, and what making them throws */
  commit(changes: readonly Change[], fence?: Fence): Promise<void> {
    if (this.#bytes > LIMIT_BYTES) {
      const detail = `the store is behind: ${this.#bytes} bytes wait to be kept`;
      return Promise.reject(new N2OError('N2O_STORE_UNAVAILABLE', detail));
    }
    const turn = this.#turnFor(fence);
    const bytes = sumOf(changes);
    turn.commits.push(changes);
    turn.bytes += bytes;
    this.#bytes += bytes;
    if (!this.#running) void this.#run();
    return turn.done;
  }

  /** Resolves when all that was asked for up to now is done, well or not; `undefined` when it is. */
  settled(): Promise<void> | undefined {
    return this.#last?.done.catch(() => {});
  }

  #turnFor(fence: Fence | undefined): OpenTurn {
    const last = this.#waiting.size > 0 ? this.#last : undefined;
    if (last && isSame(last.fence, fence) && last.bytes < TURN_BYTES) return last;
    const turn = createTurn(fence);
    this.#waiting.push(turn);
    this.#last = turn;
    return turn;
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let turn = this.#waiting.shift(); turn; turn = this.#waiting.shift()) {
      try {
        for (const part of partsOf(turn, this.#part)) await this.#make(part);
        turn.resolve();
      } catch (error) {
        turn.reject(error);
      }
      this.#bytes -= turn.bytes;
      if (this.#last === turn) this.#last = undefined;
    }
    this.#running = false;
  }
}

function createTurn(fence: Fence | undefined): OpenTurn {
  let resolve = () => {};
  let reject: (error: unknown) => void = () => {};
  const done = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { commits: [], fence, done, bytes: 0, resolve, reject };
}

function isSame(a: Fence | undefined, b: Fence | undefined): boolean {
  return a?.name === b?.name && a?.epoch === b?.epoch;
}

function* partsOf(turn: OpenTurn, most: Part): Generator<Turn> {
  const { commits, fence } = turn;
  if (fence || turn.bytes <= most.bytes) {
    yield turn;
    return;
  }
  let part: Change[] = [];
  let bytes = 0;
  for (const changes of commits) {
    for (const change of changes) {
      part.push(change);
      bytes += sizeOf(change);
      if (bytes < most.bytes && part.length < most.changes) continue;
      yield { commits: [part], fence };
      part = [];
      bytes = 0;
    }
  }
  yield { commits: [part], fence };
}

function sumOf(changes: readonly Change[]): number {
  let bytes = 0;
  for (const change of changes) bytes += sizeOf(change);
  return bytes;
}

function sizeOf(change: Change): number {
  return CHANGE_BYTES + ('value' in change ? (change.value?.length ?? 0) : 0);
}
