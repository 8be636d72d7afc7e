/** Where a broker is, and how a socket to it is made. */
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { N2OError } from '@n2o/shared';

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

/** Reads `mqtt[s]://[user:pass@]host[:port]`. @throws N2O_CONFIG_OPTION */
export function readEndpoint(address: string, trust: Trust = {}): Endpoint {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const secure = url?.protocol === 'mqtts:';
  if (!url?.hostname || !(secure || url.protocol === 'mqtt:')) {
    throw new N2OError('N2O_CONFIG_OPTION', 'broker: expected mqtt[s]://host[:port]');
  }
  const port = Number(url.port) || (secure ? 8883 : 1883);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    secure,
    trust,
    ...(url.username && { username: decoded(url.username) }),
    ...(url.password && { password: decoded(url.password) }),
    shown: `${url.protocol}//${url.hostname}:${port}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % stands for itself.
    return text;
  }
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
