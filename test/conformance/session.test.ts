import { describe, expect, it } from 'vitest';
import { DISCONNECT, PINGREQ, puback, pubcomp, publish, pubrec } from '../support/packets.ts';
import { stages } from './stage.ts';
import { heard, idOf, leaveBehind, listen, pair, plain, tell } from './talk.ts';

describe.each(stages())('sessions, on $name', ({ start }) => {
  it.each<[string, boolean]>([
    ['DISCONNECT', true],
    ['a connection that broke', false],
  ])('[MQTT-3.1.2-4] [MQTT-4.1.0-1] subscriptions outlive %s', async (_, polite) => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const first = await stage.join('a', { clean: false });
    await listen(first, ['a/+', 1], ['b', 0], ['c/#', 2]);
    if (polite) first.say(DISCONNECT);
    else await first.drop();
    await first.closed;
    const second = await stage.back('a');
    await tell(
      speaker,
      ['a/1', '1', { qos: 2 }],
      ['b', '2', { qos: 2 }],
      ['c', '3', { qos: 2 }],
      ['d', '4', { qos: 2 }],
    );
    expect(await heard(second, speaker)).toEqual([
      'PUBLISH a/1 1 q1',
      'PUBLISH b 2',
      'PUBLISH c 3 q2',
    ]);
  });

  it('[MQTT-3.1.2-5] [MQTT-4.5.0-1] QoS 1 and 2 wait for a client that is away, in order; DUP is not set', async () => {
    const stage = await start();
    await leaveBehind(stage, 'a', ['t/#', 2], ['t/low', 0]);
    const speaker = await stage.join('speaker');
    for (const [i, qos] of ([1, 2, 0, 1, 2, 2, 1] as const).entries())
      await tell(speaker, [`t/${i}`, `${i}`, { qos }]);
    await tell(speaker, ['other', 'x', { qos: 1 }]);
    const back = await stage.back('a', { acknowledges: true });
    const lines = (await heard(back, speaker)).filter((line) => !line.startsWith('PUBREL'));
    expect(lines).toEqual([
      'PUBLISH t/0 0 q1',
      'PUBLISH t/1 1 q2',
      'PUBLISH t/3 3 q1',
      'PUBLISH t/4 4 q2',
      'PUBLISH t/5 5 q2',
      'PUBLISH t/6 6 q1',
    ]);
  });

  it('[MQTT-3.1.2-5] [MQTT-3.8.4-6] what waits has the quality that was granted', async () => {
    const stage = await start();
    await leaveBehind(stage, 'a', ['one/#', 1], ['none/#', 0], ['one/both', 2]);
    const speaker = await stage.join('speaker');
    await tell(
      speaker,
      ['one/1', '1', { qos: 2 }],
      ['none/2', '2', { qos: 2 }],
      ['one/both', '3', { qos: 2 }],
    );
    const back = await stage.back('a');
    const lines = await heard(back, speaker);
    // Whether QoS 0 waits is the broker's choice; that it comes in QoS 0 is not.
    expect(lines.filter((line) => line !== 'PUBLISH none/2 2')).toEqual([
      'PUBLISH one/1 1 q1',
      'PUBLISH one/both 3 q2',
    ]);
  });

  it('[MQTT-3.1.2-6] a clean session leaves nothing', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const clean = await stage.join('a');
    await listen(clean, ['t', 1]);
    await clean.drop();
    const after = await stage.join('a', { clean: false });
    await tell(speaker, ['t', 'x', { qos: 1 }]);
    await listen(after);
    expect(await heard(after, speaker)).toEqual([]);
  });

  it('[MQTT-3.1.2-6] a clean session begins with nothing, and the one before is gone for good', async () => {
    const stage = await start();
    await leaveBehind(stage, 'a', ['t', 1]);
    const speaker = await stage.join('speaker');
    await tell(speaker, ['t', 'waits', { qos: 1 }]);
    const clean = await stage.join('a');
    await tell(speaker, ['t', 'x', { qos: 1 }]);
    await listen(clean);
    expect(await heard(clean, speaker)).toEqual([]);
    clean.say(DISCONNECT);
    await clean.closed;
    const after = await stage.join('a', { clean: false });
    await tell(speaker, ['t', 'y', { qos: 1 }]);
    await listen(after);
    expect(await heard(after, speaker)).toEqual([]);
  });

  it('[MQTT-4.1.0-2] a session lasts as long as its connection, also a clean one', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 1]);
    // Far more sessions than connections come and go meanwhile.
    for (let i = 0; i < 50; i++) await (await stage.join(`passer-by-${i}`)).drop();
    await tell(speaker, ['t', 'x', { qos: 1 }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t x q1']);
  });

  it('[MQTT-3.1.2-4] goes over to a connection that takes over, with what was not acknowledged', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const first = await stage.join('a', { clean: false });
    await listen(first, ['t', 1]);
    await tell(speaker, ['t', '1', { qos: 1 }], ['t', '2', { qos: 1 }]);
    const sent = await first.take(2);
    const second = await stage.back('a');
    await tell(speaker, ['t', '3', { qos: 1 }]);
    expect(await second.take(2)).toEqual(sent.map((line) => `${line} dup`));
    expect(await heard(second, speaker)).toEqual(['PUBLISH t 3 q1']);
    expect(await first.last()).toEqual([]);
  });

  it('[MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1] [MQTT-2.3.1-3] what was not acknowledged comes again: same identifiers, same order, DUP', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const first = await stage.join('a', { clean: false });
    await listen(first, ['t', 2]);
    for (const [i, qos] of ([1, 2, 1, 2, 2, 1] as const).entries())
      await tell(speaker, ['t', `${i}`, { qos }]);
    const sent = await first.take(6);
    const ids = sent.map(idOf) as [number, number, number, number, number, number];
    first.say(puback(ids[0]), pubrec(ids[1]), pubrec(ids[4]), pubcomp(ids[4]));
    expect(await first.take(2)).toEqual([`PUBREL ${ids[1]}`, `PUBREL ${ids[4]}`]);
    first.say(PINGREQ);
    expect(await first.next()).toBe('PINGRESP');
    await first.drop();

    const second = await stage.back('a');
    await tell(speaker, ['t', '6', { qos: 1 }]);
    const again = await second.take(5);
    expect(again.slice(0, 4)).toEqual([
      `PUBREL ${ids[1]}`,
      `${sent[2]} dup`,
      `${sent[3]} dup`,
      `${sent[5]} dup`,
    ]);
    expect(plain(again[4] as string)).toBe('PUBLISH t 6 q1');
    second.say(pubcomp(ids[1]), puback(ids[2]), pubrec(ids[3]), puback(ids[5]));
    second.say(puback(idOf(again[4] as string)));
    expect(await second.next()).toBe(`PUBREL ${ids[3]}`);
    second.say(pubcomp(ids[3]), PINGREQ);
    expect(await second.next()).toBe('PINGRESP');
    await second.drop();

    const third = await stage.back('a');
    expect(await heard(third, speaker)).toEqual([]);
  });

  it('[MQTT-4.4.0-1] again and again, until it is acknowledged', async () => {
    const stage = await start();
    await leaveBehind(stage, 'a', ['t', 1]);
    const speaker = await stage.join('speaker');
    await tell(speaker, ['t', 'x', { qos: 1 }]);
    const sent = await (await stage.back('a')).next();
    for (let i = 0; i < 3; i++) {
      const again = await stage.back('a');
      expect(await again.next()).toBe(`${sent} dup`);
      if (i % 2) await again.drop();
    }
    const last = await stage.back('a');
    last.say(puback(idOf(await last.next())), PINGREQ);
    expect(await last.next()).toBe('PINGRESP');
    await last.drop();
    expect(await heard(await stage.back('a'), speaker)).toEqual([]);
  });

  it('[MQTT-4.4.0-1] nothing is sent again while the connection lasts', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 2]);
    await tell(speaker, ['t', '1', { qos: 1 }], ['t', '2', { qos: 2 }]);
    for (let i = 0; i < 20; i++) await tell(speaker, ['other', 'x', { qos: 1 }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t 1 q1', 'PUBLISH t 2 q2']);
  });

  it('[MQTT-3.1.2-5] what a client says before it breaks is done, if it was acknowledged', async () => {
    const stage = await start();
    await leaveBehind(stage, 'a', ['t', 2]);
    const speaker = await stage.join('speaker');
    await tell(speaker, ['t', '1', { qos: 1 }], ['t', '2', { qos: 2 }]);
    speaker.say(publish('t', '3', { qos: 2, id: 3 }));
    expect(await speaker.next()).toBe('PUBREC 3');
    await speaker.drop();
    const other = await stage.join('other');
    expect(await heard(await stage.back('a'), other)).toEqual([
      'PUBLISH t 1 q1',
      'PUBLISH t 2 q2',
      'PUBLISH t 3 q2',
    ]);
  });
});
