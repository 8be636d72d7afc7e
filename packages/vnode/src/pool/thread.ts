/** One worker thread, kept alive. */
import type { Event, Link, LogDial, Logger, N2OError } from '@n2o/shared';
import type { Kept } from '../effects/effect.ts';
import type { Resources } from '../resources.ts';
import type { WorkerSettings } from './control.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { type Spawned, spawn } from './spawn.ts';
import { watch } from './watchdog.ts';

/** Milliseconds before another worker is started: none at first, then longer while they die young. */
const FIRST_DELAY = 50;
const LAST_DELAY = 5_000;
/** Milliseconds after which a worker did not die young. */
const YOUTH = 1_000;

/** Milliseconds that a worker may take to end what it has when the host closes. */
const FAREWELL = 5_000;

/** How often events are looked at that wait for a worker, in milliseconds. */
const EXPIRY = 1_000;

export interface ThreadOptions {
  /** For logs: 1..workers. */
  readonly number: number;
  readonly settings: Omit<WorkerSettings, 'levels' | 'marks'>;
  readonly slots: number;
  /** Milliseconds that one event may hold up the thread before it is ended; 0 for ever. */
  readonly watchdog: number;
  readonly log: Logger;
  readonly dial: LogDial;
  readonly frame: DispatcherOptions['frame'];
  readonly settle: DispatcherOptions['settle'];
  /** Reads what is kept of a client. */
  readonly load: (client: string, vnode: number) => Promise<Kept>;
  /** What the services of the worker are built on, if it has any. */
  readonly resources: Resources | undefined;
}

/** How a thread is doing. */
export interface ThreadStatus {
  readonly ready: boolean;
  readonly restarts: number;
  /** Events that the worker has. */
  readonly working: number;
  /** Events that wait for it. */
  readonly waiting: number;
  /** Clients of which the worker knows what is kept, and in how many bytes. */
  readonly known: { readonly clients: number; readonly bytes: number };
}

export class Thread implements Link {
  readonly #options: ThreadOptions;
  readonly #dispatcher: Dispatcher;
  #worker: Spawned | undefined;
  #ready = false;
  #closing = false;
  #restarts = 0;
  #delay = 0;
  #born = 0;
  #retry: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #unwatch: () => void = () => {};

  constructor(options: ThreadOptions) {
    this.#options = options;
    const { slots, settings, frame, settle } = options;
    this.#dispatcher = new Dispatcher({
      slots,
      patience: settings.deadline,
      send: (packed) => this.#worker?.send(packed),
      ask: (request) => this.#worker?.ask(request),
      frame,
      settle,
    });
  }

  get status(): ThreadStatus {
    const { working, waiting, marks } = this.#dispatcher;
    const { known } = marks;
    return { ready: this.#ready, restarts: this.#restarts, working, waiting, known };
  }

  /** Starts the worker; resolves when it has loaded its modules. @throws N2O_MODULE_LOAD, N2O_WORKER_FAILED */
  async start(): Promise<void> {
    await this.#start();
    const { watchdog, log, number } = this.#options;
    this.#expiry = setInterval(() => this.#dispatcher.expire(), EXPIRY).unref();
    const hung = () => {
      log.error({ worker: number, milliseconds: watchdog }, 'worker hangs in an event, ending it');
      void this.kill();
    };
    this.#unwatch = watch(this.#dispatcher.marks, watchdog, () => this.#ready, hung);
  }

  deliver(event: Event): void {
    this.#dispatcher.deliver(event);
  }

  /** Loads the modules anew; events that are under way end on the old ones. @throws N2O_MODULE_LOAD */
  async reload(): Promise<void> {
    const worker = this.#worker;
    // One that is starting may have read some files already; one that is not there yet reads them anew.
    await worker?.ready;
    await worker?.reload();
  }

  /** Lets the worker believe nothing any more of what is kept of the clients of a vnode. */
  forget(vnode: number): void {
    this.#worker?.forget(vnode);
  }

  /** Lets the worker end what it has, then ends it. Idempotent. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#unwatch();
    clearTimeout(this.#retry);
    clearInterval(this.#expiry);
    await this.#worker?.close(FAREWELL);
  }

  /** Ends the worker at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#worker?.kill();
  }

  async #start(): Promise<void> {
    const { settings, number, log, dial, load, resources } = this.#options;
    const worker = spawn({ ...settings, marks: this.#dispatcher.marks.memory }, `n2o-${number}`, {
      packed: (packed) => this.#dispatcher.receive(packed),
      told: (answer) => this.#dispatcher.tell(answer),
      flush: () => this.#dispatcher.flush(),
      load,
      resources,
      logger: log,
      dial,
      log: (level, fields, text) => log[level](fields, text),
      ended: (error) => this.#ended(error),
    });
    this.#worker = worker;
    this.#born = performance.now();
    await worker.ready;
    this.#ready = true;
    this.#dispatcher.open();
  }

  #ended(error: N2OError): void {
    const { log, number } = this.#options;
    const started = this.#ready || this.#restarts > 0;
    this.#ready = false;
    this.#worker = undefined;
    const { unfinished, givenUp } = this.#dispatcher.bereave();
    // A first start that fails is told to whoever started it.
    if (this.#closing || !started) return;
    log.error(
      { worker: number, unfinished, err: error.cause ?? error },
      'worker died, starting another',
    );
    for (const { route } of givenUp) {
      log.error(
        { client: route.client, module: route.module },
        'event given up: workers died over it',
      );
    }
    const young = performance.now() - this.#born < YOUTH;
    this.#delay = young ? Math.min(LAST_DELAY, Math.max(FIRST_DELAY, this.#delay * 2)) : 0;
    this.#restarts++;
    // Its failure comes back here as an end.
    this.#retry = setTimeout(() => void this.#start().catch(() => {}), this.#delay);
  }
}
