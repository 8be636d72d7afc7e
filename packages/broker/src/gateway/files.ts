/** Files: those of the application for anybody, and those of the browser client. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@n2o/shared';
import send from 'send';
import { respondError } from './respond.ts';

/** Browsers keep them, and ask each time whether they still hold: they change with the application. */
const CACHING = 'no-cache';

/**
 * Serves the files of a folder: types, ranges, `ETag` and `Last-Modified`; `index.html` for a folder.
 * Names with a leading dot, and what leads out of the folder, are not there.
 * @param path below the folder, still encoded
 */
export function sendFile(
  root: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  log: Logger,
): void {
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
    } else if (status < 500) respondError(response, 'N2O_HTTP_PATH');
    else {
      log.error({ err: error, path }, 'file not served');
      respondError(response, 'N2O_HTTP_FAILED');
    }
  });
  sending.pipe(response);
}
