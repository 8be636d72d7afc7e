import { openStore } from '@n2o/store';
import { expect, it, onTestFinished, vi } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { TestLink } from '../../../../test/support/link.ts';
import { connect, DISCONNECT, subscribe } from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { createBroker } from '../../src/index.ts';
import { startRedis } from './redis.ts';

it('what server code has published is kept when it is told so, and only then', async () => {
  const redis = await startRedis();
  const store = await openStore(redis.url, { timeout: 1_000 });
  const error = vi.fn();
  const log = { ...SILENT, error };
  const options = { host: '127.0.0.1', mqttPort: 0, httpPort: undefined, vnodes: 1, log };
  const start = async (kept: typeof store) => {
    const broker = await createBroker({ ...options, link: new TestLink(), store: kept });
    onTestFinished(async () => {
      await broker.close(0);
      await kept.close();
    });
    const join = async (client: string) => {
      const peer = await Peer.dial(broker.addresses.mqtt ?? '');
      peer.say(connect(client, { clean: false }));
      await peer.next();
      return peer;
    };
    return { broker, join };
  };
  const { broker, join } = await start(store);
  const away = await join('away');
  away.say(subscribe(1, ['room', 1]), DISCONNECT);
  await away.closed;
  const publish = (topic: string, text: string, qos: 0 | 1 | 2 = 1) =>
    broker.bus.publish(topic, Buffer.from(text), { qos, retain: false });
  await Promise.all([publish('room', '1'), publish('actions/1/chat/away', '2', 2)]);
  await redis.kill();
  const kept = vi.fn();
  const waiting = publish('room', '3').then(kept);
  await vi.waitFor(() => expect(error).toHaveBeenCalled(), 10_000);
  const refused = { code: 'N2O_BUS_UNAVAILABLE' };
  await expect(publish('room', 'no')).rejects.toMatchObject(refused);
  const member = { client: 'away', module: 'chat', version: '1' };
  await expect(broker.bus.tell(member, Buffer.from('no'))).rejects.toMatchObject(refused);
  await publish('elsewhere', 'QoS 0 needs no store', 0);
  expect(kept).not.toHaveBeenCalled();
  await redis.up();
  await waiting;

  // Another broker on the same store knows what this one was told.
  const { join: rejoin } = await start(await openStore(redis.url, { timeout: 1_000 }));
  const back = await rejoin('away');
  const [first, second] = await back.take(2);
  expect(first).toBe('PUBLISH room 1 q1 #1');
  expect(second).toBe('PUBLISH actions/1/chat/away 2 q2 #2');
}, 60_000);
