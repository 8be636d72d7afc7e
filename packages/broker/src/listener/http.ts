/** The HTTP port: health, readiness and metrics for operators, MQTT over WebSocket for browsers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { Connection } from '../connection/connection.ts';
import type { Core } from '../core.ts';

/** What the pages of the HTTP port say. */
export interface Status {
  /** Why the server is not ready to take events; `undefined` when it is. */
  notReady(): string | undefined;
  /** The metrics, in Prometheus' text format. */
  metrics(): string;
}

/** An HTTP server with `/healthz`, `/readyz`, `/metrics` and MQTT at `/mqtt`; not listening yet. */
export function createHttpListener(
  core: Core,
  status: Status,
  admit: (connection: Connection) => boolean,
): Server {
  const server = createServer((request, response) => answer(request, response, status));
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
      const connection = new Connection(core, transport, `${remoteAddress}:${remotePort}`);
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

function answer(request: IncomingMessage, response: ServerResponse, status: Status): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    send(response, 405, 'method not allowed\n');
    return;
  }
  switch (pathOf(request)) {
    case '/healthz':
      send(response, 200, 'ok\n');
      break;
    case '/readyz': {
      const reason = status.notReady();
      send(response, reason === undefined ? 200 : 503, `${reason ?? 'ready'}\n`);
      break;
    }
    case '/metrics':
      send(response, 200, status.metrics());
      break;
    default:
      send(response, 404, 'not found\n');
  }
}

function send(response: ServerResponse, code: number, body: string): void {
  response.writeHead(code, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] as string;
}
