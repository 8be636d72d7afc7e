import { connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { echo } from '../../../../test/support/link.ts';
import { start } from '../start.ts';

type QoS = 0 | 1 | 2;

/** A client as users have it, gone when the test is over. */
async function client(url: string, options: IClientOptions): Promise<MqttClient> {
  const one = await connectAsync(url, { reconnectPeriod: 1, ...options });
  onTestFinished(() => one.endAsync(true));
  return one;
}

/** What a client gets next. */
function packet(one: MqttClient): Promise<IPublishPacket> {
  return new Promise((resolve) => {
    one.once('message', (_topic, _payload, packet) => resolve(packet));
  });
}

/** What a client gets next: topic and payload. */
async function message(one: MqttClient): Promise<string> {
  const { topic, payload } = await packet(one);
  return `${topic} ${payload}`;
}

describe.each(['mqtt', 'ws'])('MQTT.js over %s', (scheme) => {
  const begin = async () => {
    const started = await start();
    const url = scheme === 'mqtt' ? `mqtt://${started.mqtt}` : `ws://${started.http}/mqtt`;
    return { ...started, connect: (options: IClientOptions) => client(url, options) };
  };

  it.each<QoS>([0, 1, 2])('asks and is answered at QoS %i', async (qos) => {
    const { link, connect } = await begin();
    link.answer = echo;
    const dev = await connect({ clientId: 'dev1' });
    const answer = message(dev);
    await dev.publishAsync('events/1//echo/dev1', 'hi', { qos });
    expect(await answer).toBe('actions/1/echo/dev1 hi');
  });

  it.each<QoS>([1, 2])(
    'has its publish at QoS %i done when the event is, and not before',
    async (qos) => {
      const { link, connect } = await begin();
      const dev = await connect({ clientId: 'dev1' });
      let done = false;
      const published = dev.publishAsync('events/1//echo/dev1', 'hi', { qos }).then(() => {
        done = true;
      });
      const event = await link.next();
      const barrier = message(dev);
      await dev.subscribeAsync('room');
      dev.publish('room', 'barrier');
      await barrier;
      expect(done).toBe(false);
      event.settle('silent');
      await published;
    },
  );

  it('publishes and subscribes as with any other broker', async () => {
    const { connect } = await begin();
    const [a, b] = await Promise.all([connect({ clientId: 'a' }), connect({ clientId: 'b' })]);
    await a.publishAsync('home/lamp', 'on', { retain: true, qos: 1 });
    const retained = packet(b);
    expect(await b.subscribeAsync('home/+', { qos: 2 })).toMatchObject([
      { topic: 'home/+', qos: 2 },
    ]);
    expect(await retained).toMatchObject({ retain: true, qos: 1, topic: 'home/lamp' });
    const live = packet(b);
    await a.publishAsync('home/door', 'open', { qos: 2 });
    expect(await live).toMatchObject({
      retain: false,
      qos: 2,
      dup: false,
      topic: 'home/door',
    });
    await b.unsubscribeAsync('home/+');
  });

  it('gets the answer though its connection broke while the event was under way', async () => {
    const { link, connect } = await begin();
    const dev = await connect({ clientId: 'dev1' });
    const answer = message(dev);
    const published = dev.publishAsync('events/1//echo/dev1', 'hi', { qos: 1 });
    await link.next();
    // From now on, whatever comes: MQTT.js repeats its event without DUP, so that it is a new one.
    link.answer = (event) => event.settle('reply', Buffer.from('hello'));
    dev.stream.destroy();
    expect(await answer).toBe('actions/1/echo/dev1 hello');
    await published;
  });
});
