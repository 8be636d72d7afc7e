/** A host: the workers of one process, and which of them serves which vnode. */
import { availableParallelism } from 'node:os';
import { type Bus, type Link, LogDial, type Logger, type Store } from '@n2o/shared';

import type { EffectLimits } from './effects/effect.ts';
import { OwnEpochs } from './effects/own-epochs.ts';
import type { FileSettings } from './files/create-files.ts';
import { hostInWorkers } from './hosting/workers.ts';
import type { ThreadStatus } from './pool/thread.ts';
import { DEFAULT_PROTOCOLS } from './protocols/defaults.ts';
import type { ServiceSettings } from './services/settings.ts';

export interface HostOptions extends Partial<EffectLimits> {
  /** Folder of the application's modules. */
  readonly folder: string;
  /** Threads; 0 runs the handlers in this one. Default: cores less one, at least 1. */
  readonly workers?: number;
  /** Protocols in their order: built-in names, or paths of modules. */
  readonly protocols?: readonly string[];
  /** Milliseconds until an event that has no answer is answered with an error. */
  readonly deadline?: number;
  /** Events that may wait behind one client's present one. */
  readonly mailboxLimit?: number;
  /** Events that one worker may have at once. */
  readonly slots?: number;
  /** Milliseconds that one event may hold up its thread before the thread is ended; 0 for ever. */
  readonly watchdog?: number;
  /** Whether error frames carry the text of what a handler threw. */
  readonly exposeErrors?: boolean;
  /** Address of N2O's own browser files, which pages for its runtime load; ours by default. */
  readonly browserFiles?: string | undefined;
  /** Names under which applications import this project → files. */
  readonly alias?: Readonly<Record<string, string>>;
  /**
   * Where remembered replies and states of clients are kept; not closed with the host. Without one
   * each event runs as often as it comes, and modules have no state.
   */
  readonly store?: Store;
  /** How server code speaks to clients and topics: with it, a store and their settings there are services. */
  readonly bus?: Bus;
  readonly services?: ServiceSettings;
  /** Where files lie that clients send, and their bounds; without it they can send none. */
  readonly files?: FileSettings;
  /** Milliseconds that the states of a client are kept after one was last set. Default: 90 days. */
  readonly stateTtl?: number;
  /** Under which epoch this host owns a vnode, to keep earlier owners out; `undefined` before it does. */
  readonly epochOf?: (vnode: number) => number | undefined;
  /** Told that the store knows a later owner of a vnode. */
  readonly onFenced?: (vnode: number) => void;
  readonly log: Logger;
  /** What of it is wanted at the moment; workers do not send the rest. Default: all. */
  readonly dial?: LogDial;
}

/** What became of events with a key, and of those that set a state. */
export interface EffectsStatus {
  /** Clients of which workers know what is kept. */
  readonly clients: number;
  /** What that takes. */
  readonly bytes: number;
  /** Clients whose events wait for the store. */
  readonly waiting: number;
  /** Events whose effect was kept. */
  readonly kept: number;
  /** Events that had had their effect before, and did not run again. */
  readonly repeated: number;
  /** Events whose effect could not be kept. */
  readonly refused: number;
}

export interface Host extends Link, AsyncDisposable {
  readonly workers: readonly ThreadStatus[];
  readonly effects: EffectsStatus;
  /** A vnode is this host's again, which others have served since. */
  own(vnode: number): void;
  /** Another host owns a vnode by now: what waits of it is dropped, and nothing of it is believed any more. */
  forget(vnode: number): void;
  /** The highest epoch under which the store knows an owner of a vnode; 0 for none. @throws N2O_STORE_UNAVAILABLE */
  highestEpoch(vnode: number): Promise<number>;
  /** Loads the modules anew; events under way end on the old ones. @throws N2O_MODULE_LOAD: the old ones stay */
  reload(): Promise<void>;
  /** Lets what is under way end, then ends the workers. Idempotent. */
  close(): Promise<void>;
  /** Ends a worker (from 0) as a crash would; its events run again. For drills. */
  kill(worker: number): Promise<void>;
}

/** Options with their defaults filled in. */
export type HostSettings = HostOptions & Required<Omit<HostOptions, 'workers' | NoDefault>>;
type NoDefault = 'browserFiles' | 'store' | 'bus' | 'services' | 'files' | 'epochOf' | 'onFenced';

const DEFAULTS = {
  protocols: DEFAULT_PROTOCOLS,
  deadline: 30_000,
  mailboxLimit: 10_000,
  slots: 65_536,
  watchdog: 10_000,
  exposeErrors: false,
  alias: {},
  effectTtl: 86_400_000,
  effectCount: 1_024,
  effectBytes: 1_048_576,
  effectMemory: 67_108_864,
  stateBytes: 65_536,
  stateTtl: 90 * 86_400_000,
} as const;

/** Starts the workers; resolves when all have loaded the modules. @throws N2O_MODULE_LOAD, N2O_WORKER_FAILED */
export async function createHost(options: HostOptions): Promise<Host> {
  const { workers = Math.max(1, availableParallelism() - 1), store, log } = options;
  const epochs = store && new OwnEpochs(store, log);
  const epochOf = (vnode: number) => epochs?.of(vnode);
  const dial = new LogDial({ level: 'trace', modules: new Map(), clients: new Map() });
  const settings = { ...DEFAULTS, dial, epochOf, ...options };
  const host = await (workers === 0 ? hostHere(settings) : hostInWorkers(settings, workers));
  return Object.assign(host, {
    own(vnode: number) {
      host.forget(vnode);
      void epochs?.raise(vnode);
    },
    highestEpoch: async (vnode: number) => (await epochs?.highest(vnode)) ?? 0,
  });
}

/** With what runs handlers loaded only here: a process with workers starts sooner without it. */
async function hostHere(settings: HostSettings): ReturnType<typeof hostInWorkers> {
  const { hostInThisThread } = await import('./hosting/this-thread.ts');
  return hostInThisThread(settings);
}
