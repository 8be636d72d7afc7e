/** Files: those of the application for anybody, and those of the browser client. */
import type { ReadStream, Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Logger, N2OError } from '@n2o/shared';
import send from 'send';
import { forget } from './cross-origin.ts';
import { respondError } from './respond.ts';

export interface Around {
  readonly log: Logger;
  /** Answers where there is no such file. */
  readonly missing: () => void;
  /** May folders be asked for, too? Who leaves out the slash at the end is sent to where it is. */
  readonly folders: boolean;
}

/** Browsers keep them, and ask each time whether they still hold: they change with the application. */
const CACHING = 'no-cache';

/** What no browser asks for, which takes such dots away: a redirection to it could lead to another host. */
const CROOKED = /\\|%5c|\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** So many bytes from the end: where the file has fewer, all of it is meant [RFC 9110, section 14.1.2]; `send` refuses that. */
const SUFFIX = /^bytes=-0*[1-9]\d*$/;

/**
 * Serves the files of a folder: types, ranges, `ETag` and `Last-Modified`; `index.html` for a folder.
 * Names with a leading dot, and what leads out of the folder, are not there. Of several folders the
 * first that has the file counts.
 * @param path below the folder, still encoded
 */
export function sendFile(
  [root = '', ...others]: readonly string[],
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  around: Around,
): void {
  const { log, missing, folders } = around;
  if (CROOKED.test(path)) {
    missing();
    return;
  }
  const sending = send(request, path, { root, dotfiles: 'ignore', cacheControl: false });
  response.setHeader('cache-control', CACHING);
  response.setHeader('x-content-type-options', 'nosniff');
  sending.on('file', (_path: string, { mtime }: Stats) => {
    // Parts are there for GET alone [RFC 9110, section 14.2].
    if (request.method === 'HEAD' || isOfAnother(request, mtime)) delete request.headers.range;
  });
  sending.on('directory', () => {
    if (folders) {
      redirect(path, request, response);
      return;
    }
    forget(response);
    missing();
  });
  const breakOff = (err: unknown) => {
    // Too late for another answer: only a connection that breaks tells that the file is not whole.
    log.error({ err, path }, 'file not served whole');
    response.destroy();
  };
  sending.on('stream', (file: ReadStream) => {
    const length = Number(response.getHeader('content-length'));
    // Somebody has made it shorter. The next answer on the connection would be taken for the rest of it.
    file.on('end', () => {
      if (file.bytesRead !== length)
        breakOff(new N2OError('N2O_HTTP_FAILED', 'the file has changed'));
    });
  });
  sending.on('error', (error: { status?: number }) => {
    const { status = 500 } = error;
    if (response.headersSent) {
      breakOff(error);
      return;
    }
    if (status === 416 && SUFFIX.test(request.headers.range ?? '')) {
      delete request.headers.range;
      forget(response);
      sendFile([root, ...others], path, request, response, around);
      return;
    }
    if (status === 412 || status === 416) {
      // `send` has said what the file is, and how long [RFC 9110, sections 15.5.13 and 15.5.17].
      response.removeHeader('cache-control');
      response.removeHeader('content-type');
      response.statusCode = status;
      response.end();
      return;
    }
    forget(response);
    if (status === 404 && others.length > 0) sendFile(others, path, request, response, around);
    else if (status === 404) missing();
    else if (status < 500) respondError(response, 'N2O_HTTP_PATH');
    else {
      log.error({ err: error, path }, 'file not served');
      respondError(response, 'N2O_HTTP_FAILED');
    }
  });
  sending.pipe(response);
}

/**
 * Does who asks for a part have one of a file with another date? It would put together what does not
 * belong together [RFC 9110, section 13.1.5]; for `send` each later date will do. Tags it compares well.
 */
function isOfAnother({ headers: { 'if-range': held } }: IncomingMessage, mtime: Date): boolean {
  return held !== undefined && !held.includes('"') && held !== mtime.toUTCString();
}

/** Sends on to the folder of this name, where the links of its page lead to the right place. */
function redirect(path: string, { url = '' }: IncomingMessage, response: ServerResponse): void {
  const mark = url.indexOf('?');
  const query = mark < 0 ? '' : url.slice(mark);
  // What begins with two slashes would be another host.
  response.setHeader('location', `${path.replace(/^\/+/, '/')}/${query}`);
  response.statusCode = 301;
  response.end();
}
