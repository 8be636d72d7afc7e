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
