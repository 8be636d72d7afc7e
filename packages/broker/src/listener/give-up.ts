/** Who does not read an answer is given up, so that it does not hold a connection, a file and memory for ever. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds in which some more of an answer must have been read, however slowly. */
export const READ_TIMEOUT = 120_000;

/** Bytes of one write over TLS that may take that long: Node sees the end of such a write only. */
const UNSEEN = 1024 * 1024;

/** Has a connection cut when its server's timeout is over, and this answer is not read. */
export function giveUpIfUnread(response: ServerResponse): void {
  let silences = 0;
  response.on('timeout', (socket: Socket) => {
    const { writableLength, timeout = READ_TIMEOUT } = socket;
    // It waits for a vnode, which has a time of its own; what is written then starts the time again.
    if (writableLength === 0) return;
    silences++;
    if ('encrypted' in socket && writableLength > silences * UNSEEN) socket.setTimeout(timeout);
    else socket.destroy();
  });
}
