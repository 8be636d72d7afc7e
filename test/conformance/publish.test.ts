import { describe, expect, it } from 'vitest';
import { PINGREQ, packet, publish, pubrel } from '../support/packets.ts';
import { pass } from '../support/pass.ts';
import { stages } from './stage.ts';
import { heard, idOf, leaveBehind, listen, pair, plain, retained, tell } from './talk.ts';

const QOS = [0, 1, 2] as const;

describe.each(stages())('3.3 PUBLISH, on $name', ({ start }) => {
  it('[MQTT-3.3.1-2] DUP at QoS 0 closes the connection', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(publish('a', 'b', { dup: true }));
    expect(await peer.last()).toEqual([]);
  });

  it.each([1, 2])('[MQTT-3.3.1-3] DUP of a client is not passed on, at QoS %i', async (qos) => {
    const { listener, speaker } = await pair(await start(), ['t', 2]);
    speaker.say(publish('t', 'x', { qos, id: 7, dup: true }));
    expect(plain(await listener.next())).toBe(`PUBLISH t x q${qos}`);
  });

  it('[MQTT-3.3.1-4] QoS 3 closes the connection', async () => {
    const { join } = await start();
    for (const said of [publish('a', 'b', { qos: 3 }), publish('a', 'b', { qos: 3, dup: true })]) {
      const peer = await join('a');
      peer.say(said);
      expect(await peer.last()).toEqual([]);
    }
  });

  it.each(['a/#', '#', '+', 'a/+/b', 'a+b', 'a#'])(
    '[MQTT-3.3.2-2] a topic name with a wildcard closes the connection: %s',
    async (topic) => {
      const stage = await start();
      const { listener, speaker } = await pair(stage, ['#', 0]);
      const peer = await stage.join('a');
      peer.say(publish(topic, 'x', { retain: true }));
      expect(await peer.last()).toEqual([]);
      expect(await heard(listener, speaker)).toEqual([]);
      expect(await retained(stage, speaker, '#')).toEqual([]);
    },
  );

  it('[MQTT-3.3.2-1] the topic name comes first', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(packet(0x30));
    expect(await peer.last()).toEqual([]);
  });

  it('[MQTT-3.3.2-3] the topic name that is delivered is the one that was published', async () => {
    const { listener, speaker } = await pair(await start(), ['a/+/c', 0], ['/#', 0]);
    await tell(speaker, ['a/b/c', '1'], ['/', '2'], ['//x', '3'], ['a/b', '4'], ['a//c', '5']);
    expect(await heard(listener, speaker)).toEqual([
      'PUBLISH a/b/c 1',
      'PUBLISH / 2',
      'PUBLISH //x 3',
      'PUBLISH a//c 5',
    ]);
  });

  it.each([
    [0, 'PINGRESP'],
    [1, 'PUBACK 5'],
    [2, 'PUBREC 5'],
  ])('[MQTT-3.3.4-1] QoS %i is answered with %s', async (qos, answer) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(publish('a', 'b', { qos, id: 5 }));
    if (qos === 0) peer.say(PINGREQ);
    expect(await peer.next()).toBe(answer);
  });

  it('[MQTT-3.3.5-1] overlapping subscriptions deliver in the highest quality of them, here and away', async () => {
    const stage = await start();
    const filters = [
      ['a/b', 0],
      ['a/+', 2],
      ['#', 1],
      ['a/#', 0],
    ] as const;
    await leaveBehind(stage, 'away', ...filters);
    const { listener, speaker } = await pair(stage, ...filters);
    await tell(speaker, ['a/b', 'x', { qos: 2 }], ['a', 'y', { qos: 2 }], ['a/b', 'z', { qos: 1 }]);
    const expected = ['PUBLISH a/b x q2', 'PUBLISH a y q1', 'PUBLISH a/b z q1'];
    expect(await heard(listener, speaker)).toEqual(expected);
    expect(await heard(await stage.back('away'), speaker)).toEqual(expected);
  });

  it('[MQTT-3.3.5-1] the quality is the best again when the better subscription comes or goes', async () => {
    const { listener, speaker } = await pair(await start(), ['a/+', 0]);
    await tell(speaker, ['a/b', '1', { qos: 2 }]);
    await listen(listener, ['#', 2]).catch(() => {});
    await tell(speaker, ['a/b', '2', { qos: 2 }]);
    const lines = await heard(listener, speaker);
    expect(lines.at(-1)).toBe('PUBLISH a/b 2 q2');
  });

  it.each([
    [1, 'PUBACK 5'],
    [2, 'PUBREC 5'],
  ])(
    '[MQTT-3.3.5-2] what a client may not publish is acknowledged at QoS %i, and goes nowhere',
    async (qos, answer) => {
      const stage = await start();
      const { listener, speaker } = await pair(stage, ['#', 2], ['$SYS/forged', 2]);
      const peer = await stage.join('a');
      peer.say(publish('$SYS/forged', 'x', { qos, id: 5, retain: true }));
      // An error frame may come beside it.
      while ((await peer.next()) !== answer);
      const lines = await heard(listener, speaker);
      expect(lines.filter((line) => line.startsWith('PUBLISH $'))).toEqual([]);
      expect(await retained(stage, speaker, '$SYS/forged')).toEqual([]);
    },
  );

  it('3.3.3 the payload is whatever bytes it is, none among them', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 1]);
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    for (const payload of [all, Buffer.alloc(0), Buffer.alloc(100_000, 0xff)]) {
      speaker.say(publish('t', payload, { qos: 1 }));
      expect(await speaker.next()).toBe('PUBACK 1');
      expect(await listener.nextPacket()).toMatchObject({ cmd: 'publish', payload });
    }
  });
});

describe.each(stages())('3.3.1.3 RETAIN, on $name', ({ start }) => {
  it.each(QOS)(
    '[MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-8] the last message is kept with its QoS, here %i, and sent to new subscribers, marked',
    async (qos) => {
      const stage = await start();
      const speaker = await stage.join('speaker');
      await tell(speaker, ['a', '1', { qos, retain: true }], ['a', '2', { qos, retain: true }]);
      const line = `PUBLISH a 2${qos ? ` q${qos}` : ''} retained`;
      expect(await retained(stage, speaker, 'a')).toEqual([line]);
      expect(await retained(stage, speaker, '#')).toEqual([line]);
    },
  );

  it('[MQTT-3.3.1-6] of each topic that matches', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const topics = ['a', 'a/b', 'a/b/c', 'ab', '/a', 'b'];
    await tell(speaker, ...topics.map((topic) => [topic, 'x', { retain: true }] as const));
    const found = async (filter: string) =>
      (await retained(stage, speaker, filter)).map((line) => line.split(' ')[1]).sort();
    expect(await found('a/#')).toEqual(['a', 'a/b', 'a/b/c']);
    expect(await found('a/+')).toEqual(['a/b']);
    expect(await found('+/a')).toEqual(['/a']);
    expect(await found('+')).toEqual(['a', 'ab', 'b']);
    expect(await found('nothing')).toEqual([]);
  });

  it('[MQTT-3.3.1-7] QoS 0 takes the place of what was kept', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    await tell(speaker, ['a', 'old', { qos: 2, retain: true }], ['a', 'new', { retain: true }]);
    expect(await retained(stage, speaker, 'a')).toEqual(['PUBLISH a new retained']);
  });

  it('[MQTT-3.3.1-9] those who had subscribed get it without the mark', async () => {
    const { listener, speaker } = await pair(await start(), ['a', 1]);
    await tell(speaker, ['a', '1', { qos: 1, retain: true }], ['a', '2', { retain: true }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH a 1 q1', 'PUBLISH a 2']);
  });

  it('[MQTT-3.3.1-9] and so do those who are away', async () => {
    const stage = await start();
    await leaveBehind(stage, 'away', ['a', 1]);
    const speaker = await stage.join('speaker');
    await tell(speaker, ['a', '1', { qos: 1, retain: true }]);
    expect(await heard(await stage.back('away'), speaker)).toEqual(['PUBLISH a 1 q1']);
  });

  it('[MQTT-3.3.1-6] a session that is taken up again is no new subscription', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    await tell(speaker, ['a', 'kept', { retain: true }]);
    const first = await stage.join('away', { clean: false });
    await listen(first, ['a', 1]);
    expect(await heard(first, speaker)).toEqual(['PUBLISH a kept retained']);
    await first.drop();
    expect(await heard(await stage.back('away'), speaker)).toEqual([]);
  });

  it('[MQTT-3.3.1-6] [MQTT-3.1.2-5] what a client leaves before it had all of it waits in its session', async () => {
    const stage = await start({ limits: { outgoingWindow: 10 } });
    const speaker = await stage.join('speaker');
    const topics = Array.from({ length: 40 }, (_, i) => `a/${i}`);
    await tell(speaker, ...topics.map((topic) => [topic, 'x', { qos: 1, retain: true }] as const));
    const first = await stage.join('away', { clean: false });
    await listen(first, ['a/+', 1]);
    await first.drop();
    await pass(100);
    const lines = await (await stage.back('away', { acknowledges: true })).take(40);
    expect(lines.map((line) => line.split(' ')[1])).toEqual(topics);
  });

  it('[MQTT-3.3.1-6] many of QoS 2 are sent without a pause for each', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const topics = Array.from({ length: 2_000 }, (_, i) => `a/${i}`);
    await tell(speaker, ...topics.map((topic) => [topic, 'x', { qos: 2, retain: true }] as const));
    const listener = await stage.join('listener', { clean: false, acknowledges: true });
    await listen(listener, ['a/+', 2]);
    const seen: string[] = [];
    while (seen.length < topics.length) {
      const line = await listener.next();
      if (line.startsWith('PUBLISH')) seen.push(line.split(' ')[1] as string);
    }
    expect(seen).toEqual(topics);
  });

  it.each(QOS)(
    '[MQTT-3.3.1-10] [MQTT-3.3.1-11] an empty payload is delivered at QoS %i, and what was kept is gone',
    async (qos) => {
      const stage = await start();
      const { listener, speaker } = await pair(stage, ['a', 2]);
      await tell(speaker, ['a', 'x', { qos, retain: true }], ['a', '', { qos, retain: true }]);
      const how = qos ? ` q${qos}` : '';
      const lines = await heard(listener, speaker);
      expect(lines).toEqual([`PUBLISH a x${how}`, `PUBLISH a ${how}`]);
      expect(await retained(stage, speaker, '#')).toEqual([]);
    },
  );

  it('[MQTT-3.3.1-12] a message without RETAIN leaves what is kept as it is', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    await tell(
      speaker,
      ['a', 'kept', { qos: 1, retain: true }],
      ['a', 'passing', { qos: 1 }],
      ['a', '', { qos: 1 }],
      ['b', 'passing', { qos: 1 }],
    );
    expect(await retained(stage, speaker, '#')).toEqual(['PUBLISH a kept q1 retained']);
  });

  it('[MQTT-3.1.2.7] does not end with the session of who said it', async () => {
    const stage = await start();
    const author = await stage.join('author');
    await tell(author, ['a', 'kept', { qos: 1, retain: true }]);
    await author.drop();
    await stage.join('author');
    const speaker = await stage.join('speaker');
    expect(await retained(stage, speaker, 'a')).toEqual(['PUBLISH a kept q1 retained']);
  });

  it.each([
    [2, 1, ' q1'],
    [2, 0, ''],
    [1, 2, ' q1'],
    [0, 2, ''],
  ] as const)(
    '[MQTT-3.8.4-6] kept at %i and subscribed at %i: the lower of both',
    async (qos, granted, how) => {
      const stage = await start();
      const speaker = await stage.join('speaker');
      await tell(speaker, ['a', 'x', { qos, retain: true }]);
      const lines = await retained(stage, speaker, 'a', granted);
      expect(lines).toEqual([`PUBLISH a x${how} retained`]);
    },
  );

  it('[MQTT-4.4.0-1] [MQTT-3.3.1-1] is sent again if it was not acknowledged, marked as before', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    await tell(speaker, ['a', 'kept', { qos: 2, retain: true }]);
    speaker.say(pubrel(99));
    expect(await speaker.next()).toBe('PUBCOMP 99');
    const first = await stage.join('away', { clean: false });
    await listen(first, ['a', 1]);
    const sent = await first.next();
    expect(plain(sent)).toBe('PUBLISH a kept q1 retained');
    await first.drop();
    const again = await (await stage.back('away')).next();
    expect([plain(again), idOf(again)]).toEqual(['PUBLISH a kept q1 dup retained', idOf(sent)]);
  });
});
