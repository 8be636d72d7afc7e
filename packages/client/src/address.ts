/** Where a broker is, read from its URL. */
import { type BrokerUrl, N2OError, readBrokerUrl, wrongUrl } from '@n2o/shared';

/** Without a port: the protocol's own. */
export type Address = BrokerUrl<'mqtt' | 'mqtts' | 'ws' | 'wss'>;

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
  const address = readBrokerUrl(url, PROTOCOLS);
  if (address) return address;
  throw new N2OError(
    'N2O_CONFIG_OPTION',
    `url: expected mqtt[s]://host[:port] or ws[s]://host[:port]/path, ${wrongUrl(url)}`,
  );
}
