/** A host: the workers of one process, and which of them serves which vnode. */
import { availableParallelism } from 'node:os';
import {
  createFormatters,
  ERRORS,
  type ErrorCode,
  ErrorFrame,
  type Event,
  type Link,
  type Logger,
} from '@n2o/shared';
import { startApplication } from './application.ts';
import { Thread, type ThreadStatus } from './pool/thread.ts';

export interface HostOptions {
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
  /** Names under which applications import this project → files. */
  readonly alias?: Readonly<Record<string, string>>;
  readonly log: Logger;
}

export interface Host extends Link, AsyncDisposable {
  readonly workers: readonly ThreadStatus[];
  /** Loads the modules anew; events under way end on the old ones. @throws N2O_MODULE_LOAD: the old ones stay */
  reload(): Promise<void>;
  /** Lets what is under way end, then ends the workers. Idempotent. */
  close(): Promise<void>;
  /** Ends a worker (from 0) as a crash would; its events run again. For drills. */
  kill(worker: number): Promise<void>;
}

const DEFAULTS = {
  protocols: ['heart', 'rpc', 'app'],
  deadline: 30_000,
  mailboxLimit: 10_000,
  slots: 65_536,
  watchdog: 10_000,
  exposeErrors: false,
  alias: {},
} as const;

/** Starts the workers; resolves when all have loaded the modules. @throws N2O_MODULE_LOAD, N2O_WORKER_FAILED */
export async function createHost(options: HostOptions): Promise<Host> {
  const settings = { ...DEFAULTS, ...options };
  const { workers = Math.max(1, availableParallelism() - 1) } = options;
  return workers === 0 ? inThisThread(settings) : inWorkers(settings, workers);
}

type Settings = Required<Omit<HostOptions, 'workers'>>;

async function inThisThread(settings: Settings): Promise<Host> {
  const application = await startApplication({ ...settings, formatters: createFormatters() });
  return {
    workers: [],
    deliver: (event) => application.deliver(event),
    reload: () => application.reload(),
    close: () => application.close(),
    kill: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => application.close(),
  };
}

async function inWorkers(settings: Settings, workers: number): Promise<Host> {
  const { folder, protocols, deadline, mailboxLimit, exposeErrors, alias, slots, watchdog, log } =
    settings;
  const formatters = createFormatters();
  const frame = ({ payload }: Event, code: ErrorCode) =>
    formatters[formatters.detect(payload)].encode(new ErrorFrame(code, ERRORS[code]));
  const pulse = Math.max(5, watchdog / 16);
  const threads = Array.from({ length: workers }, (_, i) => {
    const worker = { folder, protocols, deadline, mailboxLimit, exposeErrors, alias, pulse };
    return new Thread({ number: i + 1, settings: worker, slots, watchdog, log, frame });
  });
  const close = async () => {
    await Promise.all(threads.map((thread) => thread.close()));
  };
  const [first, ...others] = threads;
  // The first one fills the cache of transformed sources, which is what takes time.
  const started = await Promise.allSettled([first?.start()]);
  if (started[0]?.status === 'fulfilled') {
    started.push(...(await Promise.allSettled(others.map((thread) => thread.start()))));
  }
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  return {
    get workers() {
      return threads.map(({ status }) => status);
    },
    deliver(event) {
      (threads[(event.route.vnode - 1) % workers] as Thread).deliver(event);
    },
    async reload() {
      await Promise.all(threads.map((thread) => thread.reload()));
    },
    close,
    kill: (worker) => threads[worker]?.kill() ?? Promise.resolve(),
    [Symbol.asyncDispose]: close,
  };
}
