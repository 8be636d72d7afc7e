import { describe, expect, it } from 'vitest';
import { echo, textOf } from '../../../../test/support/link.ts';
import {
  type ConnectOptions,
  DISCONNECT,
  puback,
  publish,
  pubrel,
  subscribe,
} from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

const ACTION = 'actions/1/echo/dev1';
const KEPT: ConnectOptions = { clean: false };

const event = (payload: string, { qos = 1, id = 7, dup = false } = {}) =>
  publish('events/1//echo/dev1', payload, { qos, id, dup });

const bytes = (text: string) => Buffer.from(text);

describe('a client with a clean session that comes back and repeats its event', () => {
  it('while it is under way: it is run once and answered where the client is now', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(event('hi'));
    const running = await link.next();
    await dev.drop();
    const back = await join('dev1');
    back.say(event('hi', { dup: true }));
    expect(await back.rest()).toEqual([]);
    running.settle('reply', bytes('hello'));
    expect((await back.take(2)).sort()).toEqual(['PUBACK 7', `PUBLISH ${ACTION} hello q1 #1`]);
    expect(await back.rest()).toEqual([]);
    expect(link.events).toHaveLength(1);
  });

  it('after it was settled while nobody was there: it gets the reply and it is not run again', async () => {
    const { broker, link, join } = await start();
    const observer = await join('observer');
    observer.say(subscribe(1, ['gone', 0]));
    const dev = await join('dev1', { will: { topic: 'gone' } });
    dev.say(event('hi'));
    const running = await link.next();
    await dev.drop();
    expect(await observer.take(2)).toEqual(['SUBACK 1 [0]', 'PUBLISH gone ']);
    running.settle('reply', bytes('hello'));
    const back = await join('dev1');
    expect(await back.rest()).toEqual([]);
    back.say(event('hi', { dup: true }));
    expect((await back.rest()).sort()).toEqual(['PUBACK 7', `PUBLISH ${ACTION} hello q1 #1`]);
    expect(link.events).toHaveLength(1);
    expect(broker.counters.repeatedEvents).toBe(1);
  });

  it('though it was answered, because it did not hear it', async () => {
    const { link, join } = await start();
    link.answer = (one) => one.settle('reply', bytes('hello'));
    const dev = await join('dev1');
    dev.say(event('hi'));
    expect(await dev.take(2)).toHaveLength(2);
    await dev.drop();
    const back = await join('dev1');
    back.say(event('hi', { dup: true }));
    expect((await back.rest()).sort()).toEqual(['PUBACK 7', `PUBLISH ${ACTION} hello q1 #1`]);
    expect(link.events).toHaveLength(1);
  });

  it('though it was acknowledged and there was nothing to answer', async () => {
    const { link, join } = await start();
    link.answer = (one) => one.settle('silent');
    const dev = await join('dev1');
    dev.say(event('hi'));
    expect(await dev.next()).toBe('PUBACK 7');
    await dev.drop();
    const back = await join('dev1');
    back.say(event('hi', { dup: true }));
    expect(await back.rest()).toEqual(['PUBACK 7']);
    expect(link.events).toHaveLength(1);
  });

  it('which it wants answers of in QoS 0', async () => {
    const { link, join } = await start();
    link.answer = (one) => one.settle('reply', bytes('hello'));
    const dev = await join('dev1');
    dev.say(subscribe(1, [ACTION, 0]), event('hi'));
    expect(await dev.take(3)).toContain('PUBACK 7');
    await dev.drop();
    const back = await join('dev1');
    back.say(subscribe(1, [ACTION, 0]), event('hi', { dup: true }));
    const lines = await back.rest();
    expect(lines.filter((line) => line.includes('hello'))).toHaveLength(1);
    expect(lines).toContain('PUBACK 7');
    expect(link.events).toHaveLength(1);
  });

  it('under QoS 2: it is run once, from the first PUBLISH to PUBCOMP', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(event('hi', { qos: 2 }));
    const running = await link.next();
    await dev.drop();
    const back = await join('dev1');
    const again = event('hi', { qos: 2, dup: true });
    back.say(again);
    expect(await back.rest()).toEqual([]);
    running.settle('silent');
    expect(await back.next()).toBe('PUBREC 7');
    back.say(again);
    expect(await back.rest()).toEqual(['PUBREC 7']);
    back.say(pubrel(7));
    expect(await back.rest()).toEqual(['PUBCOMP 7']);
    expect(link.events).toHaveLength(1);
  });

  it('under QoS 2, when its end is remembered: it gets the reply once', async () => {
    const { link, join } = await start();
    link.answer = (one) => one.settle('reply', bytes('hello'));
    const dev = await join('dev1');
    dev.say(event('hi', { qos: 2 }));
    expect(await dev.take(2)).toContain('PUBREC 7');
    await dev.drop();
    const back = await join('dev1');
    const again = event('hi', { qos: 2, dup: true });
    back.say(again, again, pubrel(7));
    const lines = await back.rest();
    expect(lines.filter((line) => line.startsWith('PUBLISH'))).toEqual([
      `PUBLISH ${ACTION} hello q2 #1`,
    ]);
    expect(lines.filter((line) => !line.startsWith('PUBLISH'))).toEqual([
      'PUBREC 7',
      'PUBREC 7',
      'PUBCOMP 7',
    ]);
    expect(link.events).toHaveLength(1);
  });
});

describe('a repetition is none', () => {
  it('when it says something else under the same identifier', async () => {
    const { link, join } = await start();
    link.answer = (one) => one.settle('silent');
    const dev = await join('dev1');
    dev.say(event('hi'));
    expect(await dev.next()).toBe('PUBACK 7');
    await dev.drop();
    const back = await join('dev1');
    back.say(event('something else', { dup: true }));
    expect(await back.next()).toBe('PUBACK 7');
    expect(link.events.map(textOf)).toEqual(['hi', 'something else']);
  });

  it('when it does not say that it is one: the other one is not acknowledged in its place', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(event('old'));
    const old = await link.next();
    await dev.drop();
    const back = await join('dev1');
    back.say(event('new'));
    const fresh = await link.next();
    old.settle('silent');
    expect(await back.rest()).toEqual([]);
    fresh.settle('silent');
    expect(await back.rest()).toEqual(['PUBACK 7']);
  });

  it('when it comes after the time that replies are remembered', async () => {
    const { link, join } = await start({ limits: { rememberedFor: 0 } });
    link.answer = (one) => one.settle('silent');
    const dev = await join('dev1');
    dev.say(event('hi'));
    expect(await dev.next()).toBe('PUBACK 7');
    await dev.drop();
    const back = await join('dev1');
    back.say(event('hi', { dup: true }));
    expect(await back.next()).toBe('PUBACK 7');
    expect(link.events).toHaveLength(2);
  });

  it('when another client says it', async () => {
    const { link, join } = await start();
    link.answer = (one) => one.settle('silent');
    const dev = await join('dev1');
    dev.say(event('hi'));
    expect(await dev.next()).toBe('PUBACK 7');
    const other = await join('dev2');
    other.say(publish('events/1//echo/', 'hi', { qos: 1, id: 7, dup: true }));
    expect(await other.next()).toBe('PUBACK 7');
    expect(link.events).toHaveLength(2);
  });
});

describe('a client whose session is kept', () => {
  it('finds the answer of an event that was settled while it was away, once', async () => {
    const { link, join } = await start();
    const observer = await join('observer');
    observer.say(subscribe(1, ['gone', 0]));
    const dev = await join('dev1', { ...KEPT, will: { topic: 'gone' } });
    dev.say(event('hi'));
    const running = await link.next();
    await dev.drop();
    expect(await observer.take(2)).toEqual(['SUBACK 1 [0]', 'PUBLISH gone ']);
    running.settle('reply', bytes('hello'));
    const back = await join('dev1', KEPT);
    back.say(event('hi', { dup: true }));
    expect((await back.rest()).sort()).toEqual(['PUBACK 7', `PUBLISH ${ACTION} hello q1 #1`]);
    expect(link.events).toHaveLength(1);
  });

  it.each<[string, ...[string, number][]]>([
    ['without subscriptions'],
    ['with one for something else', ['room', 1]],
    ['with one for its actions', [ACTION, 2]],
  ])(
    'gets an answer that it did not acknowledge again, with DUP, once: %s',
    async (_, ...filters) => {
      const { link, join } = await start();
      link.answer = (one) => one.settle('reply', bytes('hello'));
      const dev = await join('dev1', KEPT);
      if (filters.length > 0) {
        dev.say(subscribe(1, ...filters));
        await dev.next();
      }
      dev.say(event('hi'));
      expect(await dev.take(2)).toContain(`PUBLISH ${ACTION} hello q1 #1`);
      await dev.drop();
      const back = await join('dev1', KEPT);
      back.say(event('hi', { dup: true }));
      expect(await back.rest()).toEqual([`PUBLISH ${ACTION} hello q1 #1 dup`, 'PUBACK 7']);
      expect(link.events).toHaveLength(1);
    },
  );

  it('has its event run once, though the answer waits behind a backlog', async () => {
    const { join, link } = await start({ limits: { outgoingWindow: 3 } });
    link.answer = echo;
    const speaker = await join('speaker');
    const before = await join('dev1', KEPT);
    before.say(subscribe(1, ['t', 1]), DISCONNECT);
    await before.closed;
    for (let i = 1; i <= 600; i++) speaker.say(publish('t', `${i}`, { qos: 1, id: i }));
    await speaker.take(600);
    const ask = async (dup: boolean) => {
      const peer = await join('dev1', KEPT);
      peer.say(event('x', { dup }));
      while ((await peer.next()) !== 'PUBACK 7');
      await peer.drop();
    };
    await ask(false);
    await ask(true);
    expect(link.events).toHaveLength(1);
    const peer = await join('dev1', KEPT);
    peer.acknowledges = true;
    peer.say(...[1, 2, 3].map(puback));
    const heard = await peer.take(601);
    expect(heard.filter((line) => line.includes('actions/'))).toHaveLength(1);
  });

  it('has its QoS 2 events taken once, also when they are settled while it is away', async () => {
    const { link, join } = await start();
    const observer = await join('observer');
    observer.say(subscribe(1, ['gone', 0]));
    const dev = await join('dev1', { ...KEPT, will: { topic: 'gone' } });
    dev.say(event('hi', { qos: 2 }));
    const running = await link.next();
    await dev.drop();
    expect(await observer.take(2)).toEqual(['SUBACK 1 [0]', 'PUBLISH gone ']);
    running.settle('reply', bytes('hello'));
    const back = await join('dev1', KEPT);
    const again = event('hi', { qos: 2, dup: true });
    back.say(again, again, pubrel(7));
    const lines = await back.rest();
    expect(lines.filter((line) => line.startsWith('PUBLISH'))).toEqual([
      `PUBLISH ${ACTION} hello q2 #1`,
    ]);
    expect(lines.filter((line) => !line.startsWith('PUBLISH'))).toEqual([
      'PUBREC 7',
      'PUBREC 7',
      'PUBCOMP 7',
    ]);
    expect(link.events).toHaveLength(1);
  });

  it('has events of QoS 0 answered only when it is there', async () => {
    const { broker, link, join } = await start();
    const observer = await join('observer');
    observer.say(subscribe(1, ['gone', 0]));
    const dev = await join('dev1', { ...KEPT, will: { topic: 'gone' } });
    dev.say(event('hi', { qos: 0 }));
    const running = await link.next();
    await dev.drop();
    expect(await observer.take(2)).toEqual(['SUBACK 1 [0]', 'PUBLISH gone ']);
    running.settle('reply', bytes('hello'));
    expect(broker.counters.drops).toBe(1);
    const back = await join('dev1', KEPT);
    expect(await back.rest()).toEqual([]);
  });
});

describe('two connections of one client', () => {
  it('are one too many: the first is closed, its will is published, the second takes over what is under way', async () => {
    const { broker, link, join } = await start();
    const observer = await join('observer');
    observer.say(subscribe(1, ['gone', 0]));
    const first = await join('dev1', { will: { topic: 'gone', payload: 'first' } });
    first.say(event('hi'));
    const running = await link.next();
    const second = await join('dev1');
    expect(await first.last()).toEqual([]);
    expect(await observer.take(2)).toEqual(['SUBACK 1 [0]', 'PUBLISH gone first']);
    second.say(event('hi', { dup: true }));
    expect(await second.rest()).toEqual([]);
    running.settle('silent');
    expect(await second.rest()).toEqual(['PUBACK 7']);
    expect(broker.counters.takeovers).toBe(1);
  });

  it('do not mix what they say', async () => {
    const { link, join } = await start();
    const first = await join('dev1');
    first.say(event('half a', { id: 1 }), event('whole', { id: 2 }).subarray(0, 9));
    await link.next();
    const second = await join('dev1');
    second.say(event('mine', { id: 3 }));
    expect(textOf(await link.next())).toBe('mine');
    expect(link.events).toHaveLength(2);
  });

  it('leave the answer to the one that stays, when the other only passes by', async () => {
    const { link, join } = await start();
    link.answer = (one) => one.settle('reply', bytes('hello'));
    await join('dev1');
    const passing = await join('dev1');
    passing.say(event('hi', { qos: 0 }), DISCONNECT);
    await passing.closed;
    const listening = await join('dev1');
    expect(await listening.rest()).toEqual([]);
    listening.say(subscribe(1, [ACTION, 0]));
    expect(await listening.rest()).toEqual(['SUBACK 1 [0]', `PUBLISH ${ACTION} hello`]);
    const next = await join('dev1');
    next.say(subscribe(1, [ACTION, 0]));
    expect(await next.rest()).toEqual(['SUBACK 1 [0]']);
  });

  it('do not leave each other messages that the next one did not subscribe to [MQTT-3.1.2-6]', async () => {
    const { join } = await start();
    const speaker = await join('speaker');
    await join('dev1');
    const passing = await join('dev1');
    passing.say(subscribe(1, ['room', 1]));
    expect(await passing.next()).toBe('SUBACK 1 [1]');
    speaker.say(publish('room', 'hi', { qos: 1 }));
    expect(await passing.next()).toBe('PUBLISH room hi q1 #1');
    passing.say(DISCONNECT);
    await passing.closed;
    const back = await join('dev1');
    expect(await back.rest()).toEqual([]);
  });

  it('do not make an answer that was acknowledged come again', async () => {
    const { link, join } = await start();
    link.answer = (one) => one.settle('reply', bytes('hello'));
    await join('dev1');
    const second = await join('dev1');
    second.say(event('hi'));
    expect(await second.take(2)).toContain(`PUBLISH ${ACTION} hello q1 #1`);
    second.say(puback(1));
    expect(await second.rest()).toEqual([]);
    await second.drop();
    const third = await join('dev1');
    expect(await third.rest()).toEqual([]);
  });
});

it('an event stays the same one through any number of connections, with a will among the events', async () => {
  const { link, join } = await start();
  const first = await join('dev1', { will: { topic: 'events/1//echo/dev1', payload: 'gone' } });
  await first.drop();
  const gone = await link.next();
  expect(textOf(gone)).toBe('gone');
  const second = await join('dev1');
  second.say(event('hi'));
  const running = await link.next();
  const third = await join('dev1');
  await third.drop();
  gone.settle('silent');
  const fourth = await join('dev1');
  fourth.say(event('hi', { dup: true }));
  expect(await fourth.rest()).toEqual([]);
  running.settle('silent');
  expect(await fourth.rest()).toEqual(['PUBACK 7']);
  expect(link.events).toHaveLength(2);
});
