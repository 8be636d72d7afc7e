import { describe, expect, it } from 'vitest';
import { echo } from '../../../../test/support/link.ts';
import { publish, subscribe, unsubscribe } from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

const TOPIC = 'events/1//echo/dev1';
const ACTION = 'actions/1/echo/dev1';

/** A broker that echoes, and a client of it with some subscriptions. */
async function joined(...filters: [string, number][]) {
  const started = await start();
  started.link.answer = echo;
  const dev = await started.join('dev1');
  if (filters.length > 0) {
    dev.say(subscribe(1, ...filters));
    expect(await dev.next()).toBe(`SUBACK 1 [${filters.map(([, qos]) => qos)}]`);
  }
  return { ...started, dev };
}

describe('a client gets each of its actions once', () => {
  it.each<[string, ...[string, number][]]>([
    ['that subscribed to nothing'],
    ['that subscribed to them', [ACTION, 2]],
    ['that subscribed to them with wildcards', ['actions/+/+/dev1', 2]],
    ['that subscribed to all actions', ['actions/#', 2]],
    ['that subscribed to everything', ['#', 2]],
    [
      'that subscribed to all of these',
      [ACTION, 2],
      ['actions/1/+/dev1', 2],
      ['actions/#', 2],
      ['+/+/+/+', 2],
      ['#', 2],
    ],
    ['that subscribed to something else', ['room', 0]],
  ])('%s', async (_, ...filters) => {
    const { dev } = await joined(...filters);
    for (const [qos, marks] of [
      [0, ''],
      [1, ' q1 #1'],
      [2, ' q2 #2'],
    ] as const) {
      dev.say(publish(TOPIC, 'hi', { qos, id: 9 }));
      const actions = (await dev.rest()).filter((line) => line.startsWith('PUBLISH'));
      expect(actions).toEqual([`PUBLISH ${ACTION} hi${marks}`]);
    }
  });
});

describe('actions of others', () => {
  /** A broker that echoes, a client that asks, and another that subscribes to what it can. */
  async function watched(privateActions: boolean) {
    const started = await start({ privateActions });
    started.link.answer = echo;
    const [dev, other] = [await started.join('dev1'), await started.join('other')];
    const filters = [
      'actions/#',
      ACTION,
      '+/1/echo/+',
      '#',
      'actions/1/echo/other',
      'room',
    ] as const;
    other.say(subscribe(1, ...filters.map((filter): [string, number] => [filter, 1])));
    return { ...started, dev, other };
  }

  it('go to whoever subscribes to them', async () => {
    const { dev, other } = await watched(false);
    expect(await other.next()).toBe('SUBACK 1 [1,1,1,1,1,1]');
    dev.say(publish(TOPIC, 'hi', { qos: 1, id: 9 }));
    expect(await other.rest()).toEqual([`PUBLISH ${ACTION} hi q1 #1`]);
  });

  it('go to nobody else where they are private, and all else does', async () => {
    const { dev, other } = await watched(true);
    expect(await other.next()).toBe('SUBACK 1 [128,128,1,1,1,1]');
    dev.say(publish(TOPIC, 'hi', { qos: 1, id: 9 }));
    expect(await dev.rest()).toContain(`PUBLISH ${ACTION} hi q1 #1`);
    dev.say(publish('room', 'all', { qos: 1, id: 10 }));
    expect(await other.rest()).toEqual(['PUBLISH room all q1 #1']);
    other.say(publish('events/1//echo/other', 'mine', { qos: 1, id: 2 }));
    expect(await other.rest()).toContain('PUBLISH actions/1/echo/other mine q1 #2');
  });

  it('are not for others either where they are private and retained', async () => {
    const { broker, join } = await start({ privateActions: true });
    for (const client of ['dev1', 'late']) {
      await broker.bus.publish(`actions/1/echo/${client}`, Buffer.from(client), {
        qos: 1,
        retain: true,
      });
    }
    const late = await join('late');
    late.say(subscribe(1, ['#', 1]));
    expect(await late.next()).toBe('SUBACK 1 [1]');
    expect((await late.rest()).map((line) => line.split(' ')[1])).toEqual(['actions/1/echo/late']);
  });
});

describe('an explicit subscription', () => {
  it.each([
    [[[ACTION, 0]], 1, ''],
    [[[ACTION, 1]], 2, ' q1 #1'],
    [[['#', 0]], 2, ''],
    [
      [
        [ACTION, 0],
        ['#', 1],
      ],
      2,
      ' q1 #1',
    ],
    [[['actions/2/#', 0]], 1, ' q1 #1'],
  ] satisfies [[string, number][], number, string][])(
    'sets the highest quality of service of the own actions: %j, event of QoS %i',
    async (filters, qos, marks) => {
      const { dev } = await joined(...filters);
      dev.say(publish(TOPIC, 'hi', { qos, id: 9 }));
      expect((await dev.rest()).filter((line) => line.startsWith('PUBLISH'))).toEqual([
        `PUBLISH ${ACTION} hi${marks}`,
      ]);
    },
  );

  it('leaves the automatic one in place when it is taken back', async () => {
    const { dev } = await joined([ACTION, 0], ['#', 0]);
    dev.say(unsubscribe(2, ACTION, '#'), publish(TOPIC, 'hi', { qos: 1, id: 9 }));
    expect((await dev.rest()).sort()).toEqual([
      'PUBACK 9',
      `PUBLISH ${ACTION} hi q1 #1`,
      'UNSUBACK 2',
    ]);
  });
});

describe('a second client', () => {
  it('gets the actions of another one when it subscribes, each once, as it was granted', async () => {
    const { dev, join } = await joined();
    const watcher = await join('watcher');
    watcher.say(subscribe(1, ['actions/#', 1], ['actions/1/+/dev1', 0], ['#', 0]));
    expect(await watcher.next()).toBe('SUBACK 1 [1,0,0]');
    const zero = await join('zero');
    zero.say(subscribe(1, [ACTION, 0]));
    expect(await zero.next()).toBe('SUBACK 1 [0]');

    for (const qos of [0, 2]) dev.say(publish(TOPIC, `${qos}`, { qos, id: 9 }));
    expect((await dev.rest()).sort()).toEqual([
      `PUBLISH ${ACTION} 0`,
      `PUBLISH ${ACTION} 2 q2 #1`,
      'PUBREC 9',
    ]);
    expect(await watcher.rest()).toEqual([`PUBLISH ${ACTION} 0`, `PUBLISH ${ACTION} 2 q1 #1`]);
    expect(await zero.rest()).toEqual([`PUBLISH ${ACTION} 0`, `PUBLISH ${ACTION} 2`]);
  });

  it("that speaks as a page of today's mq.js does, but for nobody else", async () => {
    const { dev, join } = await joined(['/actions/echo/#', 2]);
    const watcher = await join('watcher');
    watcher.say(subscribe(1, ['/events/#', 0]));
    await watcher.next();
    dev.say(publish('/events/34239034/echo/echo/1/3/dev1', 'hi'));
    expect(await dev.rest()).toEqual([`PUBLISH ${ACTION} hi`]);
    const foreign = '/events/34239034/echo/echo/1/3/watcher';
    dev.say(publish(foreign, 'not for a module'));
    expect(await dev.rest()).toEqual([]);
    expect(await watcher.rest()).toEqual([`PUBLISH ${foreign} not for a module`]);
  });

  it('gets its own actions as well as those it watches', async () => {
    const { dev, join } = await joined();
    const watcher = await join('watcher');
    watcher.say(subscribe(1, ['actions/#', 0]), publish('events/1//echo/watcher', 'mine'));
    expect(await watcher.rest()).toEqual(['SUBACK 1 [0]', 'PUBLISH actions/1/echo/watcher mine']);
    dev.say(publish(TOPIC, 'yours'));
    expect(await dev.rest()).toEqual([`PUBLISH ${ACTION} yours`]);
    expect(await watcher.rest()).toEqual([`PUBLISH ${ACTION} yours`]);
  });

  it('gets nothing of another one without a subscription, nor after it took it back', async () => {
    const { dev, join } = await joined();
    const other = await join('other');
    other.say(subscribe(1, ['actions/#', 0]), unsubscribe(2, 'actions/#'));
    expect(await other.take(2)).toEqual(['SUBACK 1 [0]', 'UNSUBACK 2']);
    dev.say(publish(TOPIC, 'hi'));
    expect(await dev.rest()).toEqual([`PUBLISH ${ACTION} hi`]);
    expect(await other.rest()).toEqual([]);
  });

  it('gets the action of a client that is gone', async () => {
    const { dev, join, link } = await joined();
    link.answer = () => {};
    const watcher = await join('watcher');
    watcher.say(subscribe(1, ['actions/#', 1]));
    expect(await watcher.next()).toBe('SUBACK 1 [1]');
    dev.say(publish(TOPIC, 'hi', { qos: 1, id: 9 }));
    const event = await link.next();
    await dev.drop();
    event.settle('reply', Buffer.from('late'));
    expect(await watcher.next()).toBe(`PUBLISH ${ACTION} late q1 #1`);
  });

  it('gets the action of a client that is gone and came back as a new session', async () => {
    const { dev, join, link } = await joined();
    link.answer = () => {};
    const watcher = await join('watcher');
    watcher.say(subscribe(1, ['actions/#', 1]));
    expect(await watcher.next()).toBe('SUBACK 1 [1]');
    dev.say(publish(TOPIC, 'hi', { qos: 1, id: 9 }));
    const event = await link.next();
    await join('dev1');
    event.settle('reply', Buffer.from('late'));
    expect(await watcher.rest()).toEqual([`PUBLISH ${ACTION} late q1 #1`]);
  });
});

describe('a client id', () => {
  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'a/b',
    'events',
    '7',
    'ünï🚀',
    ' ',
    '$SYS',
  ])('"%s" is as good as any other', async (client) => {
    const { link, join } = await start();
    link.answer = echo;
    const peer = await join(client);
    const other = await join('other');
    for (const qos of [0, 1] as const) {
      peer.say(publish('events/1//echo/', 'hi', { qos, id: 9 }));
      expect((await peer.rest()).at(-1)).toBe(
        `PUBLISH actions/1/echo/${client} hi${qos ? ' q1 #1' : ''}`,
      );
    }
    peer.say(
      subscribe(2, ['actions/#', 0], [`actions/1/echo/${client}`, 0]),
      publish('events/1//echo/', 'once'),
    );
    expect(await peer.rest()).toEqual(['SUBACK 2 [0,0]', `PUBLISH actions/1/echo/${client} once`]);
    expect(await other.rest()).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'ünï🚀', ' '])(
    'as a module level is one too: "%s"',
    async (module) => {
      const { link, join } = await start();
      link.answer = echo;
      const peer = await join('dev1');
      peer.say(publish(`events/__proto__//${module}/dev1`, 'hi'));
      expect(await peer.rest()).toEqual([`PUBLISH actions/__proto__/${module}/dev1 hi`]);
      expect(link.events[0]?.route).toMatchObject({ module, version: '__proto__' });
    },
  );
});
