/** A real broker on free ports with a link of the test, gone when the test is over. */
import type { Broker, BrokerOptions, createBroker } from '@n2o/broker';
import type { Logger } from '@n2o/shared';
import { onTestFinished } from 'vitest';
import { TestLink } from './link.ts';
import { type ConnectOptions, connect } from './packets.ts';
import { Peer } from './peer.ts';

/** What a test may set; the link, the log and free ports are there without. */
export type StartOptions = Partial<Omit<BrokerOptions, 'link'>>;

export interface Started {
  readonly broker: Broker;
  readonly link: TestLink;
  /** `host:port` of MQTT over TCP and of HTTP. */
  readonly mqtt: string;
  readonly http: string;
  /** Opens a connection over TCP and says nothing. */
  open(): Promise<Peer>;
  /** Opens a connection and connects as a client, that is accepted. */
  join(client: string, options?: ConnectOptions): Promise<Peer>;
}

export const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Starts a broker with the given `createBroker`; close it yourself where there is no test around. */
export async function startBroker(
  create: typeof createBroker,
  options: StartOptions = {},
): Promise<Started> {
  const link = new TestLink();
  const defaults = { host: '127.0.0.1', mqttPort: 0, httpPort: 0, vnodes: 16, log: SILENT };
  const broker = await create({ ...defaults, ...options, link });
  const mqtt = broker.addresses.mqtt ?? '';
  const http = broker.addresses.http ?? '';
  const open = () => Peer.dial(mqtt);
  const join = async (client: string, how?: ConnectOptions) => {
    const peer = await open();
    peer.say(connect(client, how));
    const answer = await peer.next();
    if (!answer.startsWith('CONNACK 0')) throw new Error(`${client} got ${answer}`);
    return peer;
  };
  return { broker, link, mqtt, http, open, join };
}

/** Makes the `start` of a suite: each test has a broker of its own. */
export function starter(create: typeof createBroker) {
  return async (options?: StartOptions): Promise<Started> => {
    const started = await startBroker(create, options);
    onTestFinished(() => started.broker.close(0));
    return started;
  };
}
