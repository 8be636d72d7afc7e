/** Writes answers of HTTP: what a vnode says, and errors. */
import type { ServerResponse } from 'node:http';
import { ERRORS, type ErrorCode, type HttpResponse, httpStatus } from '@n2o/shared';
import { putBeside } from './cross-origin.ts';

/** Seconds after which it is worth trying again. */
const RETRY_AFTER = '1';

/** Bytes of a body up to which Node is given it as text: it writes that in one go with the head. */
const JOINED = 16 * 1024;

/** Headers that are the connection's or are said for all answers, and not for a module to say. */
const OURS =
  /^(?:connection|content-length|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|x-content-type-options)$/;

/** Scripts of the page's own server only: what stands in the page itself does not run. */
const POLICY = "script-src 'self'";

/**
 * Sends what a vnode answers, with the headers that every answer has.
 * @throws whatever Node finds wrong with the headers; nothing is sent then
 */
export function respond(
  response: ServerResponse,
  { status, headers, body }: HttpResponse<Uint8Array>,
  isPage: boolean,
): void {
  const bare = status === 204 || status === 304;
  const head: string[] = ['x-content-type-options', 'nosniff'];
  if (!headers.has('referrer-policy')) head.push('referrer-policy', 'same-origin');
  if (isPage && !headers.has('content-security-policy')) {
    head.push('content-security-policy', POLICY);
  }
  if (!bare) head.push('content-length', lengthOf(response, headers, body));
  for (const [name, value] of headers) {
    if (!OURS.test(name)) head.push(name, value);
  }
  // Somebody has said to whom the answer may be shown, as never of a page.
  if (!isPage && response.hasHeader('vary')) putBeside(head);
  response.writeHead(status, head);
  if (bare || body.length === 0 || response.req.method === 'HEAD') response.end();
  else if (body.length > JOINED) response.end(body);
  else response.end(latin1(body), 'latin1');
}

/**
 * A vnode is believed only where nothing follows, as it does not after HEAD: the next answer on the
 * connection begins where this one ends.
 */
function lengthOf(
  { req }: ServerResponse,
  headers: ReadonlyMap<string, string>,
  { length }: Uint8Array,
): string {
  const said = length === 0 && req.method === 'HEAD' ? headers.get('content-length') : undefined;
  return said ?? `${length}`;
}

/** Sends an error as `{"code":…,"message":…}`. */
export function respondError(
  response: ServerResponse,
  code: string,
  message: string = ERRORS[code as ErrorCode] ?? code,
): void {
  const status = httpStatus(code);
  const body = Buffer.from(JSON.stringify({ code, message }));
  const head = [
    ...['content-type', 'application/json', 'content-length', `${body.length}`],
    ...['cache-control', 'no-store', 'x-content-type-options', 'nosniff'],
  ];
  if (status === 503) head.push('retry-after', RETRY_AFTER);
  response.writeHead(status, head);
  response.end(body);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
