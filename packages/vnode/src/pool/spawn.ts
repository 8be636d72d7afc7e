/** Starts one worker thread and speaks with it until it ends. */
import { Worker } from 'node:worker_threads';
import { type ErrorCode, type LogDial, type Logger, N2OError, reason } from '@n2o/shared';
import type { Kept } from '../effects/effect.ts';
import type { Resources } from '../resources.ts';
import type { Control, WorkerSettings } from './control.ts';
import { serveResources } from './serve-resources.ts';

/** What a worker has to say. */
export interface Hears {
  packed(packed: Uint8Array): void;
  /** The store answers what the worker asked. */
  told(answer: Uint8Array): void;
  /** Sends what is packed for the worker: what it is told besides must not overtake that. */
  flush(): void;
  log(level: keyof Logger, fields: object, text: string): void;
  /** What it is to log. */
  readonly dial: LogDial;
  /** Asks what is kept of a client. */
  load(client: string, vnode: number): Promise<Kept>;
  /** What its services are built on, if it has any. */
  readonly resources: Resources | undefined;
  readonly logger: Logger;
  /** Called once, when it has ended for whatever reason. */
  ended(error: N2OError): void;
}

export interface Spawned {
  /** Resolves when the modules are loaded. @throws N2O_MODULE_LOAD, N2O_WORKER_FAILED */
  readonly ready: Promise<void>;
  /** Sends packed records; their memory is gone afterwards. */
  send(packed: Uint8Array<ArrayBuffer>): void;
  /** Asks the store for it. */
  ask(request: Uint8Array): void;
  /** @throws N2O_MODULE_LOAD */
  reload(): Promise<void>;
  /** Lets it believe nothing any more of what is kept of the clients of a vnode. */
  forget(vnode: number): void;
  /**
   * Lets it end what it has; resolves when it has ended.
   * @param patience milliseconds after which it is ended in the midst of it
   */
  close(patience: number): Promise<void>;
  kill(): Promise<void>;
}

export function spawn(
  settings: Omit<WorkerSettings, 'levels'>,
  name: string,
  hears: Hears,
): Spawned {
  const { dial } = hears;
  const workerData: WorkerSettings = { ...settings, levels: dial.levels };
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, name });
  const say = (control: Control, memory: readonly ArrayBuffer[] = []) => {
    hears.flush();
    worker.postMessage(control, memory);
  };
  const unfollow = dial.follow((levels) => say({ levels }));
  const served =
    hears.resources &&
    serveResources(hears.resources, hears.logger, (told, memory) => {
      if ('storeSaid' in told) hears.told(told.storeSaid);
      else say(told, memory);
    });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let failure: N2OError | undefined;
  /** Told in the order of asking. */
  const reloads: ((error: N2OError | undefined) => void)[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: Uint8Array | Control) => {
      if (message instanceof Uint8Array) hears.packed(message);
      else if ('log' in message) hears.log(message.log, message.fields, message.text);
      else if ('load' in message) {
        const { load, vnode, ticket } = message;
        hears.load(load, vnode).then(
          (loaded) => say({ loaded, ticket }),
          (thrown: unknown) => say({ loaded: codeOf(thrown), ticket }),
        );
      } else if ('bus' in message) served?.hear(message);
      else if ('ready' in message) resolve();
      else if ('failed' in message) {
        failure = new N2OError(message.failed, message.message);
        // A module that was loaded may have left something running.
        void worker.terminate();
      } else if ('reloaded' in message) {
        const { failed } = message.reloaded;
        reloads.shift()?.(failed && new N2OError(failed.code, failed.message));
      }
    });
    // Anything can be thrown, null as well.
    worker.on('error', (cause: unknown) => {
      const text = `the worker threw: ${reason(cause)}`;
      failure ??= new N2OError('N2O_WORKER_FAILED', text, { cause });
    });
    worker.on('exit', (code) => {
      const error =
        failure ?? new N2OError('N2O_WORKER_FAILED', `the worker ended with code ${code}`);
      reject(error);
      served?.end();
      unfollow();
      for (const tell of reloads) tell(error);
      hears.ended(error);
    });
  });
  return {
    ready,
    send: (packed) => worker.postMessage(packed, [packed.buffer]),
    ask: (store) => served?.hear({ store }),
    reload() {
      const done = new Promise<void>((resolve, reject) => {
        reloads.push((error) => (error ? reject(error) : resolve()));
      });
      say({ reload: true });
      return done;
    },
    forget: (vnode) => say({ forget: vnode }),
    async close(patience) {
      say({ close: true });
      const late = setTimeout(() => void worker.terminate(), patience);
      await ended;
      clearTimeout(late);
    },
    async kill() {
      await worker.terminate();
    },
  };
}

function codeOf(thrown: unknown): ErrorCode {
  return thrown instanceof N2OError ? thrown.code : 'N2O_STORE_UNAVAILABLE';
}
