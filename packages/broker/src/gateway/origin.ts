/** Which pages may speak to this server: its own, and those of origins that are named. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Web } from './web.ts';

/**
 * Browsers say which page opens a WebSocket or sends a form, and send cookies along whatever the
 * page [RFC 6455, section 10.2]. Who says no origin is no browser.
 */
export function isWelcome({ origin, host }: IncomingHttpHeaders, origins: Web['origins']): boolean {
  if (origin === undefined || origins === '*' || origins.includes(origin)) return true;
  const own = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1];
  return own !== undefined && own.toLowerCase() === host?.toLowerCase();
}

/**
 * Is it a script of a page of this very origin? A header of one's own is what no form and no other
 * site's script can send unasked, and browsers of today say themselves where a request is from.
 */
export function isOwnPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  const isSame = site === undefined || site === 'same-origin';
  return isSame && headers.origin !== undefined && headers['x-auth-token'] !== undefined;
}
