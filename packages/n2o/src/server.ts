/** A server: a store, a broker, and mostly workers beside it in the same process. */
import { type Broker, type BrokerOptions, createBroker } from '@n2o/broker';
import { moduleFolders, type ServiceSettings } from '@n2o/vnode/workers';
import { keepRenewed, readTls } from './certificates.ts';
import { outlasting, startKeeping } from './keeping.ts';
import { createLateBus } from './late-bus.ts';
import { limitsOf } from './limits.ts';
import type { Logging } from './logging.ts';
import type { ServerOptions } from './options.ts';
import { webOf } from './web.ts';
import { startWorkers } from './workers.ts';

/** What a server is started with; all paths are absolute. */
export type StartOptions = ServerOptions & (WithWorkers | WithoutWorkers);

interface WithWorkers {
  /** The folder of the modules. */
  readonly app: string;
  /** What their services are made from. */
  readonly services: ServiceSettings;
}

/** Vnode hosts handle the events. */
interface WithoutWorkers {
  readonly app: undefined;
  /** The folder of the modules that hosts run: what browsers may have of it is served here. */
  readonly site?: string | undefined;
}

/** A server that is ready. */
export interface Server extends AsyncDisposable {
  /** `host:port`, where it listens. */
  readonly addresses: Broker['addresses'];
  /** Reads its certificates again; those that cannot be used are logged. */
  renew(): Promise<void>;
  /** Takes no more events, lets what is under way end, then ends all. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the store, starts workers, then the broker.
 * @param signal gives up waiting for the store
 * @throws N2O_CONFIG_OPTION, N2O_MODULE_LOAD, N2O_LISTEN_FAILED, N2O_STORE_UNAVAILABLE, …
 */
export async function startServer(
  options: StartOptions,
  { log, dial, follow }: Pick<Logging, 'log' | 'dial' | 'follow'>,
  signal?: AbortSignal,
): Promise<Server> {
  const { app, vnodes, inflightPerVnode } = options;
  const site = options.app ?? options.site;
  /** What is open, the last one first. */
  const open: { close(): Promise<void> | void }[] = [];
  const close = async () => {
    for (const one of open.splice(0)) await one.close();
  };
  try {
    const tls = await readTls(options);
    // What is not there is told before the store is waited for.
    const folders = site === undefined ? [] : await moduleFolders(site);
    const keeping = await startKeeping(options, log, signal);
    open.unshift(keeping);
    // No more than this can be under way, however the vnodes are spread.
    const slots = Math.min(vnodes * inflightPerVnode, 1 << 20);
    const { store } = keeping;
    const { bus, arrive } = createLateBus(log);
    await follow(bus);
    const workers =
      options.app === undefined
        ? undefined
        : await startWorkers({ ...options, store, bus, slots, dial }, log);
    if (workers) open.unshift(workers);
    const settings: BrokerOptions = {
      host: options.host,
      mqttPort: portOf(options.mqttPort),
      mqttsPort: portOf(options.mqttsPort),
      httpPort: portOf(options.httpPort),
      httpsPort: portOf(options.httpsPort),
      tls,
      vnodes,
      ...(workers && { link: workers.host }),
      store,
      ack: options.ack,
      privateActions: options.privateActions,
      hostPatience: options.hostPatience,
      ...(options.clusterSecret !== undefined && { clusterSecret: options.clusterSecret }),
      limits: limitsOf(options),
      web: webOf(options, folders),
      log,
      notReady: () => keeping.notReady() ?? workers?.notReady(),
      metrics: () => workers?.metrics() ?? [],
    };
    const broker = await outlasting(() => createBroker(settings), options, log, signal);
    open.unshift(broker);
    arrive(broker.bus);
    const renewal = tls && keepRenewed(options, broker, tls, log);
    if (renewal) open.unshift(renewal);
    log.info({ ...urlsOf(broker), workers: workers?.host.workers.length, app }, 'ready');

    let closing: Promise<void> | undefined;
    const end = async () => {
      log.info({}, 'closing: no more events are taken');
      await close();
      log.info({}, 'closed');
    };
    const server: Server = {
      addresses: broker.addresses,
      renew: async () => renewal?.check(),
      close() {
        closing ??= end();
        return closing;
      },
      [Symbol.asyncDispose]: () => server.close(),
    };
    return server;
  } catch (error) {
    await close();
    throw error;
  }
}

function portOf(port: number | 'off'): number | undefined {
  return port === 'off' ? undefined : port;
}

function urlsOf({ addresses }: Broker): Record<string, string> {
  const listening = Object.entries(addresses).filter(([, address]) => address !== undefined);
  return Object.fromEntries(listening.map(([name, address]) => [name, `${name}://${address}`]));
}
