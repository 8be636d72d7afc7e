/** Starts the files of a worker: the folder, its bounds, and the clearing of what nobody went on with. */
import { type Files, type Logger, reason } from '@n2o/shared';
import { DiskFiles } from './files.ts';
import { Handles } from './handles.ts';
import { type FileLimits, Incoming } from './incoming.ts';
import { sweep } from './sweep.ts';

/** The bounds of files where none are given. */
export const FILE_LIMITS = {
  maxBytes: 2 * 2 ** 30,
  quotaBytes: 4 * 2 ** 30,
  quotaCount: 1_000,
  /** Milliseconds that what has arrived of a file is kept without anything being added. */
  ttl: 86_400_000,
} as const;

/** Files that stay open in a worker, and that are worked on at once. */
const OPEN_FILES = 64;
/** How often it is looked for what is to be cleared, per `ttl`. */
const SWEEPS = 4;
/** The longest that a timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

export interface FilesOptions extends Partial<FileLimits> {
  /** Where the files lie; made when the first one comes. Workers and hosts may share it. */
  readonly folder: string;
  readonly ttl?: number;
  /** Milliseconds since 1970; by default the system's clock. */
  readonly now?: () => number;
  readonly log: Logger;
}

/** Folder and bounds of files: plain data, which travels to a thread. */
export type FileSettings = Omit<FilesOptions, 'now' | 'log'>;

/** Makes the service; it does nothing before it is used, but clears what is stale. */
export function createFiles({ folder, now = Date.now, log, ...options }: FilesOptions): Files {
  const { ttl, ...limits } = { ...FILE_LIMITS, ...options };
  const handles = new Handles(OPEN_FILES);
  const incoming = new Incoming({ folder, handles, now, ...limits });
  const clear = () => {
    sweep(folder, now() - ttl).catch((thrown) => {
      log.warn({ err: thrown }, `stale files could not be cleared: ${reason(thrown)}`);
    });
  };
  const timer = setInterval(clear, Math.min(LONGEST, Math.max(1_000, ttl / SWEEPS)));
  timer.unref();
  clear();
  return new DiskFiles({ folder, handles, incoming, closed: () => clearInterval(timer) });
}
