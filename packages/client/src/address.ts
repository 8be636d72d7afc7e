/** Where a broker is, read from its URL. */
import { N2OError } from '@n2o/shared';

export interface Address {
  readonly protocol: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  readonly hostname: string;
  /** Default: the protocol's own. */
  readonly port?: number;
  /** Of a WebSocket, with the query. */
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
}

const PROTOCOLS: Readonly<Record<string, Address['protocol']>> = {
  'mqtt:': 'mqtt',
  'tcp:': 'mqtt',
  'mqtts:': 'mqtts',
  'ssl:': 'mqtts',
  'ws:': 'ws',
  'wss:': 'wss',
};

/**
 * Reads `mqtt[s]://[user[:password]@]host[:port]` or `ws[s]://…/path`.
 *
 * @throws N2OError `N2O_CONFIG_OPTION`, without the password in its text
 */
export function addressOf(url: string): Address {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const protocol = PROTOCOLS[parsed?.protocol ?? ''];
  if (!parsed || !protocol || parsed.hostname === '') {
    const shown = url.replace(/\/\/[^@/]*@/, '//***@');
    throw new N2OError(
      'N2O_CONFIG_OPTION',
      `url: expected mqtt[s]://host[:port] or ws[s]://host[:port]/path, got "${shown}"`,
    );
  }
  const { hostname, port, pathname, search, username, password } = parsed;
  const isWebSocket = protocol === 'ws' || protocol === 'wss';
  return {
    protocol,
    // A socket wants an IPv6 address bare, a WebSocket's URL in brackets.
    hostname: isWebSocket ? hostname : hostname.replace(/^\[|\]$/g, ''),
    ...(port && { port: Number(port) }),
    ...(isWebSocket && { path: pathname + search }),
    ...(username && { username: decoded(username) }),
    ...(password && { password: decoded(password) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % stands for itself.
    return text;
  }
}
