/** Where the broker is that is to be probed, and as whom it is probed, read from a URL. */
import { N2OError } from '@n2o/shared';

/** What is shown and believed over TLS, as PEM. */
export interface Trust {
  /** Authorities in place of those that Node.js knows. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False believes any certificate. */
  readonly rejectUnauthorized?: boolean;
}

export interface Target {
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly trust?: Trust;
}

const PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1_883, 'mqtts:': 8_883 };

/**
 * Reads `mqtt[s]://[user[:password]@]host[:port]`.
 *
 * @throws N2OError `N2O_CONFIG_OPTION`, without the password in its text
 */
export function targetOf(url: string): Target {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const port = PORTS[parsed?.protocol ?? ''];
  if (!parsed || port === undefined || parsed.hostname === '') {
    const shown = url.replace(/\/\/[^@/]*@/, '//***@');
    throw new N2OError(
      'N2O_CONFIG_OPTION',
      `expected mqtt[s]://[user:password@]host[:port], got "${shown}"`,
    );
  }
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port || port),
    tls: parsed.protocol === 'mqtts:',
    ...(parsed.username && { username: decoded(parsed.username) }),
    ...(parsed.password && { password: decoded(parsed.password) }),
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
