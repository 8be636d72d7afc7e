import { openStore } from '@n2o/store';
import { expect, it, onTestFinished } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { echo, TestLink } from '../../../../test/support/link.ts';
import {
  connect,
  DISCONNECT,
  PINGREQ,
  puback,
  publish,
  subscribe,
} from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { createBroker } from '../../src/index.ts';
import { startRedis } from './redis.ts';

it('a store that is lost for a while: requests are answered busy, nothing acknowledged is lost, and all goes on by itself', async () => {
  const redis = await startRedis();
  const store = await openStore(redis.url, { timeout: 1_000 });
  const link = new TestLink();
  link.answer = echo;
  let tell: (text: string) => void = () => {};
  const told = (text: string) =>
    new Promise<void>((resolve) => {
      tell = (said) => said.includes(text) && resolve();
    });
  const say = (_: object, text = '') => tell(text);
  const log = { ...SILENT, error: say, info: say };
  const place = { host: '127.0.0.1', mqttPort: 0, httpPort: 0, vnodes: 1 };
  const broker = await createBroker({ ...place, link, log, store });
  onTestFinished(async () => {
    await broker.close(0);
    await store.close();
  });
  const join = async (client: string, clean: boolean) => {
    const peer = await Peer.dial(broker.addresses.mqtt ?? '');
    peer.say(connect(client, { clean }));
    return { peer, answer: await peer.next() };
  };
  const ready = async () => (await fetch(`http://${broker.addresses.http}/readyz`)).status;

  const { peer: away } = await join('away', false);
  away.say(subscribe(1, ['room', 1]), DISCONNECT);
  await away.closed;
  const { peer: device } = await join('dev1', false);
  const { peer: speaker } = await join('speaker', true);
  speaker.say(publish('room', '1', { qos: 1, id: 1 }));
  expect(await speaker.next()).toBe('PUBACK 1');
  expect(await ready()).toBe(200);

  const lost = told('does not answer');
  await redis.kill();
  // What was not kept yet is not acknowledged.
  speaker.say(publish('room', '2', { qos: 1, id: 2 }), PINGREQ);
  expect(await speaker.next()).toBe('PINGRESP');
  await lost;
  expect(await ready()).toBe(503);
  device.say(publish('events/1//echo/dev1', '{}', { qos: 1, id: 1 }));
  const busy = await device.next();
  expect(busy).toMatch(/N2O_BUSY_STORE.* q1 #1/);
  // The store cannot have the error, so the client has to.
  device.say(puback(1));
  expect(await device.next()).toBe('PUBACK 1');
  device.say(publish('room', '3', { qos: 2, id: 9 }), PINGREQ);
  expect(await device.next()).toBe('PINGRESP');
  await device.drop();
  const { peer: again } = await join('dev1', false);
  again.say(publish('room', '3', { qos: 2, id: 9, dup: true }), PINGREQ);
  // Not acknowledged either: nothing of it is kept.
  expect(await again.next()).toBe('PINGRESP');
  expect((await join('new', false)).answer).toBe('CONNACK 3');
  expect((await join('passing', true)).answer).toBe('CONNACK 0');

  const found = told('answers again');
  await redis.up();
  await found;
  expect(await speaker.next()).toBe('PUBACK 2');
  expect(await ready()).toBe(200);
  expect(await again.next()).toBe('PUBREC 9');
  again.say(publish('events/1//echo/dev1', 'again', { qos: 1, id: 2 }));
  expect((await again.take(2)).join()).toContain('again');
  const { peer: back } = await join('away', false);
  expect(await back.take(3)).toEqual([
    'PUBLISH room 1 q1 #1',
    'PUBLISH room 2 q1 #2',
    'PUBLISH room 3 q1 #3',
  ]);
});
