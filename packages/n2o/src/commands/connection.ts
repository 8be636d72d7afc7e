/** How the commands that are clients connect. */
import type { ClientOptions } from '@n2o/client';
import type { Options } from '../options.ts';

/** Where an address that means "all of them" can be reached from here. */
const LOCAL: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** The broker's URL, and options for the client. */
export function connectionOf(options: Options): ClientOptions & { readonly url: string } {
  const { host, mqttPort, id, timeout, qos } = options;
  const name = LOCAL[host] ?? host;
  const url = options.url ?? `mqtt://${name.includes(':') ? `[${name}]` : name}:${mqttPort}`;
  return { url, timeout, connectTimeout: timeout, qos, ...(id !== undefined && { id }) };
}
