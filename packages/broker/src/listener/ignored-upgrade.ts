/** Requests that offer another protocol than WebSocket: the offer is ignored, as HTTP has it. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Is it a WebSocket that a client wants? It may name more protocols than one. */
export function isWebSocket({ headers: { upgrade = '' } }: IncomingMessage): boolean {
  return /(?:^|,)\s*websocket\s*(?:,|$)/i.test(upgrade);
}

/**
 * Has a server read a request once more, without its offer [RFC 9110, section 7.8]: Node has read it
 * as the end of HTTP on this connection, and what it says about bodies and times must hold here too.
 * @param head what came behind the head of the request
 */
export function readWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { method, url, httpVersion, rawHeaders } = request;
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (!/^(?:upgrade|connection)$/i.test(name)) text += `${name}: ${rawHeaders[i + 1]}\r\n`;
  }
  // A connection comes this way once only, so that it does not gather listeners.
  text += 'Connection: close\r\n\r\n';
  socket.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]));
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket);
}
