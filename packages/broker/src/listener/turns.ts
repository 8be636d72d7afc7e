/** Requests that come before those ahead of them on their connection are answered: each waits for its turn. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that may wait; it is not read from while there are more. */
const WAITING = 64;

/**
 * Nothing is done for a request that waits: Node would keep its whole answer, or the open file, until
 * the client has read all that is ahead of it, and the file for ever where that never comes. And what
 * changes something is done before what is asked behind it [RFC 9112, section 9.3.2].
 */
export class Turns {
  readonly #waiting = new WeakMap<Socket, number>();

  /** Calls back when the answers ahead have left; never, when the connection ends before. */
  wait({ socket }: IncomingMessage, response: ServerResponse, then: () => void): void {
    if (this.#count(socket, 1) > WAITING) socket.pause();
    response.once('socket', () => {
      if (this.#count(socket, -1) === WAITING) socket.resume();
      then();
    });
  }

  #count(socket: Socket, more: number): number {
    const count = (this.#waiting.get(socket) ?? 0) + more;
    this.#waiting.set(socket, count);
    return count;
  }
}
