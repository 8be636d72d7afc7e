/** The rare messages between main thread and worker, beside the packed records. */
import type { ErrorCode, Logger, LogLevels } from '@n2o/shared';
import type { EffectLimits, Kept } from '../effects/effect.ts';
import type { FileSettings } from '../files/create-files.ts';
import type { ServiceSettings } from '../services/settings.ts';
import type { Asked, StoreKind, Told } from './resources.ts';

/** What a worker is started with. */
export interface WorkerSettings {
  /** Folder of the application's modules. */
  readonly folder: string;
  /** Protocols in their order: built-in names, or paths of modules. */
  readonly protocols: readonly string[];
  /** Milliseconds per event. */
  readonly deadline: number;
  /** Events that may wait behind one client's present one. */
  readonly mailboxLimit: number;
  /** Whether error frames carry the text of what a handler threw. */
  readonly exposeErrors: boolean;
  /** Address of N2O's own browser files. */
  readonly browserFiles: string | undefined;
  /** Names under which applications import this project → files. */
  readonly alias: Readonly<Record<string, string>>;
  /** Milliseconds between two signs of life. */
  readonly pulse: number;
  /** Bounds of what is kept and known; `undefined` when nothing is kept. */
  readonly effects: EffectLimits | undefined;
  /** Of what kind the store is that the main thread has for services, beside a bus. */
  readonly resources: StoreKind | undefined;
  /** Which services are built on those. */
  readonly services: ServiceSettings | undefined;
  /** Where files lie that clients send, and their bounds. */
  readonly files: FileSettings | undefined;
  /** What is logged when it starts. */
  readonly levels: LogLevels;
  readonly marks: SharedArrayBuffer;
}

/** One of the rare messages. */
export type Control =
  /** Worker: modules are loaded, events may come. */
  | { readonly ready: true }
  /** Worker: it could not start, and why. */
  | { readonly failed: ErrorCode; readonly message: string }
  | {
      readonly log: keyof Logger;
      readonly fields: object;
      readonly text: string;
    }
  /** Main: this is logged from now on. */
  | { readonly levels: LogLevels }
  /** Main: load the modules anew. */
  | { readonly reload: true }
  /** Worker: it did, or why not. */
  | {
      readonly reloaded: {
        readonly failed?: { readonly code: ErrorCode; readonly message: string };
      };
    }
  /** Worker: what is kept of this client? */
  | { readonly load: string; readonly vnode: number; readonly ticket: number }
  /** Main: that is, or why nobody can tell. */
  | { readonly loaded: Kept | ErrorCode; readonly ticket: number }
  | Asked
  | Told
  /** Main: believe nothing any more of what is kept of the clients of this vnode. */
  | { readonly forget: number }
  /** Main: end what is under way, then exit. */
  | { readonly close: true };
