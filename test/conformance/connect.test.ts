import { describe, expect, it } from 'vitest';
import {
  connect,
  DISCONNECT,
  field,
  int16,
  PINGREQ,
  packet,
  publish,
  subscribe,
} from '../support/packets.ts';
import { type Stage, stages } from './stage.ts';
import { heard, leaveBehind, listen, pair, retained, tell } from './talk.ts';

/** What is heard on a fresh connection until it is closed. */
async function answerTo({ open }: Stage, ...said: Uint8Array[]): Promise<string[]> {
  const peer = await open();
  peer.say(...said);
  return peer.last();
}

/** CONNECT packets that are no CONNECT packets. */
const INVALID: Readonly<Record<string, Uint8Array>> = {
  '[MQTT-3.1.2-3] the reserved flag': connect('a', { flags: 0x03 }),
  '[MQTT-3.1.2-9] a will without a topic': connect('a', { flags: 0x06 }),
  '[MQTT-3.1.2-9] a will without a message': packet(
    0x10,
    connect('a', { flags: 0x06 }).subarray(2),
    field('gone'),
  ),
  '[MQTT-3.1.2-11] fields of a will without its flag': connect('a', {
    flags: 0x02,
    will: { topic: 'gone', payload: 'x' },
  }),
  '[MQTT-3.1.2-13] QoS of a will without a will': connect('a', { flags: 0x0a }),
  '[MQTT-3.1.2-14] a will of QoS 3': connect('a', { will: { topic: 'gone', qos: 3 } }),
  '[MQTT-3.1.2-15] retain of a will without a will': connect('a', { flags: 0x22 }),
  '[MQTT-3.1.2-18] a user name without its flag': connect('a', { flags: 0x02, username: 'u' }),
  '[MQTT-3.1.2-19] the flag of a user name without one': connect('a', { flags: 0x82 }),
  '[MQTT-3.1.2-20] a password without its flag': connect('a', {
    flags: 0x82,
    username: 'u',
    password: 'p',
  }),
  '[MQTT-3.1.2-21] the flag of a password without one': connect('a', {
    flags: 0xc2,
    username: 'u',
  }),
  '[MQTT-3.1.2-22] a password without a user name': connect('a', { password: 'p' }),
  '[MQTT-3.1.3-1] a will behind the user name': connect('a', {
    flags: 0x86,
    will: { topic: 'gone', payload: 'x' },
  }),
  '[MQTT-3.1.3-3] no client id': packet(0x10, field('MQTT'), 4, 2, int16(0)),
  '[MQTT-3.1.3-4] [MQTT-1.5.3-1] a client id that is no text': connect(Buffer.of(0xc3, 0x28)),
  '[MQTT-3.1.3-4] [MQTT-1.5.3-2] U+0000 in the client id': connect('a\0b'),
  '[MQTT-3.1.3-10] [MQTT-1.5.3-1] a topic of the will that is no text': connect('a', {
    will: { topic: Buffer.of(0xff) },
  }),
  '[MQTT-3.1.3-10] [MQTT-1.5.3-2] U+0000 in the topic of the will': connect('a', {
    will: { topic: 'a\0b' },
  }),
  '[MQTT-3.1.3-11] [MQTT-1.5.3-1] a user name that is no text': connect('a', {
    username: Buffer.of(0xed, 0xa0, 0x80),
  }),
  '[MQTT-3.1.3-11] [MQTT-1.5.3-2] U+0000 in the user name': connect('a', { username: '\0' }),
  '[MQTT-4.7.1-1] # in the topic of the will': connect('a', { will: { topic: 'gone/#' } }),
  '[MQTT-4.7.1-1] + in the topic of the will': connect('a', { will: { topic: '+/gone' } }),
  '[MQTT-4.7.3-1] an empty topic of the will': connect('a', { will: { topic: '' } }),
  'bytes behind the last field': packet(0x10, connect('a').subarray(2), 0),
  'a name of the protocol that is longer than all': packet(0x10, int16(100), Buffer.from('MQTT')),
};

describe.each(stages())('3.1 CONNECT and 3.2 CONNACK, on $name', ({ start }) => {
  it.each<[string, Uint8Array]>([
    ['PINGREQ', PINGREQ],
    ['PUBLISH', publish('a', 'b')],
    ['SUBSCRIBE', subscribe(1, ['a', 0])],
    ['DISCONNECT', DISCONNECT],
    ['CONNACK', packet(0x20, 0, 0)],
  ])('[MQTT-3.1.0-1] the first packet is CONNECT, not %s', async (_, first) => {
    expect(await answerTo(await start(), first, connect('a'))).toEqual([]);
  });

  it('[MQTT-3.1.0-2] the second packet is anything else', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(connect('a'), PINGREQ);
    expect(await peer.last()).toEqual([]);
  });

  it('[MQTT-3.1.2-1] another protocol is not spoken', async () => {
    expect(await answerTo(await start(), connect('a', { protocol: 'mqtt' }))).toEqual([]);
  });

  it.each([0, 3, 5, 255])(
    '[MQTT-3.1.2-2] [MQTT-3.2.2-5] level %i is answered with code 1, and closed',
    async (level) => {
      expect(await answerTo(await start(), connect('a', { level }))).toEqual(['CONNACK 1']);
    },
  );

  it.each(Object.entries(INVALID))(
    '[MQTT-3.1.4-1] closed without CONNACK: %s',
    async (_, invalid) => {
      expect(await answerTo(await start(), invalid, PINGREQ)).toEqual([]);
    },
  );

  it('[MQTT-3.1.3-1] fields are taken in their order', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['gone', 0]);
    const will = { topic: 'gone', payload: 'bye' };
    const peer = await stage.join('a', { will, username: 'user', password: 'secret' });
    await peer.drop();
    expect(await listener.next()).toBe('PUBLISH gone bye');
    expect(await heard(listener, speaker)).toEqual([]);
  });

  it('[MQTT-3.1.3-2] a session belongs to the client id, and ids differ by case', async () => {
    const stage = await start();
    await leaveBehind(stage, 'A', ['t', 1]);
    const [other, speaker] = [await stage.join('a', { clean: false }), await stage.join('speaker')];
    await tell(speaker, ['t', 'for A', { qos: 1 }]);
    await listen(other);
    expect(await heard(other, speaker)).toEqual([]);
    expect(await (await stage.back('A')).next()).toMatch(/^PUBLISH t for A q1/);
  });

  it.each(['0', 'abcdefghijklmnopqrstuvw', 'xyzABCDEFGHIJKLMNOPQRST', 'UVWXYZ0123456789'])(
    '[MQTT-3.1.3-5] client id %s is welcome',
    async (client) => {
      const { join } = await start();
      const peer = await join(client);
      peer.say(PINGREQ);
      expect(await peer.next()).toBe('PINGRESP');
    },
  );

  it('[MQTT-3.1.3-6] those with an empty client id are told apart', async () => {
    const stage = await start();
    const [first, second, speaker] = [
      await stage.join(''),
      await stage.join(''),
      await stage.join('speaker'),
    ];
    await listen(first, ['t', 0]);
    await listen(second);
    await tell(speaker, ['t', 'x']);
    expect(await heard(first, speaker)).toEqual(['PUBLISH t x']);
    expect(await heard(second, speaker)).toEqual([]);
  });

  it('[MQTT-3.1.3-7] [MQTT-3.1.3-8] an empty client id has no session to keep: code 2, and closed', async () => {
    expect(await answerTo(await start(), connect('', { clean: false }))).toEqual(['CONNACK 2']);
  });

  it.each(['a#', '+'])(
    '[MQTT-3.1.3-9] a client id that the broker does not take: code 2, and closed: %s',
    async (client) => {
      expect(await answerTo(await start(), connect(client))).toEqual(['CONNACK 2']);
    },
  );

  it('[MQTT-3.1.4-2] a client that is connected already is closed', async () => {
    const stage = await start();
    const first = await stage.join('a');
    const second = await stage.join('a');
    expect(await first.last()).toEqual([]);
    const speaker = await stage.join('speaker');
    await listen(second, ['t', 0]);
    await tell(speaker, ['t', 'x']);
    expect(await heard(second, speaker)).toEqual(['PUBLISH t x']);
  });

  it('[MQTT-3.1.4-2] of many that come at once with one id, one stays', async () => {
    const { open } = await start();
    const peers = await Promise.all(Array.from({ length: 20 }, open));
    for (const peer of peers) peer.say(connect('a', { clean: false }));
    // All but one are closed; which one stays is decided by the network.
    const closed = peers.map((peer) => peer.closed.then(() => peer));
    const gone = new Set();
    while (gone.size < peers.length - 1) {
      gone.add(await Promise.race(closed.filter((_, i) => !gone.has(peers[i]))));
    }
    const [last] = peers.filter((peer) => !gone.has(peer));
    last?.say(PINGREQ);
    expect(await last?.next()).toMatch(/^CONNACK 0/);
    expect(await last?.next()).toBe('PINGRESP');
  });

  it('[MQTT-3.1.4-3] [MQTT-3.1.2-6] a clean session takes nothing over, also when it takes a connection over', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const first = await stage.join('a', { clean: false });
    await listen(first, ['t', 1]);
    await tell(speaker, ['t', 'unacknowledged', { qos: 1 }]);
    const second = await stage.join('a', { clean: true });
    await first.closed;
    await tell(speaker, ['t', 'x', { qos: 1 }]);
    await listen(second);
    expect(await heard(second, speaker)).toEqual([]);
  });

  it('[MQTT-3.1.4-4] [MQTT-3.2.0-1] CONNACK comes first, whatever else is said with CONNECT', async () => {
    const stage = await start();
    await leaveBehind(stage, 'a', ['t', 1]);
    const speaker = await stage.join('speaker');
    await tell(speaker, ['t', 'waited', { qos: 1 }]);
    const peer = await stage.open();
    peer.say(
      connect('a', { clean: false }),
      PINGREQ,
      publish('t', 'hasty', { qos: 1, id: 5 }),
      subscribe(6, ['t', 0]),
    );
    const lines = await peer.take(6);
    expect(lines[0]).toBe('CONNACK 0 present');
    expect(lines.slice(1).sort()).toEqual([
      'PINGRESP',
      'PUBACK 5',
      expect.stringMatching(/^PUBLISH t hasty q1 /),
      expect.stringMatching(/^PUBLISH t waited q1 /),
      'SUBACK 6 [0]',
    ]);
  });

  it('[MQTT-3.1.4-5] what is said behind a CONNECT that is refused is not done', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['#', 0]);
    const peer = await stage.open();
    const said = publish('t', 'x', { retain: true });
    peer.say(connect('', { clean: false }), said, connect('b'), said);
    expect(await peer.last()).toEqual(['CONNACK 2']);
    expect(await heard(listener, speaker)).toEqual([]);
    expect(await retained(stage, speaker, 't')).toEqual([]);
  });

  it('[MQTT-3.2.2-1] [MQTT-3.2.2-2] [MQTT-3.2.2-3] CONNACK says whether a session was there', async () => {
    const { open } = await start();
    const answers: string[] = [];
    for (const clean of [true, false, false, true, false, false]) {
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
      'CONNACK 0 present',
    ]);
  });

  it('[MQTT-3.2.2-2] also when it is taken over from a connection', async () => {
    const { join, back } = await start();
    const first = await join('a', { clean: false });
    await back('a');
    await first.closed;
  });

  it.each<[string, Uint8Array, number]>([
    ['level', connect('kept', { clean: false, level: 9 }), 1],
    ['client id', connect('', { clean: false }), 2],
  ])(
    '[MQTT-3.2.2-4] [MQTT-3.2.2-5] a refusal for its %s says "no session", and closes',
    async (_, said, code) => {
      const stage = await start();
      await leaveBehind(stage, 'kept');
      expect(await answerTo(stage, said)).toEqual([`CONNACK ${code}`]);
      await stage.back('kept');
    },
  );
});
