/** The broker: listeners, connections, sessions and routing joined into one server. */
import type { AddressInfo, Server } from 'node:net';
import { type Link, type Logger, N2OError } from '@n2o/shared';
import type { Connection } from './connection/connection.ts';
import { Deadlines } from './connection/deadlines.ts';
import { CLOSING } from './connection/intake.ts';
import { leave } from './connection/leave.ts';
import { Spool } from './connection/output.ts';
import type { Authenticate, Core } from './core.ts';
import { COUNTERS, type Counters, createCounters } from './counters.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { createHttpListener } from './listener/http.ts';
import { createTcpListener } from './listener/tcp.ts';
import { type Metric, printMetrics } from './metrics.ts';
import { Answers } from './routing/answers.ts';
import { Events } from './routing/events.ts';
import { Router } from './routing/router.ts';
import { Windows } from './routing/windows.ts';
import { ReplyMemory } from './session/memory.ts';
import { Returning } from './session/returning.ts';
import { Sessions } from './session/sessions.ts';

export interface BrokerOptions {
  /** Address to listen on. */
  readonly host: string;
  /** 0 picks a free port; `undefined` does not listen. */
  readonly mqttPort: number | undefined;
  readonly httpPort: number | undefined;
  /** Vnodes of the cluster, 1..256. */
  readonly vnodes: number;
  /** Where events go. */
  readonly link: Link;
  readonly limits?: Partial<Limits>;
  readonly authenticate?: Authenticate;
  readonly log: Logger;
  /** Why the vnodes cannot take events now; `undefined` when they can. */
  readonly notReady?: () => string | undefined;
  /** Metrics of others to show beside the broker's own. */
  readonly metrics?: () => readonly Metric[];
}

export interface Broker extends AsyncDisposable {
  /** Where it listens: `host:port`. */
  readonly addresses: { readonly mqtt: string | undefined; readonly http: string | undefined };
  readonly counters: Readonly<Counters>;
  /**
   * Takes no more connections and events, lets what is under way end, then closes all. Idempotent.
   * @param patience milliseconds to wait for what is under way
   */
  close(patience?: number): Promise<void>;
}

/** Starts a broker; resolves when it listens. @throws N2O_LISTEN_FAILED */
export async function createBroker(options: BrokerOptions): Promise<Broker> {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const counters = createCounters();
  const deadlines = new Deadlines();
  const router = await Router.create(limits, counters);
  const now = () => deadlines.now;
  const memory = new ReplyMemory(limits, now);
  const returning = new Returning(now);
  const sessions = new Sessions(limits, counters, router);
  const events = new Events({
    link: options.link,
    counters,
    windows: new Windows(limits, counters, options.vnodes),
    answers: new Answers(router, counters),
    memory,
    returning,
    sessionOf: (client) => sessions.get(client),
  });
  const connections = new Set<Connection>();
  let closing: Promise<void> | undefined;
  const core: Core = {
    limits,
    vnodes: options.vnodes,
    counters,
    log: options.log,
    spool: new Spool(),
    deadlines,
    sessions,
    returning,
    router,
    events,
    authenticate: options.authenticate,
    get connections() {
      return connections.size;
    },
    left(connection) {
      connections.delete(connection);
      leave(connection, core, memory);
    },
  };
  const admit = (connection: Connection): boolean => {
    connections.add(connection);
    // Twice the limit is refused before it has said anything; up to there CONNECT gets an answer.
    if (!closing && connections.size <= 2 * limits.connections) return true;
    connection.close();
    return false;
  };
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    type: 'gauge',
    value,
  });
  const metrics = (): readonly Metric[] => [
    ...Object.entries(COUNTERS).map(([name, help]): Metric => {
      return { name, help, type: 'counter', value: counters[name as keyof Counters] };
    }),
    gauge('connections', 'connections that are open', connections.size),
    gauge('sessions', 'sessions, with and without a connection', sessions.size),
    gauge('keptSessions', 'sessions whose client is away', sessions.kept),
    gauge('queuedBytes', 'bytes that line up for clients', sessions.backlog.bytes),
    gauge('filters', 'distinct topic filters', router.filters),
    gauge('retained', 'retained messages', router.retained.size),
    gauge('retainedBytes', 'bytes of retained messages', router.retained.bytes),
    gauge('pendingEvents', 'events that are under way', events.pending),
    gauge('pendingBytes', 'bytes of events that are under way', events.windows.bytes),
    gauge('stoppedConnections', 'connections that wait for a vnode', events.windows.stopped),
    gauge('rememberedClients', 'clients whose replies are remembered', memory.clients),
    gauge('rememberedBytes', 'bytes of remembered replies', memory.bytes),
    gauge('returningClients', 'clients that are expected back', returning.clients),
    ...(options.metrics?.() ?? []),
  ];
  const status = {
    notReady: () => (closing !== undefined ? 'closing' : options.notReady?.()),
    metrics: () => printMetrics(metrics()),
  };
  const tcp = options.mqttPort === undefined ? undefined : createTcpListener(core, admit);
  const http = options.httpPort === undefined ? undefined : createHttpListener(core, status, admit);

  const close = async (patience: number): Promise<void> => {
    tcp?.close();
    http?.close();
    for (const connection of connections) connection.intake.stop(CLOSING);
    const timeout = new AbortController();
    await Promise.race([events.drain(), elapsed(patience, timeout.signal)]);
    timeout.abort();
    core.spool.flush();
    for (const connection of connections) connection.finish();
    deadlines.close();
    await router.close();
    http?.closeAllConnections();
  };
  const broker: Broker = {
    addresses: { mqtt: undefined, http: undefined },
    counters,
    close: (patience = 10_000) => {
      closing ??= close(patience);
      return closing;
    },
    [Symbol.asyncDispose]: () => broker.close(),
  };
  try {
    const mqtt =
      tcp && (await listen(tcp, options.host, options.mqttPort as number, 'mqtt', options.log));
    const web =
      http && (await listen(http, options.host, options.httpPort as number, 'http', options.log));
    return Object.assign(broker, { addresses: { mqtt, http: web } });
  } catch (error) {
    await broker.close(0);
    throw error;
  }
}

function listen(
  server: Server,
  host: string,
  port: number,
  what: string,
  log: Logger,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const refused = (cause: Error) => {
      const text = `${what}: cannot listen on ${host}:${port}: ${cause.message}`;
      reject(new N2OError('N2O_LISTEN_FAILED', text, { cause }));
    };
    server.once('error', refused);
    // Many devices come back at once after a power cut: the backlog is as long as the system allows.
    server.listen({ host, port, backlog: 4096 }, () => {
      server.off('error', refused);
      server.on('error', (err) =>
        log.error({ listener: what, err }, 'connections are not accepted'),
      );
      const { address, port: bound, family } = server.address() as AddressInfo;
      resolve(`${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
    });
  });
}

function elapsed(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
