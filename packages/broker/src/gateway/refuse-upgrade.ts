/** The answer to an upgrade that is not made. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers with a status and no body, and closes. */
export function refuseUpgrade(socket: Duplex, status: 403 | 404 | 503): void {
  socket.once('finish', () => socket.destroy());
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
  socket.end(`${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
