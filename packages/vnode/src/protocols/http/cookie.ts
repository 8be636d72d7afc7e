/** The token of a session on its way through a browser: as a cookie, or as a header of its own. */
import type { HttpRequest, Identity } from '@n2o/shared';

const NAME = 'n2o-token';
/** N2O's own name for it. */
const ALIAS = 'X-Auth-Token';

/** The token that a request shows; empty where it shows none. */
export function tokenOf(request: HttpRequest): string {
  return request.headers.get('x-auth-token') || cookieTokenOf(request);
}

/** The one that the browser has kept, whatever a script says besides. */
export function cookieTokenOf({ headers }: HttpRequest): string {
  const cookies = readCookies(headers.get('cookie') ?? '');
  return cookies.get(NAME) ?? cookies.get(ALIAS) ?? '';
}

/** `Set-Cookie` for a session: no script reads it, no other site sends it along with a form; over TLS it is for TLS alone. */
export function cookieOf({ token, until }: Identity, { scheme }: HttpRequest): string {
  const expires = Number.isFinite(until) ? `; Expires=${new Date(until).toUTCString()}` : '';
  const secure = scheme === 'https' ? '; Secure' : '';
  return `${NAME}=${token}; Path=/${expires}; HttpOnly; SameSite=Lax${secure}`;
}

/** Of several cookies with one name, the first counts: it has the longer path [RFC 6265, section 5.4]. */
function readCookies(text: string): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of text.split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0 && !cookies.has(name)) cookies.set(name, unquoted(pair.slice(at + 1).trim()));
  }
  return cookies;
}

function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}
