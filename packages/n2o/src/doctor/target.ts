/** Where the broker is that is to be probed, and as whom it is probed, read from a URL. */
import { N2OError, readBrokerUrl, wrongUrl } from '@n2o/shared';

/** What is shown and believed over TLS, as PEM. */
export interface Trust {
  /** Authorities in place of those that Node.js knows. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False believes any certificate. */
  readonly rejectUnauthorized?: boolean;
}

export interface Target {
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly trust?: Trust;
}

const PROTOCOLS = { 'mqtt:': 'mqtt', 'mqtts:': 'mqtts' } as const;

/**
 * Reads `mqtt[s]://[user[:password]@]host[:port]`.
 *
 * @throws N2OError `N2O_CONFIG_OPTION`, without the password in its text
 */
export function targetOf(url: string): Target {
  const read = readBrokerUrl(url, PROTOCOLS);
  if (!read) {
    throw new N2OError(
      'N2O_CONFIG_OPTION',
      `expected mqtt[s]://[user:password@]host[:port], ${wrongUrl(url)}`,
    );
  }
  const { protocol, hostname: host, port, ...user } = read;
  const tls = protocol === 'mqtts';
  return { host, port: port ?? (tls ? 8_883 : 1_883), tls, ...user };
}
