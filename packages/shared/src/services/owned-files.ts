/** Files that clients have sent, as server code sees them: listed, looked at, read as streams, removed. */
import type { Identity } from './session.ts';

/**
 * Whose files: the session's of a context, else its client's; a session's by itself; or those of a
 * client that has none. A context is one, and so is an identity.
 */
export type FileOwner =
  | Pick<Identity, 'sid'>
  | {
      readonly client: string;
      readonly session?: {
        identity(): Promise<Pick<Identity, 'sid'> | undefined>;
        /** So that files of a session that has ended are not looked for as the client's. */
        believed?(): Promise<Pick<Identity, 'sid'> | undefined>;
      };
    };

/** What is known of a file that is here as a whole. */
export interface FileInfo {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Of the whole, in hex. */
  readonly sha256: string;
  /** Milliseconds since 1970 when it was complete. */
  readonly at: number;
}

/** Which files of an owner are listed. */
export interface ListOptions {
  /** How many at most, from 1 to 1,000. Default: 100. */
  readonly count?: number;
  /** The name to begin with, or the first one behind it: `next` of the page before. */
  readonly from?: string | undefined;
}

export interface FilePage {
  /** By name, in the order of UTF-16 code units. */
  readonly files: readonly FileInfo[];
  /** Where the next page begins; `undefined` after the last one. */
  readonly next: string | undefined;
}

/** Which bytes of a file are read. */
export interface FileRange {
  /** The first one. Default: 0. */
  readonly offset?: number;
  /** How many, fewer at the end. Default: all. */
  readonly count?: number;
}

/** Each may throw N2O_SERVICE_MISSING where files are not kept, N2O_FILE_NAME, N2O_STORE_UNAVAILABLE. */
export interface OwnedFiles {
  list(owner: FileOwner, options?: ListOptions): Promise<FilePage>;
  /** `undefined` where there is no such file, or not all of it. */
  stat(owner: FileOwner, name: string): Promise<FileInfo | undefined>;
  /**
   * Bytes of a file, a block of at most 256 KiB at a time, each read when it is asked for. All are of
   * one file: where another takes its place meanwhile, or it goes, that is N2O_FILE_UNKNOWN.
   * @throws N2O_FILE_UNKNOWN, N2O_FILE_OFFSET for a range that is none
   */
  read(owner: FileOwner, name: string, range?: FileRange): AsyncIterable<Uint8Array>;
  /** Its room is free at once. Returns whether there was one; a transfer of that name goes on. */
  remove(owner: FileOwner, name: string): Promise<boolean>;
}
