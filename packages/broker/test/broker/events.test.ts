import { vnodeOf } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { echo, textOf } from '../../../../test/support/link.ts';
import {
  PINGREQ,
  pubcomp,
  publish,
  pubrec,
  pubrel,
  subscribe,
} from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

const TOPIC = 'events/1//echo/dev1';
const ACTION = 'actions/1/echo/dev1';

describe('an event of QoS 0', () => {
  it('is answered on the actions topic of its sender', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(publish(TOPIC, 'hi'));
    (await link.next()).settle('reply', Buffer.from('hello'));
    expect(await dev.next()).toBe(`PUBLISH ${ACTION} hello`);
  });
});

describe('an event of QoS 1', () => {
  it('is acknowledged when it is settled, and not before', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(publish(TOPIC, 'hi', { qos: 1, id: 7 }));
    const event = await link.next();
    // The PINGREQ behind it is answered while it is under way.
    expect(await dev.rest()).toEqual([]);
    event.settle('reply', Buffer.from('hello'));
    expect((await dev.take(2)).sort()).toEqual(['PUBACK 7', `PUBLISH ${ACTION} hello q1 #1`]);
    expect(await dev.rest()).toEqual([]);
  });

  it('is a new one when its identifier is used again after PUBACK [MQTT-4.3.2-2]', async () => {
    const { link, join } = await start();
    link.answer = (event) => event.settle('silent');
    const dev = await join('dev1');
    for (const dup of [false, false, true]) {
      dev.say(publish(TOPIC, 'hi', { qos: 1, id: 7, dup }));
      expect(await dev.next()).toBe('PUBACK 7');
    }
    expect(link.events).toHaveLength(3);
  });

  it('is run once when it comes again while it is under way', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(publish(TOPIC, 'hi', { qos: 1, id: 7 }));
    const event = await link.next();
    dev.say(publish(TOPIC, 'hi', { qos: 1, id: 7, dup: true }));
    expect(await dev.rest()).toEqual([]);
    event.settle('silent');
    expect(await dev.rest()).toEqual(['PUBACK 7']);
    expect(link.events).toHaveLength(1);
  });
});

describe('an event of QoS 2', () => {
  it('gets PUBREC when it is settled, and PUBCOMP for PUBREL [MQTT-4.3.3-2]', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(publish(TOPIC, 'hi', { qos: 2, id: 7 }));
    const event = await link.next();
    expect(await dev.rest()).toEqual([]);
    event.settle('reply', Buffer.from('hello'));
    expect((await dev.take(2)).sort()).toEqual([`PUBLISH ${ACTION} hello q2 #1`, 'PUBREC 7']);
    dev.say(pubrec(1), pubcomp(1), pubrel(7));
    expect(await dev.rest()).toEqual(['PUBREL 1', 'PUBCOMP 7']);
  });

  it('is run once, however often it comes before PUBREL', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    const again = publish(TOPIC, 'hi', { qos: 2, id: 7, dup: true });
    dev.say(publish(TOPIC, 'hi', { qos: 2, id: 7 }), again);
    const event = await link.next();
    dev.say(again);
    expect(await dev.rest()).toEqual([]);
    event.settle('silent');
    expect(await dev.rest()).toEqual(['PUBREC 7']);
    dev.say(again);
    expect(await dev.rest()).toEqual(['PUBREC 7']);
    dev.say(pubrel(7));
    expect(await dev.rest()).toEqual(['PUBCOMP 7']);
    expect(link.events).toHaveLength(1);
  });

  it('is a new one when its identifier is used again after PUBCOMP', async () => {
    const { link, join } = await start();
    link.answer = (event) => event.settle('silent');
    const dev = await join('dev1');
    for (let round = 1; round <= 2; round++) {
      dev.say(publish(TOPIC, 'hi', { qos: 2, id: 7 }), pubrel(7));
      expect(await dev.rest()).toEqual(['PUBREC 7', 'PUBCOMP 7']);
      expect(link.events).toHaveLength(round);
    }
  });
});

describe('the end of an event', () => {
  it.each(['silent', 'unknown'] as const)(
    '"%s" is an acknowledgement and no action',
    async (outcome) => {
      const { broker, link, join } = await start();
      const dev = await join('dev1');
      link.answer = (event) => event.settle(outcome);
      dev.say(publish(TOPIC, 'hi', { qos: 1, id: 7 }));
      expect(await dev.rest()).toEqual(['PUBACK 7']);
      expect(broker.counters.unknownEvents).toBe(outcome === 'unknown' ? 1 : 0);
    },
  );

  it('"dead" is an error frame for the client and a letter on the dead-letter topic', async () => {
    const { broker, link, join } = await start();
    const operator = await join('operator');
    operator.say(subscribe(1, ['dead/#', 1]));
    expect(await operator.next()).toBe('SUBACK 1 [1]');
    const dev = await join('dev1');
    link.answer = (event) => event.settle('dead', Buffer.from('sorry'));
    dev.say(publish(TOPIC, 'poison', { qos: 1, id: 7 }));
    expect((await dev.take(2)).sort()).toEqual(['PUBACK 7', `PUBLISH ${ACTION} sorry q1 #1`]);
    const letter = await operator.nextPacket();
    expect(letter).toMatchObject({ cmd: 'publish', topic: 'dead/echo/dev1' });
    expect(JSON.parse(String((letter as { payload: Buffer }).payload))).toMatchObject({
      error: { code: 'N2O_EVENT_DEAD' },
      topic: TOPIC,
      client: 'dev1',
      payload: Buffer.from('poison').toString('base64'),
    });
    expect(broker.counters.deadEvents).toBe(1);
  });

  it('has no token of a session in its dead letter', async () => {
    const { link, join } = await start();
    const operator = await join('operator');
    operator.say(subscribe(1, ['dead/#', 1]));
    await operator.next();
    const dev = await join('dev1');
    link.answer = (event) => event.settle('dead', Buffer.from('sorry'));
    dev.say(publish('events/1//echo/ann/dev1/secret', 'poison'));
    const { payload } = (await operator.nextPacket()) as { payload: Buffer };
    expect(JSON.parse(String(payload)).topic).toBe('events/1//echo/ann/dev1/');
  });

  it('counts once, also when it is said again', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(publish(TOPIC, 'hi', { qos: 1, id: 7 }));
    const event = await link.next();
    event.settle('reply', Buffer.from('first'));
    event.settle('reply', Buffer.from('second'));
    expect((await dev.rest()).sort()).toEqual(['PUBACK 7', `PUBLISH ${ACTION} first q1 #1`]);
  });
});

describe('a vnode', () => {
  it('gets the event as it was sent, with its route', async () => {
    const { link, join } = await start({ vnodes: 16 });
    const dev = await join('dev1');
    const payload = Buffer.from([0, 1, 0xff, 0xfe]);
    dev.say(publish('events/2/5/thermostat/ann/dev1/secret', payload, { qos: 1, id: 3 }));
    const event = await link.next();
    expect(event).toMatchObject({ qos: 1, dup: false });
    expect(Buffer.from(event.payload)).toEqual(payload);
    expect(event.route).toMatchObject({
      client: 'dev1',
      module: 'thermostat',
      version: '2',
      vnode: vnodeOf('dev1', 16),
      user: 'ann',
      token: 'secret',
    });
  });

  it.each([
    ['empty', 'events/1//echo/dev1'],
    ['of another', 'events/1/3/echo/dev1'],
    ['of nobody', 'events/1/nobody/echo/dev1'],
  ])('is the one of the client, whatever the node level says: %s', async (_, topic) => {
    const { link, join } = await start({ vnodes: 16 });
    const dev = await join('dev1');
    dev.say(publish(topic, 'hi'));
    expect((await link.next()).route.vnode).toBe(vnodeOf('dev1', 16));
  });

  it('gets the id of the sender where the client level is empty', async () => {
    const { link, join } = await start();
    link.answer = echo;
    const dev = await join('dev1');
    dev.say(publish('events/1//echo/', 'five'), publish('events/1//echo///', 'seven'));
    expect(await dev.rest()).toEqual([`PUBLISH ${ACTION} five`, `PUBLISH ${ACTION} seven`]);
    expect(link.events.map(({ route }) => route.client)).toEqual(['dev1', 'dev1']);
  });

  it('gets an empty payload as one', async () => {
    const { link, join } = await start();
    link.answer = echo;
    const dev = await join('dev1');
    dev.say(publish(TOPIC, '', { qos: 1, id: 7 }));
    expect((await link.next()).payload).toHaveLength(0);
    expect((await dev.take(2)).sort()).toEqual(['PUBACK 7', `PUBLISH ${ACTION}  q1 #1`]);
  });

  it('gets the events of one client in their order, whatever their topic and quality of service', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(
      ...[0, 1, 2, 0, 1, 2].map((qos, i) =>
        publish(i % 2 ? 'events/1//a/dev1' : 'events/1//b/dev1', `${i}`, { qos, id: i + 1 }),
      ),
    );
    const events = await link.take(6);
    expect(events.map(textOf)).toEqual(['0', '1', '2', '3', '4', '5']);
    for (const event of events) event.settle('reply', Uint8Array.from(event.payload));
    const lines = await dev.rest();
    expect(
      lines.filter((line) => line.startsWith('PUBLISH')).map((line) => line.split(' ')[2]),
    ).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(lines.filter((line) => !line.startsWith('PUBLISH'))).toEqual([
      'PUBACK 2',
      'PUBREC 3',
      'PUBACK 5',
      'PUBREC 6',
    ]);
  });

  it('may settle the events of several clients in any order, or never', async () => {
    const { link, join } = await start();
    const clients = ['a', 'b', 'c', 'd'];
    const peers = await Promise.all(clients.map((client) => join(client)));
    for (const [i, peer] of peers.entries()) {
      peer.say(publish(`events/1//echo/${clients[i]}`, 'hi', { qos: 1, id: 7 }));
    }
    const events = await link.take(4);
    for (const client of ['c', 'a', 'd']) {
      const event = events.find(({ route }) => route.client === client);
      event?.settle('reply', Buffer.from(`for ${client}`));
      const peer = peers[clients.indexOf(client)];
      expect((await peer?.rest())?.sort()).toEqual([
        'PUBACK 7',
        `PUBLISH actions/1/echo/${client} for ${client} q1 #1`,
      ]);
    }
    expect(await peers[1]?.rest()).toEqual([]);
  });
});

describe('an event that is not let in', () => {
  it.each([
    ['events/1//echo/dev2', 'N2O_EVENT_FOREIGN', ACTION],
    ['events/1//echo/ann/dev2/secret', 'N2O_EVENT_FOREIGN', ACTION],
    ['events/1//echo', 'N2O_EVENT_TOPIC', 'actions/1/index/dev1'],
    ['events/1//echo/a/b/c/d', 'N2O_EVENT_TOPIC', 'actions/1/index/dev1'],
    ['actions/1/echo/dev2', 'N2O_TOPIC_FORBIDDEN', 'actions/1/index/dev1'],
    ['actions/1/echo/dev1', 'N2O_TOPIC_FORBIDDEN', 'actions/1/index/dev1'],
    ['dead/echo/dev1', 'N2O_TOPIC_FORBIDDEN', 'actions/1/index/dev1'],
    ['$SYS/uptime', 'N2O_TOPIC_FORBIDDEN', 'actions/1/index/dev1'],
  ])(
    'on %s is acknowledged [MQTT-3.3.5-2] and answered to its sender alone with %s',
    async (topic, code, action) => {
      const { broker, link, join } = await start();
      const other = await join('dev2');
      const dev = await join('dev1');
      dev.say(
        publish(topic, 'hi', { qos: 1, id: 7 }),
        publish(topic, 'hi', { qos: 2, id: 8 }),
        pubrel(8),
      );
      const lines = await dev.rest();
      expect(lines.filter((line) => !line.startsWith('PUBLISH'))).toEqual([
        'PUBACK 7',
        'PUBREC 8',
        'PUBCOMP 8',
      ]);
      const frames = lines.filter((line) => line.startsWith('PUBLISH'));
      expect(frames).toHaveLength(2);
      for (const frame of frames)
        expect(frame.startsWith(`PUBLISH ${action} `) && frame.includes(code)).toBe(true);
      expect(await other.rest()).toEqual([]);
      expect(link.events).toEqual([]);
      expect(broker.counters.refusedEvents).toBe(2);
    },
  );

  it('is answered behind the events that came before it', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(publish(TOPIC, 'first'), publish('events/1//echo/dev2', 'foreign'));
    expect(await dev.rest()).toEqual([]);
    (await link.next()).settle('reply', Buffer.from('first'));
    const [first, second] = await dev.take(2);
    expect(first).toBe(`PUBLISH ${ACTION} first`);
    expect(second).toContain('N2O_EVENT_FOREIGN');
  });
});

describe('events and ordinary messages', () => {
  it('do not meet: nobody can subscribe to events, and no wildcard selects them', async () => {
    const { link, join } = await start();
    const spy = await join('spy');
    spy.say(
      subscribe(
        1,
        ['events/#', 0],
        ['events/1//echo/dev1', 1],
        ['#', 2],
        ['+/1/#', 2],
        ['+/+/+/+/+', 0],
      ),
    );
    expect(await spy.next()).toBe('SUBACK 1 [128,128,2,2,0]');
    const dev = await join('dev1');
    dev.say(publish(TOPIC, 'secret', { qos: 1, id: 7, retain: true }));
    (await link.next()).settle('silent');
    expect(await dev.next()).toBe('PUBACK 7');
    spy.say(subscribe(2, ['#', 0]));
    expect(await spy.rest()).toEqual(['SUBACK 2 [0]']);
  });

  it('share a connection: ordinary ones are delivered at once, and acknowledged in turn [MQTT-4.6.0-2]', async () => {
    const { link, join } = await start();
    const dev = await join('dev1');
    dev.say(
      subscribe(1, ['room', 1]),
      publish(TOPIC, 'slow', { qos: 1, id: 2 }),
      publish('room', 'hi', { qos: 1, id: 3 }),
    );
    expect((await dev.rest()).sort()).toEqual(['PUBLISH room hi q1 #1', 'SUBACK 1 [1]']);
    (await link.next()).settle('silent');
    expect(await dev.take(2)).toEqual(['PUBACK 2', 'PUBACK 3']);
  });
});

it('any number of ordinary messages behind an event under way is acknowledged, in order', async () => {
  const { link, join } = await start();
  const dev = await join('dev1');
  const ids = Array.from({ length: 5_000 }, (_, i) => i + 2);
  dev.say(
    publish(TOPIC, 'slow', { qos: 1, id: 1 }),
    ...ids.map((id) => publish('room', 'hi', { qos: 1, id })),
  );
  const event = await link.next();
  event.settle('silent');
  expect(await dev.take(5_001)).toEqual([1, ...ids].map((id) => `PUBACK ${id}`));
});

it('a burst of events in one chunk is answered in order, with every identifier', async () => {
  const { link, join } = await start();
  link.answer = echo;
  const dev = await join('dev1');
  dev.acknowledges = true;
  const count = 3_000;
  const burst = Array.from({ length: count }, (_, i) =>
    publish(TOPIC, `${i}`, { qos: 1, id: i + 1 }),
  );
  dev.say(...burst, PINGREQ);
  const lines = await dev.take(2 * count + 1);
  expect(lines.filter((line) => line.startsWith('PUBACK'))).toEqual(
    burst.map((_, i) => `PUBACK ${i + 1}`),
  );
  expect(
    lines.filter((line) => line.startsWith('PUBLISH')).map((line) => line.split(' ')[2]),
  ).toEqual(burst.map((_, i) => `${i}`));
});
