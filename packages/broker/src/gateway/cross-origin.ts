/** Lets the pages of other origins that are welcome use resources, as the Fetch standard has it. */
import {
  type IncomingMessage,
  type ServerResponse,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http';
import { REQUEST_HEADERS } from '@n2o/shared';
import { METHODS } from './place.ts';
import type { Web } from './web.ts';

/** What a script may send: the headers that modules get, without those that only browsers say. */
const SENT = REQUEST_HEADERS.filter((name) => !/^(?:cookie|host|origin)$/.test(name)).join(', ');

/** What a script may read of an answer, besides what all may. */
const READ = 'allow, etag, link, location, retry-after';

/** Seconds for which a browser need not ask again. */
const LIFETIME = '600';

/** What is said here of an answer, whatever it turns out to be. */
const OURS = /^(?:vary|access-control-.*)$/;

const NAMES_ORIGIN = /(?:^|,)\s*(?:\*|origin)\s*(?:,|$)/i;

/**
 * Has the browser show the answer to the page that asks, where its origin is named or all are; answers
 * by itself, with true, where the browser asks first whether it may. Credentials are never allowed: a
 * script of another origin shows the token that it has, and not the cookie of who sits before it.
 */
export function share(
  origin: string,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  origins: Web['origins'],
): boolean {
  const welcome = origins === '*' ? '*' : origins.includes(origin) ? origin : undefined;
  if (welcome === undefined) return false;
  response.setHeader('access-control-allow-origin', welcome);
  response.setHeader('vary', 'origin');
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
    response.setHeader('access-control-expose-headers', READ);
    return false;
  }
  const methods = METHODS.rest.join(', ');
  response.writeHead(204, [
    ...['allow', methods, 'access-control-allow-methods', methods],
    ...['access-control-allow-headers', SENT, 'access-control-max-age', LIFETIME],
  ]);
  response.end();
  return true;
}

/**
 * Puts what a module says beside what is said here: its own `access-control-…` count, and `vary` has
 * both. All is looked at before: Node would keep what comes ahead of a fault for the next answer.
 * @param head names and values in turn; changed
 * @throws whatever Node finds wrong with them
 */
export function putBeside(head: string[]): void {
  for (let i = 0; i < head.length; i += 2) {
    const [name, value] = [head[i] as string, head[i + 1] as string];
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (name === 'vary' && !NAMES_ORIGIN.test(value)) head[i + 1] = `${value}, origin`;
  }
}

/** Takes back what was said of an answer that is not given, but for what holds for any other, too. */
export function forget(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) {
    if (!OURS.test(name)) response.removeHeader(name);
  }
}
