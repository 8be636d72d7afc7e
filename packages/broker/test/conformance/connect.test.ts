import { describe, expect, it } from 'vitest';
import {
  connect,
  DISCONNECT,
  field,
  PINGREQ,
  packet,
  publish,
  subscribe,
} from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

/** What a broker says to bytes on a fresh connection until it closes it. */
async function answerTo(...said: Uint8Array[]): Promise<string[]> {
  const { open } = await start();
  const peer = await open();
  peer.say(...said);
  return peer.last();
}

/** A broker with an observer of the topic of wills. */
async function observed() {
  const started = await start();
  const observer = await started.join('observer');
  observer.say(subscribe(1, ['gone/#', 2]));
  expect(await observer.next()).toBe('SUBACK 1 [2]');
  return { ...started, observer };
}

describe('3.1 CONNECT', () => {
  it.each([
    ['PINGREQ', PINGREQ],
    ['PUBLISH', publish('a', 'b')],
    ['SUBSCRIBE', subscribe(1, ['a', 0])],
    ['DISCONNECT', DISCONNECT],
    ['CONNACK', packet(0x20, 0, 0)],
  ])('[MQTT-3.1.0-1] must come first: %s closes the connection', async (_, first) => {
    expect(await answerTo(first, connect('a'))).toEqual([]);
  });

  it('[MQTT-3.1.0-2] a second one closes the connection', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(connect('a'), PINGREQ);
    expect(await peer.last()).toEqual([]);
  });

  it('[MQTT-3.1.2-1] of another protocol closes the connection', async () => {
    expect(await answerTo(connect('a', { protocol: 'MQTTX' }))).toEqual([]);
  });

  it.each([0, 3, 5, 6, 255])(
    '[MQTT-3.1.2-2] of level %i is answered with code 1 and closed',
    async (level) => {
      expect(await answerTo(connect('a', { level }))).toEqual(['CONNACK 1']);
    },
  );

  it('of MQTT 3.1 is welcome, and knows no session present', async () => {
    const { join, open } = await start();
    const old = { protocol: 'MQIsdp', level: 3, clean: false };
    const first = await join('a', old);
    first.say(DISCONNECT);
    await first.closed;
    const again = await open();
    again.say(connect('a', old));
    expect(await again.next()).toBe('CONNACK 0');
  });

  it('[MQTT-3.1.2-3] with the reserved flag closes the connection', async () => {
    expect(await answerTo(connect('a', { flags: 0x03 }))).toEqual([]);
  });

  it.each([
    ['[MQTT-3.1.2-13] QoS of a will without a will', connect('a', { flags: 0x0a })],
    ['[MQTT-3.1.2-15] retain of a will without a will', connect('a', { flags: 0x22 })],
    ['[MQTT-3.1.2-14] a will of QoS 3', connect('a', { will: { topic: 'gone', qos: 3 } })],
    ['[MQTT-3.1.2-9] a will without a message', connect('a', { flags: 0x06 })],
    ['[MQTT-3.1.2-18] a user name without its flag', Buffer.concat([connect('a'), field('u')])],
    ['[MQTT-3.1.2-19] the flag of a user name without one', connect('a', { flags: 0x82 })],
    [
      '[MQTT-3.1.2-21] the flag of a password without one',
      connect('a', { flags: 0xc2, username: 'u' }),
    ],
    ['[MQTT-3.1.2-22] a password without a user name', connect('a', { password: 'p' })],
    ['[MQTT-3.1.3-3] no client id', packet(0x10, field('MQTT'), 4, 2, 0, 0)],
    ['[MQTT-3.1.3-4] a client id that is no UTF-8', connect(Buffer.of(0xc3, 0x28))],
    [
      '[MQTT-3.1.3-10] a topic of the will that is no UTF-8',
      connect('a', { will: { topic: Buffer.of(0xff) } }),
    ],
    ['[MQTT-3.1.3-11] a user name that is no UTF-8', connect('a', { username: Buffer.of(0xff) })],
    [
      '[MQTT-4.7.1-1] a wildcard in the topic of the will',
      connect('a', { will: { topic: 'gone/#' } }),
    ],
    ['[MQTT-4.7.3-1] an empty topic of the will', connect('a', { will: { topic: '' } })],
    ['[MQTT-1.5.3-2] U+0000 in the topic of the will', connect('a', { will: { topic: 'gone\0' } })],
  ])('[MQTT-3.1.4-1] is validated, and closed without CONNACK: %s', async (_, said) => {
    expect(await answerTo(said)).toEqual([]);
  });

  it.each(['a', '0', 'abcdefghijklmnopqrstuvw', 'ABCXYZ0123456789', 'A'.repeat(1_000)])(
    '[MQTT-3.1.3-5] client id "%s" is allowed',
    async (client) => {
      const { join } = await start();
      expect(await (await join(client)).rest()).toEqual([]);
    },
  );

  it('[MQTT-3.1.3-6] [MQTT-3.1.3-7] an empty client id gets one of its own', async () => {
    const { link, join } = await start();
    const [first, second] = [await join(''), await join('')];
    expect([await first.rest(), await second.rest()]).toEqual([[], []]);
    for (const peer of [first, second]) peer.say(publish('events/1//echo/', 'who am I?'));
    const [a, b] = await link.take(2);
    expect(a?.route.client).not.toBe(b?.route.client);
    expect(a?.route.client).toMatch(/.+/);
  });

  it('[MQTT-3.1.3-8] an empty client id with a session to keep is answered with code 2 and closed', async () => {
    expect(await answerTo(connect('', { clean: false }))).toEqual(['CONNACK 2']);
  });

  it.each(['a+b', 'a#', '#', '+', 'x'.repeat(1_025)])(
    '[MQTT-3.1.3-9] a client id that cannot stand in a topic is answered with code 2 and closed: %s',
    async (client) => {
      expect(await answerTo(connect(client))).toEqual(['CONNACK 2']);
    },
  );

  it('[MQTT-3.1.4-2] with the id of a connected client closes that one', async () => {
    const { join } = await start();
    const first = await join('a');
    const second = await join('a');
    expect(await first.last()).toEqual([]);
    expect(await second.rest()).toEqual([]);
  });

  it('[MQTT-3.1.4-5] nothing behind one that was refused is done', async () => {
    const { open, observer } = await observed();
    const peer = await open();
    peer.say(connect('', { clean: false }), connect('b'), publish('gone/1', 'x'));
    expect(await peer.last()).toEqual(['CONNACK 2']);
    expect(await observer.rest()).toEqual([]);
  });

  it('[MQTT-3.1.2-24] nothing for one and a half times the keep-alive closes the connection', async () => {
    const { join, observer } = await observed();
    const before = performance.now();
    const silent = await join('silent', {
      keepalive: 1,
      will: { topic: 'gone/silent', payload: 'x' },
    });
    const eternal = await join('eternal', { keepalive: 0 });
    await silent.closed;
    // The clock of the broker moves in quarters of a second.
    expect(performance.now() - before).toBeGreaterThan(1_000);
    expect(performance.now() - before).toBeLessThan(4_000);
    expect(await observer.next()).toBe('PUBLISH gone/silent x');
    expect(await eternal.rest()).toEqual([]);
  });

  it('[MQTT-3.1.2-24] any packet counts as a sign of life', async () => {
    const { join } = await start();
    const alive = await join('alive', { keepalive: 1 });
    const silent = await join('silent', { keepalive: 1 });
    // Speaks whenever something else happens, for as long as the silent one is there.
    let rounds = 0;
    while (!silent.over) {
      alive.say(publish('room', `${rounds++}`, { qos: 1, id: 1 }));
      expect(await alive.next()).toBe('PUBACK 1');
    }
    expect(await alive.rest()).toEqual([]);
  });
});

describe('3.1.2.5 will', () => {
  it.each([0, 1, 2])(
    '[MQTT-3.1.2-8] is published with its QoS %i when the connection breaks',
    async (qos) => {
      const { join, observer } = await observed();
      const peer = await join('a', { will: { topic: 'gone/a', payload: 'bye', qos } });
      await peer.drop();
      expect(await observer.next()).toBe(`PUBLISH gone/a bye${qos > 0 ? ` q${qos} #1` : ''}`);
    },
  );

  it.each<[string, Uint8Array]>([
    ['a second CONNECT', connect('a')],
    ['a malformed packet', packet(0xc0, 1)],
    ['a wildcard in a topic name', publish('a/#', 'x')],
  ])('[MQTT-3.1.2-8] is published when the broker closes because of %s', async (_, rude) => {
    const { join, observer } = await observed();
    const peer = await join('a', { will: { topic: 'gone/a', payload: 'bye' } });
    peer.say(rude);
    await peer.closed;
    expect(await observer.next()).toBe('PUBLISH gone/a bye');
  });

  it('[MQTT-3.1.2-10] [MQTT-3.14.4-3] is dropped on DISCONNECT', async () => {
    const { join, observer } = await observed();
    const peer = await join('a', { will: { topic: 'gone/a', payload: 'bye' } });
    peer.say(DISCONNECT);
    await peer.closed;
    expect(await observer.rest()).toEqual([]);
  });

  it('[MQTT-3.1.2-12] is not published where there is none', async () => {
    const { join, observer } = await observed();
    const peer = await join('a');
    await peer.drop();
    await join('a');
    expect(await observer.rest()).toEqual([]);
  });

  it.each([
    ['[MQTT-3.1.2-16] not retained', false, []],
    ['[MQTT-3.1.2-17] retained', true, ['PUBLISH gone/a bye retained']],
  ])('is %s', async (_, retain, expected) => {
    const { join, observer } = await observed();
    const peer = await join('a', { will: { topic: 'gone/a', payload: 'bye', retain } });
    await peer.drop();
    expect(await observer.next()).toBe('PUBLISH gone/a bye');
    const late = await join('late');
    late.say(subscribe(1, ['gone/#', 0]));
    expect((await late.rest()).slice(1)).toEqual(expected);
  });
});

describe('3.2 CONNACK', () => {
  it('[MQTT-3.2.0-1] comes first, also before what waited', async () => {
    const { join, open } = await start();
    const away = await join('away', { clean: false });
    away.say(subscribe(1, ['room', 1]), DISCONNECT);
    await away.closed;
    const speaker = await join('speaker');
    speaker.say(publish('room', 'hi', { qos: 1 }));
    expect(await speaker.next()).toBe('PUBACK 1');
    const back = await open();
    back.say(connect('away', { clean: false }), PINGREQ);
    const [first, ...others] = await back.take(3);
    expect(first).toBe('CONNACK 0 present');
    expect(others.sort()).toEqual(['PINGRESP', 'PUBLISH room hi q1 #1']);
  });

  it('[MQTT-3.2.2-1] [MQTT-3.2.2-2] [MQTT-3.2.2-3] says whether a session was there', async () => {
    const { open } = await start();
    const answers: string[] = [];
    for (const clean of [true, false, false, true, false]) {
      const peer = await open();
      peer.say(connect('a', { clean }));
      answers.push(await peer.next());
      peer.say(DISCONNECT);
      await peer.closed;
    }
    expect(answers).toEqual([
      'CONNACK 0',
      'CONNACK 0',
      'CONNACK 0 present',
      'CONNACK 0',
      'CONNACK 0',
    ]);
  });

  it('[MQTT-3.2.2-2] also where the session had no subscription and no message', async () => {
    const { join, open } = await start();
    await join('a', { clean: false });
    const second = await open();
    second.say(connect('a', { clean: false }));
    expect(await second.next()).toBe('CONNACK 0 present');
  });

  it('[MQTT-3.2.2-4] [MQTT-3.2.2-5] says "no session" with every refusal, and closes', async () => {
    const { open } = await start({ authenticate: async () => false });
    for (const [client, level, code] of [
      ['a', 9, 1],
      ['+', 4, 2],
      ['a', 4, 5],
    ] as const) {
      const peer = await open();
      peer.say(connect(client, { level, clean: false }));
      expect(await peer.last()).toEqual([`CONNACK ${code}`]);
    }
  });

  it('says "server unavailable" when there are too many connections', async () => {
    const { join, open } = await start({ limits: { connections: 2 } });
    const first = await join('a');
    const second = await join('b');
    const third = await open();
    third.say(connect('c'));
    expect(await third.last()).toEqual(['CONNACK 3']);
    await second.drop();
    expect(await first.rest()).toEqual([]);
    await join('d');
  });
});
