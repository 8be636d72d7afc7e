/** TLS: what the listeners show of themselves, whom they believe, and MQTT behind it. */
import {
  createSecureContext,
  createServer,
  type Server,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls';
import { N2OError, reason } from '@n2o/shared';
import type { Core } from '../core.ts';
import { type Admit, serve } from './tcp.ts';

/** Who a listener is; can be renewed while it listens. */
export interface Certificates {
  /** PEM: the certificate, and behind it those that lead to its authority. */
  readonly cert: string | Buffer;
  /** PEM: its key. */
  readonly key: string | Buffer;
  /** PEM: the authorities whose clients are believed. */
  readonly ca?: string | Buffer | undefined;
}

export interface Tls extends Certificates {
  /** Whether clients must, may or need not show a certificate; one that is shown must be good. */
  readonly clientAuth: 'none' | 'optional' | 'required';
}

/** A TLS server whose sockets are MQTT connections; not listening yet. */
export function createTlsListener(core: Core, admit: Admit, tls: Tls): Server {
  const server = createServer({ ...settings(core, tls), allowHalfOpen: false }, (socket) => {
    if (isBelieved(socket)) serve(core, socket, admit);
  });
  guard(server, core);
  return server;
}

/** Gives certificates back that can be used. @throws N2O_LISTEN_FAILED for others */
export function checked<Given extends Certificates>(certificates: Given): Given {
  const { cert, key, ca } = certificates;
  try {
    createSecureContext({ cert, key, ca });
    return certificates;
  } catch (cause) {
    throw new N2OError('N2O_LISTEN_FAILED', `certificates: ${reason(cause)}`, { cause });
  }
}

/** What Node's TLS and HTTPS servers are made with. */
export function settings(core: Core, { clientAuth, ...certificates }: Tls): TlsOptions {
  return {
    ...certificates,
    requestCert: clientAuth !== 'none',
    rejectUnauthorized: clientAuth === 'required',
    minVersion: 'TLSv1.2',
    handshakeTimeout: core.limits.connectTimeout,
    noDelay: true,
  };
}

/** Keeps away those who shake hands without end, or show what is not believed. */
export function guard(server: Server, core: Core): void {
  // A connection is counted only after its handshake: until then this is the bound.
  server.maxConnections = 2 * core.limits.connections;
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    if (!isBelieved(socket)) refuse(core, socket, socket.authorizationError);
  });
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    refuse(core, socket, error);
  });
}

function refuse(core: Core, socket: TLSSocket, why: unknown): void {
  const remote = `${socket.remoteAddress}:${socket.remotePort}`;
  core.log.debug({ remote, why: String(why) }, 'connection refused by TLS');
  socket.destroy();
}

/** Where certificates are optional, OpenSSL lets through one that is not good. */
function isBelieved(socket: TLSSocket): boolean {
  return socket.authorized || socket.getPeerX509Certificate() === undefined;
}
