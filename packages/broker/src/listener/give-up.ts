/** Who does not read an answer is given up, so that it does not hold a connection, a file and memory for ever. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds in which some more of an answer must have been read, however slowly. */
export const READ_TIMEOUT = 120_000;

/** Bytes of one write over TLS that may take that long: Node sees the end of such a write only. */
const UNSEEN = 1024 * 1024;

export class Patience {
  /** What each connection was answered last, or is being answered. */
  readonly #answers = new WeakMap<Socket, ServerResponse>();
  /** How often the time was over while an answer was not read. */
  readonly #silences = new WeakMap<ServerResponse, number>();

  /** An answer begins: none before it is under way on its connection. */
  begin(socket: Socket, response: ServerResponse): void {
    this.#answers.set(socket, response);
  }

  /** Is there something that was asked on this connection, and is not answered whole? */
  isBusy(socket: Socket): boolean {
    return this.#answers.get(socket)?.writableFinished === false;
  }

  /** Has connections of a server cut when its timeout is over, and there is no answer, or it is not read. */
  watch(server: Server): void {
    server.on('timeout', (socket) => this.#look(socket));
  }

  #look(socket: Socket): void {
    const response = this.#answers.get(socket);
    if (response === undefined || response.writableFinished) {
      socket.destroy();
      return;
    }
    const { writableLength, timeout = READ_TIMEOUT } = socket;
    // It waits for a vnode, which has a time of its own; what is written then starts the time again.
    if (writableLength === 0) return;
    const silences = (this.#silences.get(response) ?? 0) + 1;
    this.#silences.set(response, silences);
    if ('encrypted' in socket && writableLength > silences * UNSEEN) socket.setTimeout(timeout);
    else socket.destroy();
  }
}
