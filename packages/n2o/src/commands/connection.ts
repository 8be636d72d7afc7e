/** How the commands that are clients connect. */
import type { ClientOptions } from '@n2o/client';
import { N2OError } from '@n2o/shared';
import type { Options } from '../options.ts';

/** Where an address that means "all of them" can be reached from here. */
const LOCAL: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** The broker's URL, and options for the client. */
export function connectionOf(options: Options): ClientOptions & { readonly url: string } {
  const { host, mqttPort, id, timeout, qos } = options;
  const name = LOCAL[host] ?? host;
  if (options.url === undefined && mqttPort === 'off') {
    throw new N2OError('N2O_CONFIG_OPTION', 'url: it has to be given where mqttPort is off');
  }
  const url = options.url ?? `mqtt://${name.includes(':') ? `[${name}]` : name}:${mqttPort}`;
  return { url, timeout, connectTimeout: timeout, qos, ...(id !== undefined && { id }) };
}
