import { describe, expect, it, onTestFinished } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { echo, TestLink } from '../../../../test/support/link.ts';
import {
  connect,
  DISCONNECT,
  puback,
  publish,
  subscribe,
} from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { type BrokerOptions, createBroker } from '../../src/index.ts';

/** md5("dev1")[0] % 1 + 1: with one vnode all clients are of vnode 1. */
const VNODE = 'n2o-vnode-1';

/** A broker without workers and with one vnode. */
async function start(options: Partial<BrokerOptions> = {}) {
  const broker = await createBroker({
    host: '127.0.0.1',
    mqttPort: 0,
    httpPort: undefined,
    vnodes: 1,
    log: SILENT,
    ...options,
  });
  onTestFinished(() => broker.close(0));
  const open = () => Peer.dial(broker.addresses.mqtt ?? '');
  const join = async (client: string, how: Parameters<typeof connect>[1] = {}) => {
    const peer = await open();
    peer.say(connect(client, how));
    return { peer, answer: await peer.next() };
  };
  const host = async () => {
    const { peer, answer } = await join(VNODE, { clean: false });
    peer.say(subscribe(1, ['events/+/1/#', 1]));
    expect(await peer.next()).toBe('SUBACK 1 [1]');
    return { peer, answer };
  };
  return { broker, open, join, host };
}

describe('a vnode host', () => {
  it('gets events with the vnode filled in, and answers them', async () => {
    const { join, host } = await start();
    const { peer: owner } = await host();
    const { peer: device } = await join('dev1');
    device.say(publish('events/1//echo/dev1', 'hi', { qos: 1, id: 7 }));
    expect(await owner.next()).toBe('PUBLISH events/1/1/echo/dev1 hi q1 #1');
    owner.say(publish('actions/1/echo/dev1', 'ho', { qos: 1, id: 3 }), puback(1));
    expect(await owner.next()).toBe('PUBACK 3');
    expect(await device.take(2)).toEqual(['PUBACK 7', 'PUBLISH actions/1/echo/dev1 ho q1 #1']);
  });

  it('answers in the quality of service of the event, and says nothing by acknowledging alone', async () => {
    const { join, host } = await start();
    const { peer: owner } = await host();
    const { peer: device } = await join('dev1');
    device.say(
      publish('events/1//echo/dev1', 'a', { qos: 0 }),
      publish('events/1//echo/dev1', 'b', { qos: 2, id: 8 }),
      publish('events/1//echo/dev1', 'c', { qos: 1, id: 9 }),
    );
    await owner.take(3);
    owner.say(publish('actions/1/echo/dev1', 'A', { qos: 1, id: 1 }), puback(1));
    owner.say(publish('actions/1/echo/dev1', 'B', { qos: 1, id: 2 }), puback(2), puback(3));
    expect(await device.take(4)).toEqual([
      'PUBLISH actions/1/echo/dev1 A',
      'PUBREC 8',
      'PUBLISH actions/1/echo/dev1 B q2 #1',
      'PUBACK 9',
    ]);
  });

  it('may say something that nobody asked for, also before an answer', async () => {
    const { join, host } = await start();
    const { peer: owner } = await host();
    const { peer: device } = await join('dev1');
    owner.say(publish('actions/1/news/dev1', 'unasked', { qos: 1, id: 1 }));
    expect(await device.next()).toBe('PUBLISH actions/1/news/dev1 unasked q1 #1');
    device.say(publish('events/1//echo/dev1', 'hi', { qos: 1, id: 7 }));
    await owner.take(2);
    owner.say(publish('actions/1/echo/dev1', 'first', { qos: 0 }));
    owner.say(publish('actions/1/echo/dev1', 'answer', { qos: 0 }), puback(1));
    expect(await device.take(3)).toEqual([
      'PUBLISH actions/1/echo/dev1 first',
      'PUBACK 7',
      'PUBLISH actions/1/echo/dev1 answer q1 #2',
    ]);
  });

  it('that takes over gets what the one before had not acknowledged, with DUP and in order', async () => {
    const { join, host } = await start();
    const { peer: first } = await host();
    const { peer: device } = await join('dev1');
    for (const [i, text] of ['a', 'b', 'c'].entries()) {
      device.say(publish('events/1//echo/dev1', text, { qos: 1, id: i + 1 }));
    }
    await first.take(3);
    first.say(publish('actions/1/echo/dev1', 'A', { qos: 1, id: 1 }), puback(1));
    expect(await device.take(2)).toEqual(['PUBACK 1', 'PUBLISH actions/1/echo/dev1 A q1 #1']);
    const { peer: second, answer } = await join(VNODE, { clean: false });
    expect(answer).toBe('CONNACK 0 present');
    await first.closed;
    expect(await second.take(2)).toEqual([
      'PUBLISH events/1/1/echo/dev1 b q1 #2 dup',
      'PUBLISH events/1/1/echo/dev1 c q1 #3 dup',
    ]);
    device.say(publish('events/1//echo/dev1', 'd', { qos: 1, id: 4 }));
    expect(await second.next()).toBe('PUBLISH events/1/1/echo/dev1 d q1 #4');
    second.say(publish('actions/1/echo/dev1', 'B', { qos: 1, id: 1 }), puback(2));
    expect(await device.take(2)).toEqual(['PUBACK 2', 'PUBLISH actions/1/echo/dev1 B q1 #2']);
  });

  it('that comes late gets what has waited for it', async () => {
    const { join, host } = await start();
    const { peer: device } = await join('dev1');
    device.say(publish('events/1//echo/dev1', 'early', { qos: 1, id: 1 }));
    const { peer: owner } = await host();
    expect(await owner.next()).toBe('PUBLISH events/1/1/echo/dev1 early q1 #1');
  });

  it('that does not come in time is answered for', async () => {
    const { join } = await start({ hostPatience: 10 });
    const { peer: device } = await join('dev1');
    device.say(publish('events/1//echo/dev1', '{}', { qos: 1, id: 1 }));
    const [acknowledged, answer] = await device.take(2);
    expect(acknowledged).toBe('PUBACK 1');
    expect(answer).toContain('N2O_HOST_UNAVAILABLE');
  });

  it('takes over from the workers of the broker when those are done, and they from it', async () => {
    const link = new TestLink();
    const { join, host } = await start({ link });
    const { peer: device } = await join('dev1');
    const say = (text: string, id: number) =>
      device.say(publish('events/1//echo/dev1', text, { qos: 1, id }));
    say('a', 1);
    const mine = await link.next();
    const { peer: owner } = await host();
    say('b', 2);
    echo(mine);
    expect(await device.take(2)).toEqual(['PUBACK 1', 'PUBLISH actions/1/echo/dev1 a q1 #1']);
    expect(await owner.next()).toBe('PUBLISH events/1/1/echo/dev1 b q1 #1');
    link.answer = echo;
    await owner.drop();
    // After a grace.
    expect(await device.take(2)).toEqual(['PUBACK 2', 'PUBLISH actions/1/echo/dev1 b q1 #2']);
  });
});

describe('an event that the workers of the broker end as lost', () => {
  it('is given to the host that has come for its vnode, before what came later', async () => {
    const link = new TestLink();
    const { join, host } = await start({ link });
    const { peer: device } = await join('dev1');
    const say = (id: number, qos: 1 | 2) =>
      device.say(publish('events/1//echo/dev1', `${id}`, { qos, id }));
    say(1, 1);
    say(2, 2);
    const [one, two] = await link.take(2);
    const { peer: owner } = await host();
    say(3, 1);
    await device.rest();
    one?.settle('lost');
    two?.settle('lost');
    expect(await owner.take(3)).toEqual([
      'PUBLISH events/1/1/echo/dev1 1 q1 #1',
      'PUBLISH events/1/1/echo/dev1 2 q1 #2',
      'PUBLISH events/1/1/echo/dev1 3 q1 #3',
    ]);
    owner.say(publish('actions/1/echo/dev1', 'ONE', { qos: 1, id: 1 }), puback(1));
    owner.say(puback(2), puback(3));
    expect(await device.take(4)).toEqual([
      'PUBACK 1',
      'PUBLISH actions/1/echo/dev1 ONE q1 #1',
      'PUBREC 2',
      'PUBACK 3',
    ]);
  });

  it('is not repeated in QoS 0', async () => {
    const link = new TestLink();
    const { join, host } = await start({ link });
    const { peer: device } = await join('dev1');
    device.say(publish('events/1//echo/dev1', 'zero'));
    const zero = await link.next();
    const { peer: owner } = await host();
    device.say(publish('events/1//echo/dev1', 'one', { qos: 1, id: 1 }));
    await device.rest();
    zero.settle('lost');
    expect(await owner.next()).toBe('PUBLISH events/1/1/echo/dev1 one q1 #1');
  });

  it.each([1, 2] as const)('is sent again where no host is known, in QoS %i', async (qos) => {
    const link = new TestLink();
    const { join } = await start({ link });
    const { peer: device } = await join('dev1', { clean: false });
    device.say(publish('events/1//echo/dev1', 'hi', { qos, id: 7 }));
    (await link.next()).settle('lost');
    await device.closed;
    link.answer = echo;
    const { peer: back } = await join('dev1', { clean: false });
    back.say(publish('events/1//echo/dev1', 'hi', { qos, id: 7, dup: true }));
    expect((await back.take(2))[0]).toBe(qos === 1 ? 'PUBACK 7' : 'PUBREC 7');
  });
});

describe('the will of a host', () => {
  it('removes its presence when it is gone without a word', async () => {
    const { join } = await start();
    const will = { topic: 'n2o/hosts/a', payload: '', qos: 1, retain: true };
    const { peer: host } = await join('n2o-host-a', { will });
    host.say(publish('n2o/hosts/a', 'here', { qos: 1, id: 1, retain: true }));
    expect(await host.next()).toBe('PUBACK 1');
    const { peer: other } = await join('n2o-host-b');
    other.say(subscribe(1, ['n2o/hosts/+', 1]));
    expect(await other.take(2)).toEqual([
      'SUBACK 1 [1]',
      'PUBLISH n2o/hosts/a here q1 #1 retained',
    ]);
    await host.drop();
    expect((await other.next()).trim()).toBe('PUBLISH n2o/hosts/a  q1 #2');
  });

  it('is not what others may have', async () => {
    const { join } = await start();
    const { peer: other } = await join('n2o-host-b');
    other.say(subscribe(1, ['n2o/hosts/+', 1]));
    await other.next();
    const will = { topic: 'n2o/hosts/a', payload: 'me', qos: 1, retain: true };
    const { peer } = await join('dev1', { will });
    await peer.drop();
    expect(await other.rest()).toEqual([]);
  });
});

describe('who is a vnode host', () => {
  const secret = 'a secret of the cluster';
  const cases: readonly (readonly [
    string,
    string | undefined,
    Parameters<typeof connect>[1],
    string,
  ])[] = [
    ['without a secret, from this machine', undefined, {}, 'CONNACK 0'],
    ['with the secret', secret, { username: 'n2o-host', password: secret }, 'CONNACK 0'],
    ['with another', secret, { username: 'n2o-host', password: 'no' }, 'CONNACK 5'],
    ['with another user', secret, { username: 'me', password: secret }, 'CONNACK 5'],
    ['without any', secret, {}, 'CONNACK 5'],
  ];
  it.each(cases)('%s', async (_, clusterSecret, how, expected) => {
    const { join } = await start(clusterSecret === undefined ? {} : { clusterSecret });
    expect((await join('n2o-host-a', how)).answer).toBe(expected);
    expect((await join(VNODE, { ...how, clean: false })).answer).toBe(expected);
    expect((await join('dev1', how)).answer).toBe('CONNACK 0');
  });

  it('nobody else: others neither get events nor speak for hosts', async () => {
    const { join } = await start();
    const { peer: device } = await join('dev1');
    const { peer: watcher } = await join('dev2');
    watcher.say(subscribe(1, ['n2o/#', 0], ['actions/#', 0]), DISCONNECT);
    device.say(subscribe(1, ['events/+/1/#', 1]));
    expect(await device.next()).toBe('SUBACK 1 [128]');
    device.say(publish('n2o/hosts/x', 'me', { qos: 1, id: 1, retain: true }));
    const [refused] = await device.take(2);
    expect(refused).toContain('N2O_TOPIC_FORBIDDEN');
  });

  it('a host also where there is no room for others', async () => {
    const { join, host } = await start({ limits: { connections: 2 } });
    const { peer: device } = await join('dev1');
    await join('dev2');
    expect((await join('dev3')).answer).toBe('CONNACK 3');
    const { peer: owner } = await host();
    device.say(publish('events/1//echo/dev1', 'hi', { qos: 1, id: 7 }));
    expect(await owner.next()).toBe('PUBLISH events/1/1/echo/dev1 hi q1 #1');
  });

  it('a host subscribes to the events of its own vnode only', async () => {
    const { join } = await start();
    const { peer } = await join('n2o-host-a');
    peer.say(subscribe(1, ['events/+/1/#', 1], ['events/#', 1], ['n2o/hosts/+', 1]));
    expect(await peer.next()).toBe('SUBACK 1 [128,128,1]');
  });

  it('a session of a vnode that is not to be kept is refused', async () => {
    const { join } = await start();
    expect((await join(VNODE, { clean: true })).answer).toBe('CONNACK 2');
  });
});
