/** The workers of this process, as the options want them. */
import { fileURLToPath } from 'node:url';
import type { Metric } from '@n2o/broker';
import type { Bus, LogDial, Logger, Store } from '@n2o/shared';
import { createHost, type Host, type ServiceSettings, watchModules } from '@n2o/vnode/workers';
import type { FilesOptions, WorkingOptions } from './options.ts';

/** What the workers are started with. */
export interface WorkersOptions extends WorkingOptions, FilesOptions {
  /** The folder of the modules, absolute. */
  readonly app: string;
  /** Events that one worker may have at once. */
  readonly slots: number;
  /** Where the replies to keyed events are remembered, how many of a client and how long, in milliseconds. */
  readonly store: Store;
  readonly effectCount: number;
  readonly effectTtl: number;
  readonly stateTtl: number;
  /** How their code speaks to clients and topics. */
  readonly bus: Bus;
  /** What is to be logged. */
  readonly dial: LogDial;
  /** What their services are made from. */
  readonly services: ServiceSettings;
  /** Under which epoch a vnode is this process's, where others could own it too. */
  readonly epochOf?: (vnode: number) => number | undefined;
}

/** Workers that take events. */
export interface Workers {
  readonly host: Host;
  /** Why they cannot take events now; `undefined` when they can. */
  notReady(): string | undefined;
  metrics(): readonly Metric[];
  /** Lets what is under way end, then ends them. Idempotent. */
  close(): Promise<void>;
}

/** What modules import of this project besides `n2o`, wherever they lie. */
const ALIASES = [
  '@n2o/shared',
  '@n2o/nitro',
  '@n2o/nitro/jsx-runtime',
  '@n2o/nitro/jsx-dev-runtime',
  '@n2o/nitro/templates',
];

/** Starts the workers, and watches their modules where that is wanted. @throws N2O_MODULE_LOAD, … */
export async function startWorkers(options: WorkersOptions, log: Logger): Promise<Workers> {
  const host = await createHost({ ...hostOptions(options), log });
  const workers = {
    host,
    notReady: () => (host.workers.every(({ ready }) => ready) ? undefined : 'a worker is starting'),
    metrics: () => metricsOf(host, options.store),
    close: () => host.close(),
  };
  if (!options.watch) return workers;
  try {
    const watching = await watchModules(options.app, () => reload(host, log));
    return {
      ...workers,
      close() {
        watching.close();
        return host.close();
      },
    };
  } catch (error) {
    await host.close();
    throw error;
  }
}

function hostOptions(options: WorkersOptions) {
  const { workers, protocols, deadline, watchdog, exposeErrors, browserFiles, slots } = options;
  const { store, bus, dial, services, effectCount, effectTtl, stateTtl, epochOf } = options;
  return {
    folder: options.app,
    mailboxLimit: options.mailboxLength,
    ...{ workers, protocols, deadline, watchdog, exposeErrors, browserFiles, slots },
    ...{ store, bus, dial, services, effectCount, effectTtl, stateTtl },
    ...(epochOf && { epochOf }),
    ...(options.files !== 'off' && { files: filesOf(options) }),
    alias: {
      n2o: fileURLToPath(new URL('./index.js', import.meta.url)),
      'n2o/templates': fileURLToPath(new URL('./templates.js', import.meta.url)),
      ...Object.fromEntries(
        ALIASES.map((name) => [name, fileURLToPath(import.meta.resolve(name))]),
      ),
    },
  };
}

function filesOf({ files: folder, maxFileSize, fileQuota, fileCount }: FilesOptions) {
  return { folder, maxBytes: maxFileSize, quotaBytes: fileQuota, quotaCount: fileCount };
}

function metricsOf({ workers, effects }: Host, { watches }: Store): Metric[] {
  const sum = (key: 'restarts' | 'working' | 'waiting') =>
    workers.reduce((total, worker) => total + worker[key], 0);
  return [
    { name: 'workers', help: 'worker threads', type: 'gauge', value: workers.length },
    {
      name: 'workersReady',
      help: 'worker threads that take events',
      type: 'gauge',
      value: workers.filter(({ ready }) => ready).length,
    },
    {
      name: 'workerRestarts',
      help: 'workers that died and were replaced',
      type: 'counter',
      value: sum('restarts'),
    },
    {
      name: 'workerEvents',
      help: 'events that workers have',
      type: 'gauge',
      value: sum('working'),
    },
    {
      name: 'waitingEvents',
      help: 'events that wait for a worker',
      type: 'gauge',
      value: sum('waiting'),
    },
    {
      name: 'storeWatches',
      help: 'changes of groups of the store that workers wait for, with what they read of these kept',
      type: 'gauge',
      value: watches?.size ?? 0,
    },
    {
      name: 'effectClients',
      help: 'clients of which workers know what is kept',
      type: 'gauge',
      value: effects.clients,
    },
    {
      name: 'effectBytes',
      help: 'bytes of what they know of them',
      type: 'gauge',
      value: effects.bytes,
    },
    {
      name: 'effectWaitingClients',
      help: 'clients whose events wait for the store',
      type: 'gauge',
      value: effects.waiting,
    },
    {
      name: 'effectsKept',
      help: 'events whose effect was kept',
      type: 'counter',
      value: effects.kept,
    },
    {
      name: 'effectsRepeated',
      help: 'keyed events that had had their effect before',
      type: 'counter',
      value: effects.repeated,
    },
    {
      name: 'effectsRefused',
      help: 'events whose effect could not be kept',
      type: 'counter',
      value: effects.refused,
    },
  ];
}

function reload(host: Host, log: Logger): void {
  log.debug({}, 'modules change');
  host.reload().then(
    () => log.info({}, 'modules loaded again'),
    (error: unknown) => log.error({ err: error }, 'modules not loaded again, the old ones stay'),
  );
}
