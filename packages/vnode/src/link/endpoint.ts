/** Where a broker is, and how a socket to it is made. */
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { N2OError, readBrokerUrl, wrongUrl } from '@n2o/shared';

/** What it takes to trust the broker, and to be trusted by it: texts in PEM. */
export interface Trust {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Accept any certificate. */
  readonly insecure?: boolean | undefined;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly trust: Trust;
  readonly username?: string;
  readonly password?: string;
  /** For people: without user and password. */
  readonly shown: string;
}

const PROTOCOLS = { 'mqtt:': 'mqtt', 'mqtts:': 'mqtts' } as const;

/** Reads `mqtt[s]://[user:pass@]host[:port]`. @throws N2O_CONFIG_OPTION */
export function readEndpoint(address: string, trust: Trust = {}): Endpoint {
  const read = readBrokerUrl(address, PROTOCOLS);
  if (!read) {
    throw new N2OError(
      'N2O_CONFIG_OPTION',
      `broker: expected mqtt[s]://host[:port], ${wrongUrl(address)}`,
    );
  }
  const { protocol, hostname: host, username, password } = read;
  const secure = protocol === 'mqtts';
  const { port = secure ? 8883 : 1883 } = read;
  return {
    host,
    port,
    secure,
    trust,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    shown: `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`,
  };
}

/** Begins to connect. */
export function dial({ host, port, secure, trust }: Endpoint): Socket {
  const { insecure = false, ...certificates } = trust;
  const socket = secure
    ? connectSecurely({ host, port, ...certificates, rejectUnauthorized: !insecure })
    : connect({ host, port });
  // Without it an acknowledgement waits for the one of TCP before it: 40 ms on many systems.
  return socket.setNoDelay(true).setKeepAlive(true, 30_000) as Socket;
}
