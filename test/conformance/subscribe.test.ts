import { describe, expect, it } from 'vitest';
import {
  DISCONNECT,
  field,
  int16,
  PINGREQ,
  packet,
  puback,
  pubcomp,
  publish,
  pubrec,
  subscribe,
  unsubscribe,
} from '../support/packets.ts';
import { stages } from './stage.ts';
import { heard, idOf, leaveBehind, listen, pair, tell } from './talk.ts';

describe.each(stages())('3.8 SUBSCRIBE and 3.9 SUBACK, on $name', ({ start }) => {
  it('[MQTT-3.8.4-1] [MQTT-3.8.4-2] SUBSCRIBE is answered with SUBACK of the same identifier', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(subscribe(0x1234, ['a', 0]));
    expect(await peer.next()).toBe('SUBACK 4660 [0]');
  });

  it('[MQTT-3.8.4-4] [MQTT-3.8.4-5] [MQTT-3.9.3-1] [MQTT-3.9.3-2] one SUBACK has a code for each filter, in their order', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(subscribe(1, ['a', 2], ['b', 0], ['events/#', 1], ['c', 1], ['+/d', 2]));
    expect(await peer.next()).toBe('SUBACK 1 [2,0,128,1,2]');
  });

  it('[MQTT-3.8.4-5] what was refused is not delivered, what was granted is', async () => {
    const { listener, speaker } = await pair(await start());
    listener.say(subscribe(1, ['events/#', 1], ['a', 1]));
    expect(await listener.next()).toBe('SUBACK 1 [128,1]');
    await tell(speaker, ['a', 'x', { qos: 1 }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH a x q1']);
  });

  it('[MQTT-3.8.4-4] many filters are taken as if they had come one by one', async () => {
    const { listener, speaker } = await pair(await start());
    await tell(speaker, ['a', 'kept', { retain: true }]);
    listener.say(subscribe(1, ['a', 2], ['b', 1], ['a', 0]));
    expect(await listener.next()).toBe('SUBACK 1 [2,1,0]');
    await tell(speaker, ['a', 'live', { qos: 2 }], ['b', 'live', { qos: 2 }]);
    const lines = await heard(listener, speaker);
    expect(new Set(lines)).toEqual(
      new Set(['PUBLISH a kept retained', 'PUBLISH a live', 'PUBLISH b live q1']),
    );
    // Of the same filter the last one counts.
    expect(lines.filter((line) => line.includes('live'))).toEqual([
      'PUBLISH a live',
      'PUBLISH b live q1',
    ]);
  });

  it('[MQTT-3.8.4-3] the same filter takes the place of the one before, and what is retained comes again', async () => {
    const { listener, speaker } = await pair(await start());
    await tell(speaker, ['a/b', 'kept', { qos: 1, retain: true }]);
    await listen(listener, ['a/+', 0]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH a/b kept retained']);
    await listen(listener, ['a/+', 1]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH a/b kept q1 retained']);
    await tell(speaker, ['a/b', 'live', { qos: 2 }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH a/b live q1']);
  });

  it('[MQTT-3.8.4-3] and the flow of messages is not interrupted', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 1]);
    const count = 400;
    listener.acknowledges = true;
    for (let i = 0; i < count; i++) {
      speaker.say(publish('t', `${i}`, { qos: 1, id: i + 1 }));
      if (i % 20 === 0) listener.say(subscribe(2, ['t', 1]));
    }
    for (let i = 0; i < count; i++) expect(await speaker.next()).toBe(`PUBACK ${i + 1}`);
    const lines = await heard(listener, speaker);
    expect(lines.filter((line) => line.startsWith('PUBLISH'))).toEqual(
      Array.from({ length: count }, (_, i) => `PUBLISH t ${i} q1`),
    );
  });

  it('3.8.4 from SUBACK on, nothing is missed', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage);
    for (let i = 0; i < 30; i++) {
      listener.say(subscribe(1, [`t/${i}`, 1]));
      expect(await listener.next()).toBe('SUBACK 1 [1]');
      await tell(speaker, [`t/${i}`, 'x', { qos: 1 }]);
      expect(await heard(listener, speaker)).toEqual([`PUBLISH t/${i} x q1`]);
    }
  });

  it.each(
    [0, 1, 2].flatMap((said) =>
      [0, 1, 2].map((granted) => [said, granted, Math.min(said, granted)] as const),
    ),
  )(
    '[MQTT-3.8.4-6] published at %i and subscribed at %i is delivered at %i',
    async (said, granted, got) => {
      const { listener, speaker } = await pair(await start(), ['t/#', granted]);
      await tell(speaker, ['t/1', 'x', { qos: said as 0 | 1 | 2 }]);
      expect(await heard(listener, speaker)).toEqual([`PUBLISH t/1 x${got ? ` q${got}` : ''}`]);
    },
  );

  it.each<[string, Uint8Array]>([
    ['[MQTT-3.8.3-3] no filter', packet(0x82, int16(1))],
    ['[MQTT-3.8.3-3] a filter without its QoS', packet(0x82, int16(1), field('a'))],
    ['[MQTT-3-8.3-4] QoS 3', subscribe(1, ['a', 3])],
    ['[MQTT-3-8.3-4] reserved bits', subscribe(1, ['a', 0x04])],
    ['[MQTT-3-8.3-4] reserved bits behind a good filter', subscribe(1, ['a', 1], ['b', 0x81])],
  ])('%s closes the connection', async (_, said) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(said);
    expect(await peer.last()).toEqual([]);
  });
});

describe.each(stages())('3.10 UNSUBSCRIBE and 3.11 UNSUBACK, on $name', ({ start }) => {
  it('[MQTT-3.10.4-2] [MQTT-3.10.4-4] ends the subscription, and is answered with its identifier', async () => {
    const { listener, speaker } = await pair(await start(), ['a', 1], ['b', 1]);
    listener.say(unsubscribe(0x1234, 'a'));
    expect(await listener.next()).toBe('UNSUBACK 4660');
    await tell(speaker, ['a', 'x', { qos: 1 }], ['b', 'y', { qos: 1 }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH b y q1']);
  });

  it('[MQTT-3.10.4-2] also for the sessions to come', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const first = await stage.join('a', { clean: false });
    await listen(first, ['t', 1]);
    first.say(unsubscribe(1, 't'));
    expect(await first.next()).toBe('UNSUBACK 1');
    await first.drop();
    await tell(speaker, ['t', 'x', { qos: 1 }]);
    expect(await heard(await stage.back('a'), speaker)).toEqual([]);
  });

  it('[MQTT-3.10.4-1] filters are compared character by character', async () => {
    const { listener, speaker } = await pair(await start(), ['a/+', 1]);
    listener.say(unsubscribe(2, 'a/b', 'a/#', 'A/+', '#', 'a/+/', '+/+'));
    expect(await listener.next()).toBe('UNSUBACK 2');
    await tell(speaker, ['a/b', 'x', { qos: 1 }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH a/b x q1']);
  });

  it('[MQTT-3.10.4-1] another subscription that matches delivers on, in its own quality', async () => {
    const { listener, speaker } = await pair(await start(), ['a/b', 2], ['a/+', 1]);
    listener.say(unsubscribe(2, 'a/b'));
    expect(await listener.next()).toBe('UNSUBACK 2');
    await tell(speaker, ['a/b', 'x', { qos: 2 }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH a/b x q1']);
  });

  it('[MQTT-3.10.4-3] what was sent before is completed, over connections', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const first = await stage.join('a', { clean: false });
    await listen(first, ['t', 2]);
    await tell(speaker, ['t', '1', { qos: 1 }], ['t', '2', { qos: 2 }]);
    const sent = await first.take(2);
    const [one, two] = sent.map(idOf) as [number, number];
    first.say(unsubscribe(2, 't'));
    expect(await first.next()).toBe('UNSUBACK 2');
    await first.drop();
    const second = await stage.back('a');
    expect(await second.take(2)).toEqual(sent.map((line) => `${line} dup`));
    second.say(puback(one), pubrec(two));
    expect(await second.next()).toBe(`PUBREL ${two}`);
    second.say(pubcomp(two), PINGREQ);
    expect(await second.next()).toBe('PINGRESP');
    await second.drop();
    expect(await heard(await stage.back('a'), speaker)).toEqual([]);
  });

  it('[MQTT-3.10.4-5] is answered also where there was nothing to end', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(unsubscribe(7, 'never'));
    expect(await peer.next()).toBe('UNSUBACK 7');
  });

  it('[MQTT-3.10.4-6] of many filters is answered once', async () => {
    const { listener, speaker } = await pair(await start(), ['a', 0], ['b', 0], ['c', 0]);
    listener.say(unsubscribe(2, 'a', 'never', 'c', 'a'));
    expect(await listener.next()).toBe('UNSUBACK 2');
    await tell(speaker, ['a', '1'], ['b', '2'], ['c', '3']);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH b 2']);
  });

  it.each<[string, Uint8Array]>([
    ['[MQTT-3.10.3-2] no filter', packet(0xa2, int16(1))],
    ['[MQTT-3.10.3-1] half a filter', packet(0xa2, int16(1), int16(9), Buffer.from('half'))],
  ])('%s closes the connection', async (_, said) => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(said);
    expect(await peer.last()).toEqual([]);
  });
});

describe.each(stages())('3.14 DISCONNECT, on $name', ({ start }) => {
  it('[MQTT-3.14.4-2] what is behind it is not done', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 1]);
    const peer = await stage.join('a');
    peer.say(DISCONNECT, publish('t', 'late'), PINGREQ);
    expect(await peer.last()).toEqual([]);
    expect(await heard(listener, speaker)).toEqual([]);
  });

  it('3.14 what is before it is done', async () => {
    const stage = await start();
    await leaveBehind(stage, 'away', ['t', 1]);
    const { listener } = await pair(stage, ['t', 1]);
    const peer = await stage.join('a');
    peer.say(publish('t', 'in time', { qos: 1 }), DISCONNECT);
    await peer.closed;
    expect(await listener.next()).toMatch(/^PUBLISH t in time q1/);
    expect(await (await stage.back('away')).next()).toMatch(/^PUBLISH t in time q1/);
  });
});
