/** Connects a client as a program on Node does: over MQTT.js. */
import { createFormatters, vnodeOf } from '@n2o/shared';
import { Client } from './client.ts';
import { type ClientOptions, settingsOf } from './settings.ts';
import { mqttTransport } from './transport.ts';

/**
 * Connects to a broker.
 *
 * @param url `mqtt://`, `mqtts://`, `ws://` or `wss://`, with host, port and path
 * @throws N2OError `N2O_CONFIG_OPTION`; `N2O_CLIENT_CONNECT` when the first attempt fails
 */
export async function connect(url: string, options: ClientOptions = {}): Promise<Client> {
  const checked = settingsOf(url, options);
  const { id, vnodes } = checked;
  const settings = { ...checked, node: vnodes === undefined ? '' : String(vnodeOf(id, vnodes)) };
  const formatters = createFormatters();
  const client = new Client({ settings, formatters, open: mqttTransport(settings) });
  await client.start();
  return client;
}
