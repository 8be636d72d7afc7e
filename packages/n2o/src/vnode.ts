/** A vnode host: workers for the events of a broker that runs elsewhere, ours or any other. */
import { createStatusServer, printMetrics, type Status } from '@n2o/broker';
import { N2OError } from '@n2o/shared';
import { joinCluster, type Member, moduleFolders, type ServiceSettings } from '@n2o/vnode';
import { type Keeping, startKeeping, UNREACHABLE } from './keeping.ts';
import { createLateBus } from './late-bus.ts';
import type { Logging } from './logging.ts';
import type { VnodeOptions } from './options.ts';
import { keepAtBroker } from './vnode/at-broker.ts';
import { endpointOf } from './vnode/endpoint.ts';
import { linkMetrics } from './vnode/metrics.ts';
import { startWorkers, type Workers } from './workers.ts';

/** What a vnode host is started with; all paths are absolute. */
export interface StartVnodeOptions extends VnodeOptions {
  /** The folder of the modules. */
  readonly app: string;
  readonly services: ServiceSettings;
  /** Of events, in bytes. */
  readonly maxPacketSize: number;
}

/** A vnode host that serves its share. */
export interface VnodeHost extends AsyncDisposable {
  /** `host:port` of health, readiness and metrics. */
  readonly http: string | undefined;
  /** Resolves when the host cannot go on, with why. */
  readonly failure: Promise<N2OError>;
  /** Gives its vnodes away, lets what is under way end, then ends all. Idempotent. */
  close(): Promise<void>;
}

/** Why it is not ready while its broker is waited for. */
const UNCONNECTED = 'not connected to the broker';

/** What a topic may take more on the way to a host than it took on the way to the broker, in bytes. */
const TOPIC = 64 * 1024;

/**
 * Opens the store, starts the workers, joins the cluster; resolves when the host serves its share.
 * @param signal gives up waiting for store and broker
 * @throws N2O_CONFIG_OPTION, N2O_MODULE_LOAD, N2O_LISTEN_FAILED, N2O_STORE_UNAVAILABLE, N2O_HOST_REPLACED, N2O_HOST_VNODES, N2O_LINK_REFUSED
 */
export async function startVnode(
  options: StartVnodeOptions,
  { log, dial, follow }: Pick<Logging, 'log' | 'dial' | 'follow'>,
  signal?: AbortSignal,
): Promise<VnodeHost> {
  const { app, vnodes, vnodeWindow: window, name, host, httpPort } = options;
  if (options.workers === 0) {
    throw new N2OError('N2O_CONFIG_OPTION', 'workers: a vnode host has at least 1');
  }
  const endpoint = await endpointOf(options);
  // What is not there is told before the broker is waited for.
  await moduleFolders(app);
  /** What is open, the last one first. */
  const open: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const one of open.splice(0)) await one.close();
  };
  try {
    let keeping: Keeping | undefined;
    let workers: Workers | undefined;
    let member: Member | undefined;
    const status: Status = {
      notReady() {
        if (!keeping) return options.store === 'broker' ? UNCONNECTED : UNREACHABLE;
        if (!member) return 'starting';
        return workers?.notReady() ?? member.notReady() ?? keeping.notReady();
      },
      metrics: () =>
        printMetrics([...(workers?.metrics() ?? []), ...(member ? linkMetrics(member) : [])]),
    };
    // It answers already while store and broker are waited for.
    const pages =
      httpPort === 'off'
        ? undefined
        : await createStatusServer({ host, port: httpPort, log }, status);
    if (pages) open.unshift(pages);
    keeping =
      options.store === 'broker'
        ? await keepAtBroker({ endpoint, name, log, ...(signal && { signal }) })
        : await startKeeping({ ...options, httpPort: 'off' }, log, signal);
    open.unshift(keeping);
    const { bus, arrive } = createLateBus(log);
    await follow(bus);
    workers = await startWorkers(
      {
        ...options,
        store: keeping.store,
        bus,
        dial,
        app,
        // No more than this can be under way, however the vnodes are spread.
        slots: Math.min(vnodes * window, 1 << 20),
        epochOf: (vnode) => member?.epochOf(vnode),
      },
      log,
    );
    open.unshift(workers);
    member = joinCluster({
      endpoint,
      name,
      vnodes,
      workers: options.workers,
      host: workers.host,
      limits: { window },
      packetLimit: options.maxPacketSize + TOPIC,
      sendLimit: options.maxPacketSize,
      log,
    });
    open.unshift(member);
    await serving(member, signal);
    arrive(member.bus);
    const http = pages && `http://${pages.address}`;
    const fields = { broker: endpoint.shown, host: name, workers: options.workers };
    log.info({ ...fields, vnodes: member.vnodes, ...(http && { http }), app }, 'ready');

    let closing: Promise<void> | undefined;
    const end = async () => {
      log.info({}, 'closing: vnodes are given away');
      await close();
      log.info({}, 'closed');
    };
    const server: VnodeHost = {
      http: pages?.address,
      failure: member.failure,
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

/** Waits until the host serves its share. @throws what keeps it from that; N2O_HOST_CLOSED when it is given up */
async function serving(member: Member, signal: AbortSignal | undefined): Promise<void> {
  const givenUp = new Promise<N2OError>((resolve) => {
    const giveUp = () => resolve(new N2OError('N2O_HOST_CLOSED'));
    if (signal?.aborted) giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
  });
  const error = await Promise.race([member.ready, member.failure, givenUp]);
  if (error) throw error;
}
