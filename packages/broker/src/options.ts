/** What a broker is started with, and what it is then. */
import type { Bus, Link, Logger, Store } from '@n2o/shared';
import type { Authenticate } from './core.ts';
import type { Counters } from './counters.ts';
import type { WebOptions } from './gateway/web.ts';
import type { Limits } from './limits.ts';
import type { Addresses, Places } from './listener/listeners.ts';
import type { Certificates } from './listener/tls.ts';
import type { Metric } from './metrics.ts';

export interface BrokerOptions extends Places {
  /** Vnodes of the cluster, 1..256. */
  readonly vnodes: number;
  /** The workers of this process: they get the events of the vnodes that no host has come for. */
  readonly link?: Link;
  /** When an event is acknowledged: `processed`, when it was handled (the default), or `stored`. */
  readonly ack?: 'processed' | 'stored';
  /** Clients of MQTT get their own actions only; by default they also get those of others that they subscribe to. */
  readonly privateActions?: boolean;
  /** What vnode hosts show to be let in; without one only those of this machine are. */
  readonly clusterSecret?: string;
  /** Milliseconds that an event waits for a host; by default 30,000. */
  readonly hostPatience?: number;
  readonly limits?: Partial<Limits>;
  /** Where sessions, offline and retained messages are kept; by default in memory. Stays open when the broker closes. */
  readonly store?: Store;
  /** Asked about clients of MQTT; pages show a session token to their module instead. */
  readonly authenticate?: Authenticate;
  /** What the HTTP port serves besides MQTT. */
  readonly web?: WebOptions;
  readonly log: Logger;
  /** Why the vnodes cannot take events now; `undefined` when they can. */
  readonly notReady?: () => string | undefined;
  /** Metrics of others to show beside the broker's own. */
  readonly metrics?: () => readonly Metric[];
}

export interface Broker extends AsyncDisposable {
  readonly addresses: Addresses;
  readonly counters: Readonly<Counters>;
  /** How server code of this process speaks to clients and topics. */
  readonly bus: Bus;
  /** Shows other certificates to who connects from now on. @throws N2O_LISTEN_FAILED: the old ones stay */
  renew(certificates: Certificates): void;
  /**
   * Takes no more connections and events, lets what is under way end, then closes all. Idempotent.
   * @param patience milliseconds to wait for what is under way
   */
  close(patience?: number): Promise<void>;
}
