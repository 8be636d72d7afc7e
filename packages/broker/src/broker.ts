/** The broker: listeners, connections, sessions and routing joined into one server. */
import { type Link, type Logger, type N2OError, type Store, vnodeOf } from '@n2o/shared';
import { createMemoryStore, Journal } from '@n2o/store';
import type { Connection } from './connection/connection.ts';
import { Deadlines } from './connection/deadlines.ts';
import { CLOSING } from './connection/intake.ts';
import { leave, publishWill } from './connection/leave.ts';
import { Spool } from './connection/output.ts';
import type { Authenticate, Core } from './core.ts';
import { type Counters, createCounters } from './counters.ts';
import { counted, gauges } from './gauges.ts';
import { Archive } from './keeping/archive.ts';
import { restore } from './keeping/restore.ts';
import { Stalled } from './keeping/stalled.ts';
import { Wills } from './keeping/wills.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { type Addresses, createListeners, type Places } from './listener/listeners.ts';
import type { Certificates } from './listener/tls.ts';
import { type Metric, printMetrics } from './metrics.ts';
import { Answers } from './routing/answers.ts';
import { Events } from './routing/events.ts';
import { Hosts } from './routing/hosts.ts';
import { Router } from './routing/router.ts';
import { StoredEvents } from './routing/stored-events.ts';
import { Windows } from './routing/windows.ts';
import { ReplyMemory } from './session/memory.ts';
import { Returning } from './session/returning.ts';
import { Sessions } from './session/sessions.ts';

export interface BrokerOptions extends Places {
  /** Vnodes of the cluster, 1..256. */
  readonly vnodes: number;
  /** The workers of this process: they get the events of the vnodes that no host has come for. */
  readonly link?: Link;
  /** When an event is acknowledged: `processed`, when it was handled (the default), or `stored`. */
  readonly ack?: 'processed' | 'stored';
  /** What vnode hosts show to be let in; without one only those of this machine are. */
  readonly clusterSecret?: string;
  /** Milliseconds that an event waits for a host; by default 30,000. */
  readonly hostPatience?: number;
  readonly limits?: Partial<Limits>;
  /** Where sessions, offline and retained messages are kept; by default in memory. Stays open when the broker closes. */
  readonly store?: Store;
  readonly authenticate?: Authenticate;
  readonly log: Logger;
  /** Why the vnodes cannot take events now; `undefined` when they can. */
  readonly notReady?: () => string | undefined;
  /** Metrics of others to show beside the broker's own. */
  readonly metrics?: () => readonly Metric[];
}

export interface Broker extends AsyncDisposable {
  readonly addresses: Addresses;
  readonly counters: Readonly<Counters>;
  /** Shows other certificates to who connects from now on. @throws N2O_LISTEN_FAILED: the old ones stay */
  renew(certificates: Certificates): void;
  /**
   * Takes no more connections and events, lets what is under way end, then closes all. Idempotent.
   * @param patience milliseconds to wait for what is under way
   */
  close(patience?: number): Promise<void>;
}

/** Milliseconds between two looks for sessions that are over. */
const SWEEP = 60_000;

/** Milliseconds between two looks for vnodes whose host is gone. */
const WATCH = 1_000;

/** Starts a broker; resolves when it listens. @throws N2O_LISTEN_FAILED, N2O_STORE_UNAVAILABLE */
export async function createBroker(options: BrokerOptions): Promise<Broker> {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const counters = createCounters();
  const deadlines = new Deadlines();
  const { store = createMemoryStore(), log } = options;
  const journal = new Journal({ store, onState: (down) => reportStore(log, down) });
  const archive = new Archive(store, journal, limits, counters, { bytes: 0 });
  const router = await Router.create(archive);
  const now = () => deadlines.now;
  const memory = new ReplyMemory(limits, now);
  const returning = new Returning(now);
  const sessions = new Sessions(archive, router);
  const wills = new Wills(archive);
  const answers = new Answers(router, counters);
  const hosts = new Hosts({
    vnodes: options.vnodes,
    local: options.link,
    patience: options.hostPatience ?? 30_000,
    now,
    refuse: (event, code) => event.settle('reply', answers.frame(event.payload, code)),
    end: (session) => sessions.end(session),
  });
  const events = new Events({
    link: hosts,
    counters,
    archive,
    storesFirst: options.ack === 'stored',
    windows: new Windows(limits, counters, options.vnodes),
    answers,
    memory,
    returning,
    sessionOf: (client) => sessions.get(client),
  });
  const storedEvents =
    options.ack === 'stored'
      ? new StoredEvents(archive, options.vnodes, events, memory)
      : undefined;
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
    archive,
    wills,
    stalled: new Stalled(archive),
    events,
    hosts,
    storedEvents,
    clusterSecret: options.clusterSecret,
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
  const metrics = () => [
    ...counted(counters),
    ...gauges(core, memory),
    ...(options.metrics?.() ?? []),
  ];
  const status = {
    notReady: () => {
      if (closing !== undefined) return 'closing';
      return archive.isDown ? 'the store does not answer' : options.notReady?.();
    },
    metrics: () => printMetrics(metrics()),
  };
  const listeners = createListeners(core, options, status, admit);

  const close = async (patience: number): Promise<void> => {
    listeners.close();
    for (const connection of connections) connection.intake.stop(CLOSING);
    const timeout = new AbortController();
    await Promise.race([events.drain(), elapsed(patience, timeout.signal)]);
    core.spool.flush();
    for (const connection of connections) connection.finish();
    clearInterval(sweeping);
    clearInterval(watching);
    wills.close();
    archive.unsaved.close();
    await Promise.race([journal.close().catch(() => {}), elapsed(patience, timeout.signal)]);
    timeout.abort();
    deadlines.close();
    await router.close();
    listeners.end();
  };
  const broker: Broker = {
    addresses: { mqtt: undefined, mqtts: undefined, http: undefined, https: undefined },
    counters,
    renew: (certificates) => listeners.renew(certificates),
    close: (patience = 10_000) => {
      closing ??= close(patience);
      return closing;
    },
    [Symbol.asyncDispose]: () => broker.close(),
  };
  const sweeping = setInterval(() => sessions.expire(), SWEEP).unref();
  const watching = setInterval(() => hosts.expire(), WATCH).unref();
  try {
    await restore(archive, sessions, router);
    await storedEvents?.restore();
    await wills.restore((client, will) => {
      publishWill(will, events.adopt(client, vnodeOf(client, options.vnodes)), core);
    });
    return Object.assign(broker, { addresses: await listeners.open() });
  } catch (error) {
    await broker.close(0);
    throw error;
  }
}

function reportStore(log: Logger, down: N2OError | undefined): void {
  if (down) log.error({ err: down }, 'the store does not answer, requests are answered busy');
  else log.info({}, 'the store answers again');
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
