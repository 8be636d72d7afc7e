/** MQTT over TCP. */
import { createServer, type Server, type Socket } from 'node:net';
import { Connection } from '../connection/connection.ts';
import type { Core } from '../core.ts';

/** Takes a new connection in, or refuses it. */
export type Admit = (connection: Connection) => boolean;

/** A TCP server whose sockets are MQTT connections; not listening yet. */
export function createTcpListener(core: Core, admit: Admit): Server {
  // Without noDelay a reply waits for the delayed acknowledgement of the one before: 40 ms.
  return createServer({ noDelay: true, allowHalfOpen: false }, (socket) =>
    serve(core, socket, admit),
  );
}

/** Makes an MQTT connection of a socket. */
export function serve(core: Core, socket: Socket, admit: Admit): void {
  const connection = new Connection(core, socket, `${socket.remoteAddress}:${socket.remotePort}`);
  socket.on('error', () => connection.close());
  socket.on('close', () => connection.close());
  if (!admit(connection)) return;
  socket.on('data', (chunk) => connection.receive(chunk));
  socket.on('drain', () => connection.drained());
}
