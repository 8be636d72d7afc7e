/** What holds for hosts on our broker and on any other is tried out on both. */
import { createBroker } from '@n2o/broker';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import { SILENT } from '../support/broker.ts';
import { startMosquitto } from './mosquitto.ts';

export const VNODES = 16;

/** Name → starts one, gone with the test, and resolves with its URL. */
export const BROKERS: Readonly<Record<'ours' | 'mosquitto', () => Promise<string>>> = {
  async ours() {
    const options = { host: '127.0.0.1', mqttPort: 0, httpPort: undefined, log: SILENT };
    const broker = await createBroker({ ...options, vnodes: VNODES });
    onTestFinished(() => broker.close(0));
    return `mqtt://${broker.addresses.mqtt}`;
  },
  mosquitto: async () => (await startMosquitto()).url,
};

/** An MQTT.js client, gone with the test. */
export async function connect(url: string, options: IClientOptions): Promise<MqttClient> {
  const client = await mqtt.connectAsync(url, options);
  onTestFinished(() => client.endAsync(true));
  return client;
}

/** What a client is sent from now on. */
export function heardBy(client: MqttClient): string[] {
  const heard: string[] = [];
  client.on('message', (topic, payload, { qos }) => heard.push(`${topic} ${payload} q${qos}`));
  return heard;
}
