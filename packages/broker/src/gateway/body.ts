/** The bodies of requests, as far as they are let in: each bounded, and all that are on their way together. */
import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '@n2o/shared';

/** Bytes for all bodies that have not arrived whole; where one may be large, some times that. */
const ALL = 64 * 1024 * 1024;
const SOME = 4;

/** Bytes that a body is given to begin with, however long it says it is: who says much may send little. */
const FIRST = 4 * 1024;

/** What came of a body: all of it, or what is wrong with it. */
type Then = (body: Uint8Array, refused: ErrorCode | undefined) => void;

/** No body. */
export const EMPTY: Uint8Array = new Uint8Array();

export class Bodies {
  readonly #limit: number;
  readonly #all: number;
  /** What bodies that are not whole take in memory, which may be more than has arrived of them. */
  #bytes = 0;

  /** @param limit bytes of one body */
  constructor(limit: number) {
    this.#limit = limit;
    this.#all = Math.max(ALL, SOME * limit);
  }

  /** Reads a body; calls back once with all of it or with what is wrong, or never when the client has gone. */
  read(request: IncomingMessage, then: Then): void {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && (length === undefined || length === '0')) {
      then(EMPTY, undefined);
      return;
    }
    if (Number(length) > this.#limit) {
      then(EMPTY, 'N2O_HTTP_BODY');
      return;
    }
    this.#collect(request, encoding === undefined ? Number(length) : this.#limit, then);
  }

  /** @param most bytes that may come: as many as the request says, or as one body may have */
  #collect(request: IncomingMessage, most: number, then: Then): void {
    // One buffer that grows: kept one by one, chunks of a byte would take hundreds of times their size.
    let held = EMPTY;
    let size = 0;
    const end = (body: Uint8Array | undefined, refused?: ErrorCode) => {
      request.off('data', add).off('end', whole).off('close', gone);
      this.#bytes -= held.length;
      if (body) then(body, refused);
    };
    const add = (chunk: Uint8Array) => {
      const total = size + chunk.length;
      if (total > most) {
        end(EMPTY, 'N2O_HTTP_BODY');
        return;
      }
      if (total > held.length) {
        // Nothing follows a chunk that is all there may be: it is held as it came.
        const isAll = chunk.length === most;
        const room = isAll ? most : Math.min(most, Math.max(FIRST, 2 * held.length, total));
        if (this.#bytes - held.length + room > this.#all) {
          end(EMPTY, 'N2O_BUSY_HTTP');
          return;
        }
        this.#bytes += room - held.length;
        held = isAll ? chunk : grown(held, size, room);
      }
      if (held !== chunk) held.set(chunk, size);
      size = total;
    };
    const whole = () => end(size === held.length ? held : held.subarray(0, size));
    const gone = () => end(undefined);
    request.on('data', add).on('end', whole).on('close', gone);
  }
}

/** The same bytes with room for more, in memory of their own: a part of a shared pool would keep all of it. */
function grown(bytes: Uint8Array, size: number, room: number): Uint8Array {
  const more = Buffer.allocUnsafeSlow(room);
  more.set(bytes.subarray(0, size));
  return more;
}
