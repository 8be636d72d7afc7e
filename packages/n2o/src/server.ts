/** The embedded server: a broker and a host of workers in one process. */
import { access, constants, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Broker, createBroker, type Limits, type Metric } from '@n2o/broker';
import { type Logger, N2OError, reason } from '@n2o/shared';
import { createHost, type Host, watchModules } from '@n2o/vnode';
import type { ServerOptions } from './options.ts';

/** What a server is started with. */
export interface StartOptions extends ServerOptions {
  /** The folder of the modules, absolute. */
  readonly app: string;
}

/** A server that is ready. */
export interface Server extends AsyncDisposable {
  /** `host:port` */
  readonly addresses: { readonly mqtt: string; readonly http: string };
  /** Takes no more events, lets what is under way end, then ends all. Idempotent. */
  close(): Promise<void>;
}

/** Starts workers, then the broker. @throws N2O_MODULE_LOAD, N2O_LISTEN_FAILED, N2O_STORE_UNAVAILABLE, … */
export async function startServer(options: StartOptions, log: Logger): Promise<Server> {
  await openStore(options.store, log);
  const host = await createHost(hostOptions(options, log));
  let broker: Broker;
  try {
    broker = await createBroker({
      ...options,
      link: host,
      limits: limitsOf(options),
      log,
      notReady: () =>
        host.workers.every(({ ready }) => ready) ? undefined : 'a worker is starting',
      metrics: () => metricsOf(host),
    });
  } catch (error) {
    await host.close();
    throw error;
  }
  const watching = options.watch
    ? await watchModules(options.app, () => reload(host, log))
    : undefined;
  const { mqtt = '', http = '' } = broker.addresses;
  log.info(
    {
      mqtt: `mqtt://${mqtt}`,
      http: `http://${http}`,
      workers: host.workers.length,
      app: options.app,
    },
    'ready',
  );

  let closing: Promise<void> | undefined;
  const end = async () => {
    watching?.close();
    log.info({}, 'closing: no more events are taken');
    await broker.close();
    await host.close();
    log.info({}, 'closed');
  };
  const close = () => {
    closing ??= end();
    return closing;
  };
  return { addresses: { mqtt, http }, close, [Symbol.asyncDispose]: close };
}

function hostOptions(options: StartOptions, log: Logger) {
  const file = (name: string) => fileURLToPath(import.meta.resolve(name));
  const {
    app,
    workers,
    protocols,
    deadline,
    mailboxLength,
    watchdog,
    exposeErrors,
    vnodes,
    inflightPerVnode,
  } = options;
  return {
    folder: app,
    workers,
    protocols,
    deadline,
    mailboxLimit: mailboxLength,
    watchdog,
    exposeErrors,
    // No more than this can be under way, however the vnodes are spread.
    slots: Math.min(vnodes * inflightPerVnode, 1 << 20),
    alias: {
      n2o: fileURLToPath(new URL('./index.js', import.meta.url)),
      '@n2o/shared': file('@n2o/shared'),
    },
    log,
  };
}

function limitsOf(options: StartOptions): Partial<Limits> {
  return {
    packetSize: options.maxPacketSize,
    connections: options.maxConnections,
    connectTimeout: options.connectTimeout,
    inflightPerClient: options.inflightPerClient,
    inflightPerVnode: options.inflightPerVnode,
    topicLevels: options.topicLevels,
    topicLength: options.topicLength,
    outputBytes: options.outputLimit,
    rememberedPerClient: options.replyMemoryCount,
    rememberedFor: options.replyMemoryTtl,
    rememberedBytes: options.replyMemoryBytes,
  };
}

function metricsOf(host: Host): Metric[] {
  const { workers } = host;
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
  ];
}

function reload(host: Host, log: Logger): void {
  log.debug({}, 'modules change');
  host.reload().then(
    () => log.info({}, 'modules loaded again'),
    (error: unknown) => log.error({ err: error }, 'modules not loaded again, the old ones stay'),
  );
}

/** A folder is made, and must be writable. */
async function openStore(store: string, log: Logger): Promise<void> {
  if (store === 'memory') return;
  try {
    await mkdir(store, { recursive: true });
    await access(store, constants.W_OK);
  } catch (cause) {
    throw new N2OError('N2O_STORE_UNAVAILABLE', `store ${store}: ${reason(cause)}`, { cause });
  }
  log.warn(
    { store },
    'this version keeps sessions and retained messages in memory; the folder stays empty',
  );
}
