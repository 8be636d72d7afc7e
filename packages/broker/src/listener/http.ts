/** The HTTP port: health, readiness and metrics for operators; pages, files and MQTT over WebSocket for browsers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import { N2OError } from '@n2o/shared';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { Connection } from '../connection/connection.ts';
import type { Core } from '../core.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { refuseUpgrade } from '../gateway/refuse-upgrade.ts';
import { Patience, READ_TIMEOUT } from './give-up.ts';
import { isWebSocket, readWithoutUpgrade } from './ignored-upgrade.ts';
import { answer, isStatusPath, pathOf, type Status } from './status.ts';
import type { Admit } from './tcp.ts';
import { guard, settings, type Tls } from './tls.ts';
import { Turns } from './turns.ts';

/** Milliseconds in which a request must have arrived whole. */
const REQUEST_TIMEOUT = 60_000;

/** Who takes in what comes over HTTP. */
export interface Doors {
  /** MQTT. */
  readonly admit: Admit;
  /** All else. */
  readonly gateway: Gateway;
}

/** An HTTP server with `/healthz`, `/readyz`, `/metrics`, MQTT at `/mqtt` and the gateway's, over TLS where that is given; not listening yet. */
export function createHttpListener(
  core: Core,
  status: Status,
  { admit, gateway }: Doors,
  tls?: Tls,
): Server {
  const patience = new Patience();
  const turns = new Turns();
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    patience.begin(request.socket, response);
    const path = pathOf(request);
    if (isStatusPath(path) || !gateway.answer(path, request, response)) {
      answer(request, response, status);
    }
  };
  const server = create(core, tls, (request, response) => {
    // Node gives the connection to an answer once those ahead of it have left.
    if (response.socket) serve(request, response);
    else turns.wait(request, response, () => serve(request, response));
  });
  patience.watch(server);
  // [MQTT-6.0.0-3]: the subprotocol is `mqtt`; `mqttv3.1` is what the 3.1 clients of old ask for.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: core.limits.packetSize + 64 * 1024,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has('mqtt') ? 'mqtt' : offered.has('mqttv3.1') ? 'mqttv3.1' : false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node would write what is still to be answered into the WebSocket, or hold it for ever.
    if (patience.isBusy(request.socket)) {
      socket.destroy();
      return;
    }
    if (!isWebSocket(request)) {
      readWithoutUpgrade(server, request, socket, head);
      return;
    }
    socket.on('error', () => socket.destroy());
    const path = pathOf(request);
    if (path !== '/mqtt') {
      gateway.upgrade(path, request, socket, head);
      return;
    }
    if (!gateway.isWelcome(request)) {
      refuseUpgrade(socket, 403);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const { remoteAddress, remotePort } = request.socket;
      // MQTT packets travel in binary frames only [MQTT-6.0.0-1]; heard before the stream has it.
      ws.on('message', (_, binary) => {
        if (!binary) connection.fail(new N2OError('N2O_PACKET_UNEXPECTED'));
      });
      const stream = createWebSocketStream(ws);
      const transport = Object.assign(stream, {
        destroySoon: () => stream.end(),
        setKeepAlive: (on: boolean, delay: number) => request.socket.setKeepAlive(on, delay),
      });
      const connection = new Connection(core, transport, `ws://${remoteAddress}:${remotePort}`);
      // What ws does not take; heard behind the stream, which leaves it to ws to say the code.
      ws.on('error', (error) => connection.fail(faultOf(error)));
      // A WebSocket that breaks does not end the stream.
      ws.on('close', () => connection.close());
      stream.on('error', () => connection.close());
      stream.on('close', () => connection.close());
      if (!admit(connection)) return;
      stream.on('data', (chunk: Buffer) => connection.receive(chunk));
      stream.on('drain', () => connection.drained());
    });
  });
  return server;
}

/** What is wrong with a frame, as it is counted and logged of a packet. */
function faultOf(error: Error): N2OError {
  const isTooLong = 'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
  return new N2OError(isTooLong ? 'N2O_PACKET_LIMIT' : 'N2O_PACKET_MALFORMED', error.message);
}

function create(
  core: Core,
  tls: Tls | undefined,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  // Who says its request slowly is told so by Node, with 408.
  const headersTimeout = core.limits.connectTimeout;
  const requestTimeout = Math.max(REQUEST_TIMEOUT, headersTimeout);
  const patience = { headersTimeout, requestTimeout, noDelay: true };
  const server = tls
    ? createSecureServer({ ...patience, ...settings(core, tls) }, onRequest)
    : createServer(patience, onRequest);
  server.timeout = Math.max(READ_TIMEOUT, requestTimeout);
  if (server instanceof TlsServer) guard(server, core);
  else server.maxConnections = 2 * core.limits.connections;
  return server;
}
