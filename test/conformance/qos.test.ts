import { describe, expect, it } from 'vitest';
import { PINGREQ, puback, pubcomp, publish, pubrec, pubrel } from '../support/packets.ts';
import { stages } from './stage.ts';
import { heard, idOf, leaveBehind, listen, pair, plain, tell } from './talk.ts';

describe.each(stages())('4.3 quality of service, on $name', ({ start }) => {
  it('[MQTT-4.3.1-1] QoS 0 is sent once, without DUP', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 2]);
    await tell(speaker, ['t', 'x']);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t x']);
  });

  it('[MQTT-4.3.2-1] QoS 1 is sent with an identifier of its own, without DUP, and waits for PUBACK', async () => {
    const stage = await start();
    const speaker = await stage.join('speaker');
    const listener = await stage.join('listener', { clean: false });
    await listen(listener, ['t', 1]);
    await tell(speaker, ['t', '1', { qos: 1 }], ['t', '2', { qos: 1 }]);
    const sent = await listener.take(2);
    expect(sent.map(plain)).toEqual(['PUBLISH t 1 q1', 'PUBLISH t 2 q1']);
    const [one, two] = sent.map(idOf) as [number, number];
    expect(one).not.toBe(two);
    listener.say(puback(one), PINGREQ);
    expect(await listener.next()).toBe('PINGRESP');
    await listener.drop();
    expect(await (await stage.back('listener')).next()).toBe(`${sent[1]} dup`);
  });

  it('[MQTT-4.3.2-2] after PUBACK an identifier stands for a new message, whatever DUP says', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 1]);
    for (const dup of [false, false, true]) {
      speaker.say(publish('t', 'x', { qos: 1, id: 5, dup }));
      expect(await speaker.next()).toBe('PUBACK 5');
    }
    expect(await heard(listener, speaker)).toHaveLength(3);
  });

  it('[MQTT-4.3.2-2] a message of QoS 1 whose PUBACK was lost may come again', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 1]);
    const first = await stage.join('a', { clean: false });
    first.say(publish('t', 'x', { qos: 1, id: 5 }));
    expect(await first.next()).toBe('PUBACK 5');
    await first.drop();
    const second = await stage.back('a');
    second.say(publish('t', 'x', { qos: 1, id: 5, dup: true }));
    expect(await second.next()).toBe('PUBACK 5');
    const lines = await heard(listener, speaker);
    expect(lines.length).toBeLessThanOrEqual(2);
    // Each is a first delivery to the listener.
    expect(new Set(lines)).toEqual(new Set(['PUBLISH t x q1']));
  });

  it('[MQTT-4.3.3-1] QoS 2 is sent; PUBREC is answered with PUBREL, and after it the message is not sent again', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 2]);
    await tell(speaker, ['t', 'x', { qos: 2 }]);
    const sent = await listener.next();
    expect(plain(sent)).toBe('PUBLISH t x q2');
    const id = idOf(sent);
    listener.say(pubrec(id));
    expect(await listener.next()).toBe(`PUBREL ${id}`);
    listener.say(pubcomp(id));
    expect(await heard(listener, speaker)).toEqual([]);
  });

  it('[MQTT-4.3.3-2] QoS 2 is delivered once, however often it comes before PUBREL', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 2]);
    for (const dup of [false, true, true]) {
      speaker.say(publish('t', 'x', { qos: 2, id: 5, dup }));
      expect(await speaker.next()).toBe('PUBREC 5');
    }
    for (let i = 0; i < 2; i++) {
      speaker.say(pubrel(5));
      expect(await speaker.next()).toBe('PUBCOMP 5');
    }
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t x q2']);
  });

  it('[MQTT-4.3.3-2] after PUBCOMP an identifier stands for a new message', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 2]);
    for (const payload of ['1', '2']) {
      speaker.say(publish('t', payload, { qos: 2, id: 5 }));
      expect(await speaker.next()).toBe('PUBREC 5');
      speaker.say(pubrel(5));
      expect(await speaker.next()).toBe('PUBCOMP 5');
    }
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t 1 q2', 'PUBLISH t 2 q2']);
  });

  it('[MQTT-4.3.3-2] all of it said in one breath is the same', async () => {
    const { listener, speaker } = await pair(await start(), ['t', 2]);
    const said = publish('t', 'x', { qos: 2, id: 5 });
    speaker.say(said, said, pubrel(5), said, pubrel(5), pubrel(5));
    expect(await speaker.take(6)).toEqual([
      'PUBREC 5',
      'PUBREC 5',
      'PUBCOMP 5',
      'PUBREC 5',
      'PUBCOMP 5',
      'PUBCOMP 5',
    ]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t x q2', 'PUBLISH t x q2']);
  });

  it('4.3.3 PUBREL for what is not known is answered with PUBCOMP', async () => {
    const { join } = await start();
    const peer = await join('a');
    peer.say(pubrel(99));
    expect(await peer.next()).toBe('PUBCOMP 99');
  });

  it('4.3.3 QoS 2 of one client has nothing to do with that of another', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 2]);
    for (const client of ['a', 'b']) {
      const peer = await stage.join(client);
      peer.say(publish('t', client, { qos: 2, id: 5 }));
      expect(await peer.next()).toBe('PUBREC 5');
    }
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t a q2', 'PUBLISH t b q2']);
  });
});

describe.each(stages())('4.3.3 QoS 2 from a client over connections, on $name', ({ start }) => {
  it('[MQTT-4.3.3-2] PUBREC was lost: the message comes again, and is delivered once', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 2]);
    const first = await stage.join('a', { clean: false });
    first.say(publish('t', 'x', { qos: 2, id: 5 }));
    expect(await first.next()).toBe('PUBREC 5');
    await first.drop();
    for (let i = 0; i < 3; i++) {
      const again = await stage.back('a');
      again.say(publish('t', 'x', { qos: 2, id: 5, dup: true }));
      expect(await again.next()).toBe('PUBREC 5');
      await again.drop();
    }
    const last = await stage.back('a');
    last.say(pubrel(5));
    expect(await last.next()).toBe('PUBCOMP 5');
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t x q2']);
  });

  it('[MQTT-4.3.3-2] PUBREL was lost: it comes again', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 2]);
    const first = await stage.join('a', { clean: false });
    first.say(publish('t', 'x', { qos: 2, id: 5 }), publish('t', 'y', { qos: 2, id: 6 }));
    expect(await first.take(2)).toEqual(['PUBREC 5', 'PUBREC 6']);
    await first.drop();
    const second = await stage.back('a');
    second.say(pubrel(5));
    expect(await second.next()).toBe('PUBCOMP 5');
    await second.drop();
    const third = await stage.back('a');
    third.say(pubrel(6));
    expect(await third.next()).toBe('PUBCOMP 6');
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t x q2', 'PUBLISH t y q2']);
  });

  it('[MQTT-4.3.3-2] PUBCOMP was lost: PUBREL comes again, and the identifier is free', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 2]);
    const first = await stage.join('a', { clean: false });
    await tell(first, ['t', 'x', { qos: 2 }]);
    await first.drop();
    const second = await stage.back('a');
    second.say(pubrel(1));
    expect(await second.next()).toBe('PUBCOMP 1');
    await tell(second, ['t', 'y', { qos: 2 }]);
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t x q2', 'PUBLISH t y q2']);
  });

  it('[MQTT-3.1.2-6] a clean session knows nothing of it', async () => {
    const stage = await start();
    const { listener, speaker } = await pair(stage, ['t', 2]);
    const first = await stage.join('a', { clean: false });
    first.say(publish('t', 'x', { qos: 2, id: 5 }));
    expect(await first.next()).toBe('PUBREC 5');
    await first.drop();
    const clean = await stage.join('a');
    clean.say(publish('t', 'y', { qos: 2, id: 5 }));
    expect(await clean.next()).toBe('PUBREC 5');
    expect(await heard(listener, speaker)).toEqual(['PUBLISH t x q2', 'PUBLISH t y q2']);
  });
});

describe.each(stages())('4.3.3 QoS 2 to a client over connections, on $name', ({ start }) => {
  /** A client that was sent a message, in a session that is kept. */
  const sent = async () => {
    const stage = await start();
    await leaveBehind(stage, 'a', ['t', 2]);
    const speaker = await stage.join('speaker');
    const first = await stage.back('a');
    await tell(speaker, ['t', 'x', { qos: 2 }]);
    const line = await first.next();
    return { stage, speaker, first, line, id: idOf(line) };
  };

  it('[MQTT-4.3.3-1] PUBREC was lost: the message comes again, with DUP and its identifier', async () => {
    const { stage, speaker, first, line, id } = await sent();
    await first.drop();
    const second = await stage.back('a');
    expect(await second.next()).toBe(`${line} dup`);
    second.say(pubrec(id));
    expect(await second.next()).toBe(`PUBREL ${id}`);
    second.say(pubcomp(id));
    expect(await heard(second, speaker)).toEqual([]);
  });

  it('[MQTT-4.3.3-1] [MQTT-4.4.0-1] PUBREL was lost: PUBREL comes again, and the message does not', async () => {
    const { stage, speaker, first, id } = await sent();
    first.say(pubrec(id));
    expect(await first.next()).toBe(`PUBREL ${id}`);
    await first.drop();
    for (let i = 0; i < 2; i++) {
      const again = await stage.back('a');
      expect(await again.next()).toBe(`PUBREL ${id}`);
      await again.drop();
    }
    const last = await stage.back('a');
    expect(await last.next()).toBe(`PUBREL ${id}`);
    last.say(pubcomp(id));
    expect(await heard(last, speaker)).toEqual([]);
  });

  it('[MQTT-4.3.3-1] PUBREC that comes twice is answered with PUBREL twice', async () => {
    const { stage, speaker, first, id } = await sent();
    first.say(pubrec(id), pubrec(id));
    expect(await first.take(2)).toEqual([`PUBREL ${id}`, `PUBREL ${id}`]);
    first.say(pubcomp(id), PINGREQ);
    expect(await first.next()).toBe('PINGRESP');
    await first.drop();
    expect(await heard(await stage.back('a'), speaker)).toEqual([]);
  });

  it('[MQTT-4.3.3-1] PUBCOMP came: nothing is left', async () => {
    const { stage, speaker, first, id } = await sent();
    first.say(pubrec(id));
    expect(await first.next()).toBe(`PUBREL ${id}`);
    first.say(pubcomp(id), PINGREQ);
    expect(await first.next()).toBe('PINGRESP');
    await first.drop();
    expect(await heard(await stage.back('a'), speaker)).toEqual([]);
  });
});
