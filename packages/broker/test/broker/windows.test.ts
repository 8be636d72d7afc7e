import type { Event } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { echo, textOf } from '../../../../test/support/link.ts';
import { PINGREQ, publish } from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

const event = (client: string, payload: string, qos = 1, id = 1) =>
  publish(`events/1//echo/${client}`, payload, { qos, id });

const settle = (one: Event | undefined) => one?.settle('silent');

describe('the window of a client', () => {
  it('stops reading it at QoS 1, and goes on when there is room', async () => {
    const { broker, link, join } = await start({ limits: { inflightPerClient: 2 } });
    const dev = await join('dev1');
    const other = await join('other');
    dev.say(...['a', 'b', 'c', 'd'].map((payload, i) => event('dev1', payload, 1, i + 1)), PINGREQ);
    const [a, b] = await link.take(2);
    // What does not fit was there in the same chunk, and was left there.
    expect(link.events.map(textOf)).toEqual(['a', 'b']);
    expect(broker.counters.stops).toBe(1);
    expect(broker.counters.busyEvents).toBe(0);

    link.answer = echo;
    other.say(event('other', 'hi', 0));
    expect(await other.next()).toBe('PUBLISH actions/1/echo/other hi');

    link.answer = () => {};
    for (const one of [a, b]) settle(one);
    const [, c, d] = await link.take(3);
    expect(await dev.take(3)).toEqual(['PUBACK 1', 'PUBACK 2', 'PINGRESP']);
    for (const one of [c, d]) settle(one);
    expect(await dev.take(2)).toEqual(['PUBACK 3', 'PUBACK 4']);
    expect(link.events.map(textOf)).toEqual(['a', 'b', 'hi', 'c', 'd']);
  });

  it('holds back QoS 2 in the same way', async () => {
    const { link, join } = await start({ limits: { inflightPerClient: 1 } });
    const dev = await join('dev1');
    dev.say(event('dev1', 'a', 2, 1), event('dev1', 'b', 2, 2));
    const a = await link.next();
    expect(link.events).toHaveLength(1);
    settle(a);
    settle(await link.next());
    expect(await dev.take(2)).toEqual(['PUBREC 1', 'PUBREC 2']);
  });

  it('answers "busy" at QoS 0, behind the events that came before', async () => {
    const { broker, link, join } = await start({ limits: { inflightPerClient: 1 } });
    const dev = await join('dev1');
    dev.say(...['a', 'b', 'c'].map((payload) => event('dev1', payload, 0)));
    expect(await dev.rest()).toEqual([]);
    expect(broker.counters.busyEvents).toBe(2);
    (await link.next()).settle('reply', Buffer.from('a'));
    const [first, ...busy] = await dev.rest();
    expect(first).toBe('PUBLISH actions/1/echo/dev1 a');
    expect(busy).toHaveLength(2);
    for (const line of busy)
      expect(line).toMatch(/^PUBLISH actions\/1\/echo\/dev1 .*N2O_BUSY_CLIENT/);
    dev.say(event('dev1', 'd', 0));
    expect(textOf(await link.next())).toBe('d');
  });

  it('answers "busy" where the event said it wants its answer', async () => {
    const { link, join } = await start({ limits: { inflightPerClient: 1 } });
    const dev = await join('dev1');
    dev.say(
      event('dev1', 'a', 0),
      publish('events/2//x/dev1', 'b'),
      publish('events/3//y/dev1', 'c'),
    );
    settle(await link.next());
    const busy = await dev.rest();
    expect(busy.map((line) => line.split(' ')[1])).toEqual([
      'actions/2/x/dev1',
      'actions/3/y/dev1',
    ]);
  });

  it('is not widened by connecting again', async () => {
    const { broker, link, join } = await start({ limits: { inflightPerClient: 1 } });
    const dev = await join('dev1');
    dev.say(event('dev1', 'a', 1, 1));
    const a = await link.next();
    const again = await join('dev1');
    again.say(event('dev1', 'b', 0));
    expect(await again.rest()).toEqual([]);
    expect(broker.counters.busyEvents).toBe(1);
    again.say(event('dev1', 'c', 1, 2));
    settle(a);
    expect(textOf(await link.next())).toBe('c');
  });
});

describe('the window of a vnode', () => {
  const limits = { inflightPerVnode: 2 };

  it('stops those that find it full, and lets them in one by one', async () => {
    const { link, join } = await start({ vnodes: 1, limits });
    const [a, b, c, d] = await Promise.all(['a', 'b', 'c', 'd'].map((client) => join(client)));
    a?.say(event('a', 'a'));
    b?.say(event('b', 'b'));
    const [first] = await link.take(2);
    c?.say(event('c', 'c'));
    d?.say(event('d', 'd'));
    settle(first);
    const third = await link.next();
    expect(link.events).toHaveLength(3);
    settle(third);
    const fourth = await link.next();
    settle(fourth);
    expect([textOf(third), textOf(fourth)].sort()).toEqual(['c', 'd']);
    expect([await c?.next(), await d?.next()]).toEqual(['PUBACK 1', 'PUBACK 1']);
    expect(await b?.rest()).toEqual([]);
  });

  it('answers "busy" at QoS 0', async () => {
    const { link, join } = await start({ vnodes: 1, limits });
    const [a, b] = await Promise.all(['a', 'b'].map((client) => join(client)));
    a?.say(event('a', '1', 1, 1), event('a', '2', 1, 2));
    await link.take(2);
    b?.say(event('b', 'hi', 0));
    expect(await b?.next()).toMatch(/^PUBLISH actions\/1\/echo\/b .*N2O_BUSY_VNODE/);
  });

  it('does not touch the clients of other vnodes', async () => {
    const { link, join } = await start({ vnodes: 256, limits: { inflightPerVnode: 1 } });
    const [a, b] = await Promise.all(['a', 'b'].map((client) => join(client)));
    a?.say(event('a', '1', 1, 1), event('a', '2', 1, 2));
    await link.next();
    link.answer = settle;
    b?.say(event('b', 'hi', 1));
    expect(await b?.next()).toBe('PUBACK 1');
  });

  it('forgets a client that leaves while it is stopped', async () => {
    const { link, join } = await start({ vnodes: 1, limits: { inflightPerVnode: 1 } });
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((client) => join(client)));
    a?.say(event('a', 'a'));
    const first = await link.next();
    b?.say(event('b', 'b'));
    await b?.drop();
    c?.say(event('c', 'c'));
    settle(first);
    // Whether the event of the one that left was taken depends on who was quicker.
    link.answer = settle;
    for (const one of link.events) settle(one);
    expect(await c?.next()).toBe('PUBACK 1');
    expect(await a?.rest()).toEqual(['PUBACK 1']);
  });

  it('bounds the bytes of all payloads as well, and stays awake when what waits does not fit yet', async () => {
    const { link, join } = await start({ vnodes: 1, limits: { inflightBytesPerVnode: 1_000 } });
    const [a, b] = await Promise.all(['a', 'b'].map((client) => join(client)));
    a?.say(event('a', 'x'.repeat(900), 1, 1), event('a', 'small', 1, 2));
    const [large, small] = await link.take(2);
    b?.say(event('b', 'y'.repeat(600), 1, 1));
    // There is room again, but not enough for what waits.
    settle(small);
    expect(await a?.rest()).toEqual(['PUBACK 2']);
    expect(link.events).toHaveLength(2);
    settle(large);
    const third = await link.next();
    expect(third.payload).toHaveLength(600);
    settle(third);
    expect(await b?.next()).toBe('PUBACK 1');
  });

  it('takes an event that is larger than the whole window when it is alone', async () => {
    const { link, join } = await start({ limits: { inflightBytesPerVnode: 1_000 } });
    link.answer = settle;
    const dev = await join('dev1');
    dev.say(event('dev1', 'x'.repeat(5_000)));
    expect(await dev.next()).toBe('PUBACK 1');
  });

  it('wakes any number of stopped clients at once, also when each is answered on the spot', async () => {
    const { link, join } = await start({ vnodes: 1, limits: { inflightPerVnode: 1 } });
    const count = 800;
    const first = await join('first');
    first.say(event('first', 'slow'));
    const slow = await link.next();
    const peers = await Promise.all(Array.from({ length: count }, (_, i) => join(`c${i}`)));
    for (const [i, peer] of peers.entries()) peer.say(event(`c${i}`, 'hi'));
    link.answer = settle;
    settle(slow);
    for (const peer of peers) expect(await peer.next()).toBe('PUBACK 1');
    expect(await first.next()).toBe('PUBACK 1');
  });
});

describe('a client that asks and does not read the answers', () => {
  it('is not read from until it does, loses nothing, and harms nobody', async () => {
    const { broker, link, join } = await start();
    link.answer = echo;
    const greedy = await join('greedy');
    const other = await join('other');
    greedy.acknowledges = true;
    greedy.ignore();
    const count = 1_500;
    const payload = (i: number) => `${i}`.padEnd(16_000, '.');
    greedy.say(...Array.from({ length: count }, (_, i) => event('greedy', payload(i), 1, i + 1)));
    for (let i = 0; i < 100; i++) {
      other.say(event('other', `${i}`, 0));
      expect(await other.next()).toBe(`PUBLISH actions/1/echo/other ${i}`);
    }
    expect(broker.counters.events).toBeLessThan(count);
    greedy.listen();
    const acknowledged: string[] = [];
    for (let i = 0; i < count; ) {
      const packet = await greedy.nextPacket();
      if (packet.cmd === 'puback') acknowledged.push(`${packet.messageId}`);
      else if (packet.cmd === 'publish') expect(Number.parseInt(`${packet.payload}`, 10)).toBe(i++);
    }
    expect((await greedy.rest()).filter((line) => line.startsWith('PUBLISH'))).toEqual([]);
    expect(broker.counters.drops).toBe(0);
    expect(link.events).toHaveLength(count + 100);
  });
});
