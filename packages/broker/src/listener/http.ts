/** The HTTP port: health, readiness and metrics for operators, MQTT over WebSocket for browsers. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { Connection } from '../connection/connection.ts';
import type { Core } from '../core.ts';
import { answer, pathOf, type Status } from './status.ts';
import type { Admit } from './tcp.ts';
import { guard, settings, type Tls } from './tls.ts';

/** An HTTP server with `/healthz`, `/readyz`, `/metrics` and MQTT at `/mqtt`, over TLS where that is given; not listening yet. */
export function createHttpListener(core: Core, status: Status, admit: Admit, tls?: Tls): Server {
  const server = create(core, status, tls);
  // [MQTT-6.0.0-3]: the subprotocol is `mqtt`; `mqttv3.1` is what the 3.1 clients of old ask for.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: core.limits.packetSize + 64 * 1024,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has('mqtt') ? 'mqtt' : offered.has('mqttv3.1') ? 'mqttv3.1' : false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (pathOf(request) !== '/mqtt') {
      socket.once('finish', () => socket.destroy());
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const { remoteAddress, remotePort } = request.socket;
      // MQTT packets travel in binary frames only [MQTT-6.0.0-1]; heard before the stream has it.
      ws.on('message', (_, binary) => {
        if (!binary) connection.close();
      });
      const stream = createWebSocketStream(ws);
      const transport = Object.assign(stream, { destroySoon: () => stream.end() });
      const connection = new Connection(core, transport, `ws://${remoteAddress}:${remotePort}`);
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

function create(core: Core, status: Status, tls: Tls | undefined): Server {
  if (!tls) return createServer((request, response) => answer(request, response, status));
  const server = createSecureServer(settings(core, tls), (request, response) =>
    answer(request, response, status),
  );
  guard(server, core);
  return server;
}
