/** Files: those of the application for anybody, and those of the browser client. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@n2o/shared';
import send from 'send';
import { respondError } from './respond.ts';

export interface Around {
  readonly log: Logger;
  /** Answers where there is no such file. */
  readonly missing: () => void;
}

/** Browsers keep them, and ask each time whether they still hold: they change with the application. */
const CACHING = 'no-cache';

/** What no browser asks for, which takes such dots away: a redirection to it could lead to another host. */
const CROOKED = /\\|%5c|\/(?:\.|%2e){1,2}(?:\/|$)/i;

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
  { log, missing }: Around,
): void {
  if (CROOKED.test(path)) {
    missing();
    return;
  }
  const sending = send(request, path, { root, dotfiles: 'ignore', cacheControl: false });
  response.setHeader('cache-control', CACHING);
  response.setHeader('x-content-type-options', 'nosniff');
  sending.on('error', (error: { status?: number }) => {
    const { status = 500 } = error;
    response.removeHeader('cache-control');
    if (status === 416) {
      // `send` has said how long the file is [RFC 9110, section 15.5.17].
      response.writeHead(416);
      response.end();
    } else if (status === 404 && others.length > 0) {
      sendFile(others, path, request, response, { log, missing });
    } else if (status === 404) missing();
    else if (status < 500) respondError(response, 'N2O_HTTP_PATH');
    else {
      log.error({ err: error, path }, 'file not served');
      respondError(response, 'N2O_HTTP_FAILED');
    }
  });
  sending.pipe(response);
}
