import type { Member, Publication } from '@n2o/shared';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SILENT, type StartOptions } from '../../../../test/support/broker.ts';
import { echo, TestLink, textOf } from '../../../../test/support/link.ts';
import {
  connect,
  DISCONNECT,
  puback,
  publish,
  subscribe,
} from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { createBroker } from '../../src/index.ts';
import { start } from '../start.ts';

const ONCE = { qos: 1, retain: false } as const;
const bytes = (text: string) => Buffer.from(text);
const chat = (client: string): Required<Member> => ({ client, module: 'chat', version: '1' });

describe('server code publishes', () => {
  it('to who has subscribed, and to who will', async () => {
    const { broker, join } = await start();
    const peer = await join('dev1');
    peer.say(subscribe(1, ['a/#', 2]));
    await peer.next();
    await broker.bus.publish('a/b', bytes('1'), { qos: 0, retain: false });
    await broker.bus.publish('a/b', bytes('2'), { qos: 1, retain: true });
    await broker.bus.publish('a/b', bytes('3'), { qos: 2, retain: false });
    expect(await peer.take(3)).toEqual([
      'PUBLISH a/b 1',
      'PUBLISH a/b 2 q1 #1',
      'PUBLISH a/b 3 q2 #2',
    ]);
    const late = await join('dev2');
    late.say(subscribe(1, ['a/b', 1]));
    expect(await late.take(2)).toEqual(['SUBACK 1 [1]', 'PUBLISH a/b 2 q1 #1 retained']);
  });

  it('actions straight to their client, which has subscribed to nothing', async () => {
    const { broker, join } = await start();
    const peer = await join('dev1');
    await broker.bus.publish('actions/1/chat/dev1', bytes('hi'), ONCE);
    expect(await peer.next()).toBe('PUBLISH actions/1/chat/dev1 hi q1 #1');
  });

  it('nothing to the module of a page whose connection is over', async () => {
    const { broker } = await start();
    const gone = chat(`ws-${'x'.repeat(22)}`);
    await expect(broker.bus.tell(gone, bytes('hi'))).rejects.toMatchObject({
      code: 'N2O_MEMBER_GONE',
    });
  });

  it('actions for a client that is away and has a session', async () => {
    const { broker, join } = await start();
    const before = await join('dev1', { clean: false });
    before.say(DISCONNECT);
    await before.closed;
    await broker.bus.publish('actions/1/chat/dev1', bytes('hi'), ONCE);
    const peer = await join('dev1', { clean: false });
    expect(await peer.next()).toBe('PUBLISH actions/1/chat/dev1 hi q1 #1');
  });

  it.each([
    ['events/1//chat/dev1', 'N2O_TOPIC_FORBIDDEN'],
    ['n2o/hosts/x', 'N2O_TOPIC_FORBIDDEN'],
    ['$SYS/x', 'N2O_TOPIC_FORBIDDEN'],
    ['a/+', 'N2O_TOPIC_NAME'],
    ['', 'N2O_TOPIC_NAME'],
    ['/'.repeat(100), 'N2O_TOPIC_NAME'],
  ])('not to %s', async (topic, code) => {
    const { broker } = await start();
    await expect(broker.bus.publish(topic, bytes(''), ONCE)).rejects.toMatchObject({ code });
  });
});

describe('server code tells the module of a client', () => {
  it('in order with the own events of the client, which gets what comes of it', async () => {
    const { broker, join, link } = await start();
    const peer = await join('dev1');
    peer.say(publish('events/1//chat/dev1', 'a', { qos: 1, id: 1 }));
    const first = await link.next();
    await broker.bus.tell(chat('dev1'), bytes('b'));
    const told = await link.next();
    peer.say(publish('events/1//chat/dev1', 'c', { qos: 1, id: 2 }));
    const last = await link.next();
    expect([first, told, last].map(textOf)).toEqual(['a', 'b', 'c']);
    expect([first, told, last].map(({ route }) => route.origin)).toEqual([
      undefined,
      'server',
      undefined,
    ]);
    expect(told.route).toMatchObject({ client: 'dev1', module: 'chat', vnode: first.route.vnode });
    for (const event of [first, told, last]) echo(event);
    expect(await peer.take(5)).toEqual([
      'PUBACK 1',
      'PUBLISH actions/1/chat/dev1 a q1 #1',
      'PUBLISH actions/1/chat/dev1 b q1 #2',
      'PUBACK 2',
      'PUBLISH actions/1/chat/dev1 c q1 #3',
    ]);
  });

  it('of a client that is away: what comes of it waits in its session, if it has one', async () => {
    const { broker, join, link } = await start();
    link.answer = echo;
    const before = await join('dev1', { clean: false });
    before.say(DISCONNECT);
    await before.closed;
    await broker.bus.tell(chat('dev1'), bytes('a'));
    await broker.bus.tell(chat('dev2'), bytes('b'));
    expect((await link.take(2)).map(textOf)).toEqual(['a', 'b']);
    const peer = await join('dev1', { clean: false });
    expect(await peer.next()).toBe('PUBLISH actions/1/chat/dev1 a q1 #1');
    expect(await (await join('dev2')).rest()).toEqual([]);
  });

  it('but not without bound', async () => {
    const { broker, link } = await start({ limits: { inflightPerClient: 2 } });
    const tell = () => broker.bus.tell(chat('dev1'), bytes('x'));
    await tell();
    await tell();
    await expect(tell()).rejects.toMatchObject({ code: 'N2O_BUSY_CLIENT' });
    await broker.bus.tell(chat('dev2'), bytes('x'));
    echo(await link.next());
    await tell();
  });

  it('that no topic can name is refused', async () => {
    const { broker } = await start();
    for (const member of [chat(''), { ...chat('c'), module: 'a/b' }, chat('+')]) {
      const told = broker.bus.tell(member, bytes(''));
      await expect(told).rejects.toMatchObject({ code: 'N2O_TOPIC_NAME' });
    }
  });
});

describe('server code hears', () => {
  async function listening(options?: StartOptions) {
    const started = await start(options);
    const heard: string[] = [];
    const take = ({ topic, payload, retain }: Publication) => {
      heard.push(`${topic} ${Buffer.from(payload)}${retain ? ' retained' : ''}`);
    };
    return { ...started, heard, take };
  }

  it('first what is retained, then what clients and server code publish', async () => {
    const { broker, join, heard, take } = await listening();
    await broker.bus.publish('a/b', bytes('0'), { qos: 1, retain: true });
    const subscription = await broker.bus.subscribe('a/#', take);
    await vi.waitFor(() => expect(heard).toEqual(['a/b 0 retained']));
    const peer = await join('dev1');
    peer.say(publish('a/c', '1', { qos: 1, id: 1 }), publish('b', 'no', { qos: 1, id: 2 }));
    await peer.take(2);
    await broker.bus.publish('a', bytes('2'), ONCE);
    expect(heard.splice(0)).toEqual(['a/b 0 retained', 'a/c 1', 'a 2']);
    await subscription.unsubscribe();
    await subscription.unsubscribe();
    await broker.bus.publish('a', bytes('3'), ONCE);
    expect(heard).toEqual([]);
  });

  it('the actions of clients too, while it wants to', async () => {
    const { broker, join, link, heard, take } = await listening();
    link.answer = echo;
    const subscription = await broker.bus.subscribe('actions/#', take);
    const peer = await join('dev1');
    const say = (id: number) => peer.say(publish('events/1//chat/dev1', 'x', { qos: 1, id }));
    say(1);
    await peer.take(2);
    expect(heard).toEqual(['actions/1/chat/dev1 x']);
    await subscription.unsubscribe();
    say(2);
    await peer.take(2);
    expect(heard).toHaveLength(1);
  });

  it('and may publish in turn; what it throws is logged and harms nobody', async () => {
    const error = vi.fn();
    const { broker, join, heard, take } = await listening({ log: { ...SILENT, error } });
    const peer = await join('dev1');
    peer.say(subscribe(1, ['#', 1]));
    await peer.next();
    await broker.bus.subscribe('a', () => {
      void broker.bus.publish('b', bytes('2'), ONCE);
      throw new RangeError('no');
    });
    await broker.bus.subscribe('#', take);
    await broker.bus.publish('a', bytes('1'), ONCE);
    await vi.waitFor(() => expect(heard).toEqual(['a 1', 'b 2']));
    expect(error).toHaveBeenCalledOnce();
    expect(await peer.take(2)).toEqual(['PUBLISH a 1 q1 #1', 'PUBLISH b 2 q1 #2']);
  });

  it.each([
    ['a/#/b', 'N2O_TOPIC_FILTER'],
    ['events/#', 'N2O_TOPIC_FORBIDDEN'],
    ['n2o/hosts/+', 'N2O_TOPIC_FORBIDDEN'],
    ['$share/g/a', 'N2O_TOPIC_FORBIDDEN'],
  ])('not %s', async (filter, code) => {
    const { broker } = await start();
    await expect(broker.bus.subscribe(filter, () => {})).rejects.toMatchObject({ code });
  });
});

it('the bus of a broker that is closed takes nothing more', async () => {
  const { broker } = await start();
  await broker.close(0);
  const unavailable = { code: 'N2O_BUS_UNAVAILABLE' };
  await expect(broker.bus.publish('a', bytes(''), ONCE)).rejects.toMatchObject(unavailable);
  await expect(broker.bus.tell(chat('c'), bytes(''))).rejects.toMatchObject(unavailable);
  await expect(broker.bus.subscribe('a', () => {})).rejects.toMatchObject(unavailable);
});

describe('with vnode hosts', () => {
  /** A broker without workers and with one vnode, so that its host has all clients. */
  async function hosted(hostPatience = 30_000) {
    const link = new TestLink();
    const options = { host: '127.0.0.1', mqttPort: 0, httpPort: undefined, vnodes: 1, log: SILENT };
    const broker = await createBroker({ ...options, hostPatience });
    onTestFinished(() => broker.close(0));
    const join = async (client: string, clean = true) => {
      const peer = await Peer.dial(broker.addresses.mqtt ?? '');
      peer.say(connect(client, { clean }));
      await peer.next();
      return peer;
    };
    const seat = async () => {
      const peer = await join('n2o-vnode-1', false);
      peer.say(subscribe(1, ['events/+/1/#', 1], ['n2o/tell/+/1/#', 1], ['n2o/http/+/1/#', 1]));
      expect(await peer.next()).toBe('SUBACK 1 [1,1,1]');
      return peer;
    };
    return { broker, link, join, seat };
  }

  it('what is told goes to the host of the vnode, in order, and its answer to the client', async () => {
    const { broker, join, seat } = await hosted();
    const host = await seat();
    const device = await join('dev1');
    device.say(publish('events/1//chat/dev1', 'a', { qos: 1, id: 7 }));
    expect(await host.next()).toBe('PUBLISH events/1/1/chat/dev1 a q1 #1');
    await broker.bus.tell(chat('dev1'), bytes('b'));
    expect(await host.next()).toBe('PUBLISH n2o/tell/1/1/chat/dev1 b q1 #2');
    host.say(publish('actions/1/chat/dev1', 'A', { qos: 1, id: 1 }), puback(1));
    host.say(publish('actions/1/chat/dev1', 'B', { qos: 1, id: 2 }), puback(2));
    expect(await device.take(3)).toEqual([
      'PUBACK 7',
      'PUBLISH actions/1/chat/dev1 A q1 #1',
      'PUBLISH actions/1/chat/dev1 B q1 #2',
    ]);
  });

  it('a host tells by publishing; nobody else may', async () => {
    const { join, seat } = await hosted();
    const host = await seat();
    const control = await join('n2o-host-a');
    control.say(publish('n2o/tell/1/1/chat/dev1', 'hi', { qos: 1, id: 1 }));
    expect(await control.next()).toBe('PUBACK 1');
    expect(await host.next()).toBe('PUBLISH n2o/tell/1/1/chat/dev1 hi q1 #1');
    const device = await join('dev2');
    device.say(publish('n2o/tell/1/1/chat/dev1', 'forged', { qos: 1, id: 1 }));
    expect((await device.take(2)).join()).toContain('N2O_TOPIC_FORBIDDEN');
    expect(await host.rest()).toEqual([]);
  });

  it('what is told while nobody serves the vnode waits, and is given up without a word', async () => {
    const { broker, join, seat } = await hosted(10);
    const device = await join('dev1');
    await broker.bus.tell(chat('dev1'), bytes('early'));
    device.say(publish('events/1//chat/dev1', '{}', { qos: 1, id: 1 }));
    expect((await device.take(2))[1]).toContain('N2O_HOST_UNAVAILABLE');
    expect(await device.rest()).toEqual([]);
    await broker.bus.tell(chat('dev1'), bytes('late'));
    expect(await (await seat()).next()).toBe('PUBLISH n2o/tell/1/1/chat/dev1 late q1 #1');
  });
});
