/** The options of a client: what a caller may give, and what becomes of it. */
import { FORMATS, type Format, isTopicName, MAX_VNODES, N2OError } from '@n2o/shared';
import { type Address, addressOf } from './address.ts';
import type { Backoff } from './backoff.ts';
import { MAX_PARCELS } from './outbox.ts';

/** Certificates for `mqtts:` and `wss:`; PEM text or bytes. */
export interface TlsOptions {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Accept a broker whose certificate is not trusted: for tests. Default true: refuse. */
  readonly rejectUnauthorized?: boolean;
}

/** What the broker publishes when the client vanishes without DISCONNECT. */
export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

export interface ClientOptions {
  /** Client id, one topic level. Default: a random one, kept as long as the client lives. */
  readonly id?: string;
  /** The `:vsn` level of the topics. Default `'1'`. */
  readonly version?: string;
  /**
   * For a broker that is not N2O's: how many vnodes the cluster has. The client then computes its
   * own `:node` and subscribes to its actions itself. Default: the broker does both.
   */
  readonly vnodes?: number;
  /** Begin a new session at each connection (MQTT's clean session). Default true. */
  readonly clean?: boolean;
  readonly username?: string;
  readonly password?: string;
  /** Seconds, 0 for none. Default 60. */
  readonly keepalive?: number;
  /** Milliseconds until an attempt to connect is given up. Default 10,000. */
  readonly connectTimeout?: number;
  /** Milliseconds that a call waits for its reply. Default 10,000. */
  readonly timeout?: number;
  /** Quality of service of what is sent. Default 1. */
  readonly qos?: 0 | 1 | 2;
  /** How messages are written. Default: strings as text, bytes as they are, all else as JSON. */
  readonly format?: Format;
  /**
   * Calls that may wait for their reply at once, and messages for their acknowledgement. Default 64;
   * no more than the replies that N2O's broker remembers of a client (1,024 by default), in case it
   * has to repeat its messages.
   */
  readonly inflight?: number;
  /** Wait between attempts to reconnect. Default 100 ms to 30 s. */
  readonly backoff?: Backoff;
  readonly tls?: TlsOptions;
  readonly will?: Will;
}

/**
 * What is at the other end: N2O's broker, which remembers how events ended; another broker; or N2O's
 * plain WebSocket, which speaks for one module and acknowledges nothing.
 */
export type Peer = 'n2o' | 'other' | 'socket';

/** Options that were checked, with defaults filled in. */
export interface Settings
  extends Required<Omit<ClientOptions, 'format' | 'password' | 'username' | 'vnodes' | 'will'>> {
  readonly address: Address;
  readonly peer: Peer;
  /** The vnode, for the topics of a broker that does not fill it in; else empty. */
  readonly node: string;
  /** The only module that can be spoken to; `undefined` for any. */
  readonly only: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly format: Format | undefined;
  readonly vnodes: number | undefined;
  readonly will: Will | undefined;
}

/** @throws N2OError `N2O_CONFIG_OPTION` */
export function settingsOf(url: string, options: ClientOptions): Settings {
  const { username, password, ...address } = addressOf(url);
  const settings: Settings = {
    address,
    peer: options.vnodes === undefined ? 'n2o' : 'other',
    node: '',
    only: undefined,
    username: options.username ?? username,
    password: options.password ?? password,
    id: options.id ?? `n2o-${randomName()}`,
    version: options.version ?? '1',
    vnodes: options.vnodes,
    clean: options.clean ?? true,
    keepalive: options.keepalive ?? 60,
    connectTimeout: options.connectTimeout ?? 10_000,
    timeout: options.timeout ?? 10_000,
    qos: options.qos ?? 1,
    format: options.format,
    inflight: options.inflight ?? 64,
    backoff: options.backoff ?? { min: 100, max: 30_000 },
    tls: options.tls ?? {},
    will: options.will,
  };
  check(isLevel(settings.id), 'id', 'one topic level: not empty, without / + #', settings.id);
  check(isLevel(settings.version), 'version', 'one topic level', settings.version);
  check(
    settings.vnodes === undefined || isWithin(settings.vnodes, 1, MAX_VNODES),
    'vnodes',
    `1..${MAX_VNODES}`,
    settings.vnodes,
  );
  check(isWithin(settings.keepalive, 0, 65_535), 'keepalive', '0..65535 s', settings.keepalive);
  check(settings.timeout > 0, 'timeout', 'more than 0 ms', settings.timeout);
  check([0, 1, 2].includes(settings.qos), 'qos', '0, 1 or 2', settings.qos);
  check(
    settings.format === undefined || FORMATS.includes(settings.format),
    'format',
    FORMATS.join(', '),
    settings.format,
  );
  check(
    isWithin(settings.inflight, 1, MAX_PARCELS),
    'inflight',
    `1..${MAX_PARCELS}`,
    settings.inflight,
  );
  return settings;
}

/** The error of what a plain WebSocket cannot do. */
export function withoutBroker(what: string): N2OError {
  return new N2OError('N2O_CLIENT_TRANSPORT', `over N2O's WebSocket there are no ${what}`);
}

/** Is this a name that can stand as one level of a topic? */
export function isLevel(name: string): boolean {
  return isTopicName(name) && !name.includes('/');
}

/** Twelve characters that nobody guesses. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function check(good: boolean, option: string, expected: string, value: unknown): void {
  if (good) return;
  throw new N2OError('N2O_CONFIG_OPTION', `${option}: expected ${expected}, got "${value}"`);
}
