/** What outlives a process: groups of named values, changed in the order of asking. */

/** One change; a repetition of it changes nothing more. */
export type Change =
  /** Keeps a value under a name of a group; `undefined` removes it. */
  | { readonly group: string; readonly field: string; readonly value: Uint8Array | undefined }
  /** Removes a group with all in it. */
  | { readonly group: string; readonly drop: true }
  /**
   * Removes a group in so many milliseconds, unless its time is set again before or it is dropped;
   * `Infinity`: never; 0 and below: at once. Whether it holds for a group that has nothing in it now, or has lost all that
   * was in it since, is open: set it after the last change.
   */
  | { readonly group: string; readonly lifetime: number };

/** Keeps out who was owner once: the store knows the highest epoch that was said under a name. */
export interface Fence {
  readonly name: string;
  /** From 1 on. */
  readonly epoch: number;
}

/** How much is in a group. */
export interface Extent {
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** What the names of groups begin with that are kept in order: those that `range` reads. */
export const ORDERED = 'ordered/';

/** Bytes of values above which `range` returns no more. */
export const RANGE_BYTES = 1024 * 1024;

/** Which entries of a group, from one of its ends on. */
export interface Range {
  /** The field behind which it begins; it need not be there. Without one it begins at the end of the group. */
  readonly from?: string | undefined;
  /** At most so many. */
  readonly count: number;
  /** From the last to the first. Default: false. */
  readonly reverse?: boolean | undefined;
}

/** Reads values by their names, and calls `changed` once, when the group changes next. */
export type Follow = (
  group: string,
  fields: readonly string[],
  changed: () => void,
) => Promise<readonly (Uint8Array | undefined)[]>;

/**
 * A store. Names of groups and fields are text without NUL, that of a group is not empty; fields of
 * a group have the order of their UTF-8 bytes. A group is there while something is in it. In a
 * cluster of Redis, what stands in braces in the name of a group, or of a fence, decides where it
 * lies: those that are changed under one fence MUST have the same text there.
 */
export interface Store extends AsyncDisposable {
  /** Whether what was committed outlives this process. */
  readonly durable: boolean;
  /**
   * Makes changes; resolves when they are kept. MUST make them in the order given, and those of one
   * call after those of earlier calls. Those of one call are kept all or none whatever dies
   * meanwhile, unless they take more than 64 MiB or lie on several servers of a cluster. When it
   * rejects, some or none were made: asking again is harmless. Values MUST NOT be changed afterwards
   * by anyone. A fence is raised also by a commit without changes; with a fence, all changes are made
   * or none.
   * @throws N2O_STORE_UNAVAILABLE; N2O_STORE_FENCED when the fence's epoch is below the highest known,
   * and N2O_STORE_LIMIT when it is more than can be sent to the store at once: nothing was changed
   */
  commit(changes: readonly Change[], fence?: Fence): Promise<void>;
  /** Values by their names, `undefined` where there is none. MUST see all commits asked for before. @throws N2O_STORE_UNAVAILABLE, N2O_STORE_LIMIT */
  get(group: string, fields: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * As `get`, and calls back once when the group changes next, which may be before it resolves: until
   * then the values stay as they are. There only where all changes go through this process; what is
   * told comes in their order.
   * @throws N2O_STORE_UNAVAILABLE, N2O_STORE_LIMIT
   */
  readonly follow?: Follow | undefined;
  /** How many wait for the next change of a group, by `follow`. */
  readonly watches?: { readonly size: number } | undefined;
  /**
   * First and last field of a group and their number; `undefined` when there is no group. May take
   * time for large ones, less where they are kept in order.
   * @throws N2O_STORE_UNAVAILABLE
   */
  extent(group: string): Promise<Extent | undefined>;
  /**
   * Some of a group in the order of its fields: fewer than `count` only where there are no more, or
   * where the values returned have `RANGE_BYTES` together. MUST see all commits asked for before, and
   * cost no more for a group that has more in it.
   * @throws N2O_STORE_UNAVAILABLE, N2O_STORE_ORDER when the name of the group does not begin with `ORDERED`
   */
  range(
    group: string,
    range: Range,
  ): Promise<readonly (readonly [field: string, value: Uint8Array])[]>;
  /**
   * All of a group, some at a time and in any order. What is changed meanwhile may be in it or not;
   * a field may come twice.
   * @throws N2O_STORE_UNAVAILABLE
   */
  entries(group: string): AsyncIterable<readonly (readonly [field: string, value: Uint8Array])[]>;
  /** Lets what was asked for end, then closes: what is asked for later is rejected. Idempotent. */
  close(): Promise<void>;
}
