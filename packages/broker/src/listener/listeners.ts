/** The doors of a broker: MQTT and HTTP, each plain and over TLS. */
import { Server as TlsServer } from 'node:tls';
import { N2OError } from '@n2o/shared';
import type { Core } from '../core.ts';
import { createHttpListener, type Doors } from './http.ts';
import { listen } from './listen.ts';
import type { Status } from './status.ts';
import { createTcpListener } from './tcp.ts';
import { type Certificates, checked, createTlsListener, type Tls } from './tls.ts';

/** Where a broker listens. Of ports, 0 picks a free one; `undefined` does not listen. */
export interface Places {
  /** Address to listen on. */
  readonly host: string;
  readonly mqttPort: number | undefined;
  readonly mqttsPort?: number | undefined;
  readonly httpPort: number | undefined;
  readonly httpsPort?: number | undefined;
  /** For the ports with an s, which need it. */
  readonly tls?: Tls | undefined;
}

const NAMES = ['mqtt', 'mqtts', 'http', 'https'] as const;

/** Where each listens: `host:port`. */
export type Addresses = Readonly<Record<(typeof NAMES)[number], string | undefined>>;

export interface Listeners {
  /** Resolves when all listen. @throws N2O_LISTEN_FAILED, also for certificates that are missing or no good */
  open(): Promise<Addresses>;
  /** Shows other certificates to who connects from now on. @throws N2O_LISTEN_FAILED: the old ones stay */
  renew(certificates: Certificates): void;
  /** Accepts nobody any more; connections stay. */
  close(): void;
  /** Ends the HTTP connections that are left. */
  end(): void;
}

/** Makes the listeners; none listens yet. */
export function createListeners(
  core: Core,
  places: Places,
  status: Status,
  doors: Doors,
): Listeners {
  const secure = (): Tls => {
    if (places.tls) return checked(places.tls);
    throw new N2OError('N2O_LISTEN_FAILED', 'a port for TLS needs a certificate and its key');
  };
  const create = {
    mqtt: () => createTcpListener(core, doors.admit),
    mqtts: () => createTlsListener(core, doors.admit, secure()),
    http: () => createHttpListener(core, status, doors),
    https: () => createHttpListener(core, status, doors, secure()),
  };
  const servers: ReturnType<(typeof create)[keyof typeof create]>[] = [];
  return {
    async open() {
      const addresses: { -readonly [name in keyof Addresses]: Addresses[name] } = {
        mqtt: undefined,
        mqtts: undefined,
        http: undefined,
        https: undefined,
      };
      for (const name of NAMES) {
        const port = places[`${name}Port`];
        if (port === undefined) continue;
        const server = create[name]();
        servers.push(server);
        addresses[name] = await listen(server, places.host, port, name, core.log);
      }
      return addresses;
    },
    renew(certificates) {
      const { cert, key, ca } = checked(certificates);
      for (const server of servers) {
        if (server instanceof TlsServer) server.setSecureContext({ cert, key, ca });
      }
    },
    close() {
      for (const server of servers) server.close();
    },
    end() {
      for (const server of servers) {
        if ('closeAllConnections' in server) server.closeAllConnections();
      }
    },
  };
}
