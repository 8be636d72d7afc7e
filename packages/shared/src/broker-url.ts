/** The address of a broker as people write it: read here for clients, hosts, probes and options. */
import { unescaped } from './percent.ts';

export interface BrokerUrl<Protocol extends string> {
  readonly protocol: Protocol;
  /** A name or an address; an IPv6 one bare, as a socket wants it, but for a WebSocket in brackets. */
  readonly hostname: string;
  /** 1..65535; not there where none is said. */
  readonly port?: number;
  /** Of a WebSocket, with the query. */
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
}

/**
 * Reads `scheme://[user[:password]@]host[:port]`, of a WebSocket with a path; `undefined` where it is
 * anything else. A lone % in user or password stands for itself.
 *
 * @param protocols what each scheme stands for, as `mqtt:`
 */
export function readBrokerUrl<Protocol extends string>(
  url: string,
  protocols: Readonly<Record<string, Protocol>>,
): BrokerUrl<Protocol> | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const { hostname, port, hash, username, password } = parsed;
  const protocol = protocols[parsed.protocol];
  const path = parsed.pathname + parsed.search;
  const isWeb = protocol?.[0] === 'w';
  // With a / ? or # as it is, what should be user and password would be host and path.
  const isOver = hash || (!isWeb && path.length > 1);
  if (!protocol || !hostname || port === '0' || isOver) return undefined;
  return {
    protocol,
    hostname: isWeb ? hostname : hostname.replace(/^\[|]$/g, ''),
    ...(port && { port: Number(port) }),
    ...(isWeb && { path }),
    ...(username && { username: unescaped(username) ?? username }),
    ...(password && { password: unescaped(password) ?? password }),
  };
}

/** The address for a message that says it is wrong: without user and password, however badly they are written. */
export function wrongUrl(url: string): string {
  const said = `${url}`;
  const shown = said.replace(/^([^@]*?\/\/)?.*@/s, '$1***@');
  const hint = shown === said ? '' : ' (in user and password / ? # are %2F %3F %23)';
  return `got "${shown}"${hint}`;
}
