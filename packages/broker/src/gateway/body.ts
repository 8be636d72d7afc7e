/** The bodies of requests, as far as they are let in: each bounded, and all that are on their way together. */
import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '@n2o/shared';

/** Bytes of all bodies that have not arrived whole; where one may be large, some times that. */
const ALL = 64 * 1024 * 1024;
const SOME = 4;

/** No body. */
export const EMPTY: Uint8Array = new Uint8Array();

export class Bodies {
  readonly #limit: number;
  readonly #all: number;
  /** What has arrived of bodies that are not whole. */
  #bytes = 0;

  /** @param limit bytes of one body */
  constructor(limit: number) {
    this.#limit = limit;
    this.#all = Math.max(ALL, SOME * limit);
  }

  /** Reads a body; calls back once with all of it or with what is wrong, or never when the client has gone. */
  read(
    request: IncomingMessage,
    then: (body: Uint8Array, refused: ErrorCode | undefined) => void,
  ): void {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && (length === undefined || length === '0')) {
      then(EMPTY, undefined);
      return;
    }
    if (Number(length) > this.#limit) {
      then(EMPTY, 'N2O_HTTP_BODY');
      return;
    }
    this.#collect(request, then);
  }

  #collect(
    request: IncomingMessage,
    then: (body: Uint8Array, refused: ErrorCode | undefined) => void,
  ): void {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (body: Uint8Array | undefined, refused?: ErrorCode) => {
      request.off('data', add).off('end', whole).off('close', gone);
      this.#bytes -= size;
      if (body) then(body, refused);
    };
    const add = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      this.#bytes += chunk.length;
      if (size > this.#limit) end(EMPTY, 'N2O_HTTP_BODY');
      else if (this.#bytes > this.#all) end(EMPTY, 'N2O_BUSY_HTTP');
    };
    const whole = () => end(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    const gone = () => end(undefined);
    request.on('data', add).on('end', whole).on('close', gone);
  }
}
