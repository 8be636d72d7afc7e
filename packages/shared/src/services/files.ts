/** Files that clients send and fetch: kept per owner, taken up where they broke off, bounded. */

/** Names a transfer: all that is needed to go on with it, in whichever worker. */
export interface TransferKey {
  /** Whose file it is: a session, or a client without one. Owners do not see each other's files. */
  readonly owner: string;
  /** What the client calls the transfer. */
  readonly id: string;
  /** What the file is to be called. */
  readonly name: string;
}

/** A file that is to be sent. */
export interface Announcement extends TransferKey {
  /** Bytes of the whole. */
  readonly size: number;
  /** Tells two files of one name and size apart, such as the time of the last change. */
  readonly fingerprint?: string | undefined;
  /** How much of it the client believes to be here. Beyond what is here, it begins anew. */
  readonly offset?: number | undefined;
}

/** A file that is here as a whole. */
export interface StoredFile {
  /** In Unicode's composed form, whichever the client sent. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Where it lies. */
  readonly path: string;
  /** Of the whole, in hex. */
  readonly sha256: string;
  /** Milliseconds since 1970 when it was complete. */
  readonly at: number;
  /** Whether the application has been told of it, see `accept`. */
  readonly isAccepted: boolean;
}

/** Some of an owner's files. */
export interface FilePart {
  /** The name to begin with, or the first one behind it. */
  readonly from?: string | undefined;
  readonly count?: number;
}

/** Where a transfer stands. */
export interface Standing {
  /** Bytes that are here: the next block begins there. */
  readonly offset: number;
  /** The file, where this transfer has been finished before. */
  readonly file?: StoredFile;
}

/**
 * Every method may throw N2O_FILE_NAME. What is done to one file is done in the order in which it
 * was asked for; bytes that are acknowledged survive the end of the process.
 */
export interface Files {
  /**
   * Whether bytes change hands, so that their memory can be given back: what `append` got is of no
   * more use once it resolves, and what `read` returns is for nobody else. By default not.
   */
  readonly handsOver?: boolean;
  /**
   * Begins a transfer, or goes on with one of the same name, size and fingerprint. A file of that
   * name that is here already stays until this one is complete.
   * @throws N2O_FILE_LIMIT
   */
  begin(announcement: Announcement): Promise<Standing>;
  /**
   * Adds bytes that MUST NOT change afterwards: what of them is here already is left out, and all of
   * them when they begin behind the end. Returns how many bytes are here now.
   * @throws N2O_FILE_UNKNOWN, N2O_FILE_LIMIT when they are more than announced, or the disk is full
   */
  append(key: TransferKey, offset: number, bytes: Uint8Array): Promise<number>;
  /**
   * Puts a complete file into its place. Once it is there it is returned each time.
   * @param sha256 in hex: what the client expects
   * @throws N2O_FILE_UNKNOWN, N2O_FILE_OFFSET while bytes are missing, N2O_FILE_HASH: what came is gone
   */
  finish(key: TransferKey, sha256?: string): Promise<StoredFile>;
  /** The application has been told of the file. */
  accept(owner: string, name: string): Promise<void>;
  /** Forgets what came of a file that is not complete. Idempotent. */
  stop(key: TransferKey): Promise<void>;
  /** @throws N2O_FILE_UNKNOWN */
  find(owner: string, name: string): Promise<StoredFile>;
  /** Up to `count` bytes of a file from `offset` on; fewer at its end. @throws N2O_FILE_UNKNOWN */
  read(owner: string, name: string, offset: number, count: number): Promise<Uint8Array>;
  /** Returns whether there was one. */
  remove(owner: string, name: string): Promise<boolean>;
  /** The files of an owner that are complete, by name; so many from a name on, or all. */
  list(owner: string, part?: FilePart): Promise<readonly StoredFile[]>;
  /** Ends what is under way and closes what is open. Idempotent. */
  close(): Promise<void>;
}
