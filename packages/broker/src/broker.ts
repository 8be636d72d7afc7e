/** The broker: listeners, connections, sessions and routing joined into one server. */
import { type Logger, type N2OError, vnodeOf } from '@n2o/shared';
import { createMemoryStore, Journal } from '@n2o/store';
import type { Connection } from './connection/connection.ts';
import { Deadlines } from './connection/deadlines.ts';
import { CLOSING } from './connection/intake.ts';
import { leave, publishWill } from './connection/leave.ts';
import { Spool } from './connection/output.ts';
import type { Core } from './core.ts';
import { createCounters } from './counters.ts';
import { Gateway } from './gateway/gateway.ts';
import type { PageSocket } from './gateway/page-socket.ts';
import { counted, gauges } from './gauges.ts';
import { Archive } from './keeping/archive.ts';
import { restore } from './keeping/restore.ts';
import { Stalled } from './keeping/stalled.ts';
import { Wills } from './keeping/wills.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { createListeners } from './listener/listeners.ts';
import { printMetrics } from './metrics.ts';
import type { Broker, BrokerOptions } from './options.ts';
import { Answers } from './routing/answers.ts';
import { BrokerBus } from './routing/bus.ts';
import { Events } from './routing/events.ts';
import { Hosts } from './routing/hosts.ts';
import { Router } from './routing/router.ts';
import { StoredEvents } from './routing/stored-events.ts';
import { Tells } from './routing/tells.ts';
import { Windows } from './routing/windows.ts';
import { ReplyMemory } from './session/memory.ts';
import { Returning } from './session/returning.ts';
import { Sessions } from './session/sessions.ts';

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
  const router = await Router.create(archive, options.privateActions ?? false);
  const now = () => deadlines.now;
  const memory = new ReplyMemory(limits, now);
  const returning = new Returning(now);
  const sessions = new Sessions(archive, router);
  const wills = new Wills(archive);
  const guests = new Map<string, PageSocket>();
  const answers = new Answers(router, counters, guests);
  const hosts = new Hosts({
    vnodes: options.vnodes,
    local: options.link,
    patience: options.hostPatience ?? 30_000,
    now,
    refuse: (event, code) => {
      // To who is told something, and has not asked for it, an error says nothing.
      if (event.route.origin === 'server') event.settle('silent');
      else event.settle('reply', answers.frame(event.payload, code));
    },
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
    guests,
  });
  const storedEvents =
    options.ack === 'stored'
      ? new StoredEvents(archive, options.vnodes, events, memory)
      : undefined;
  const tells = new Tells(events, options.vnodes);
  const bus = new BrokerBus({ router, events, tells, archive, counters, log });
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
    answers,
    events,
    guests,
    hosts,
    tells,
    storedEvents,
    clusterSecret: options.clusterSecret,
    authenticate: options.authenticate,
    get connections() {
      return connections.size + guests.size;
    },
    left(connection) {
      connections.delete(connection);
      leave(connection, core, memory);
    },
  };
  const gateway = new Gateway(core, options.web ?? {}, guests);
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
  const listeners = createListeners(core, options, status, { admit, gateway });

  const close = async (patience: number): Promise<void> => {
    listeners.close();
    gateway.stop();
    for (const connection of connections) connection.intake.stop(CLOSING);
    const timeout = new AbortController();
    await Promise.race([events.drain(), elapsed(patience, timeout.signal)]);
    bus.close();
    core.spool.flush();
    for (const connection of connections) connection.finish();
    gateway.close();
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
    bus,
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
      publishWill(will, events.loadOf(client, vnodeOf(client, options.vnodes)), core);
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
