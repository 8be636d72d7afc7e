import { describe, expect, it } from 'vitest';
import { puback, pubcomp, publish, pubrec, pubrel, unsubscribe } from '../support/packets.ts';
import { Listening } from './listening.ts';
import { Sending } from './sending.ts';
import { type Kind, type Meeting, stages } from './stage.ts';
import { goodbye, heard, idOf, leaveBehind, listen, plain, retained, tell } from './talk.ts';

const KINDS = stages();

/** A broker, and the way in which it ends and comes again. */
type Ending = Meeting & { again(): Promise<void> };

const ENDINGS: Readonly<Record<string, (kind: Kind) => Promise<Ending>>> = {
  'is closed and started again': async ({ start }) => {
    const stage = await start();
    return Object.assign(stage, { again: stage.restart });
  },
  'is closed and started again, its store slow': async ({ start }) => {
    const stage = await start({ latency: 20 });
    return Object.assign(stage, { again: stage.restart });
  },
  'is killed and started again': async ({ startApart }) => {
    const stage = await startApart();
    return Object.assign(stage, { again: stage.crash });
  },
};

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

describe.each(KINDS.filter(({ durable }) => durable))('what $name keeps', (kind) => {
  describe.each(Object.entries(ENDINGS))('while the broker %s', (_, begin) => {
    it('[MQTT-4.1.0-1] [MQTT-3.1.2-4] sessions and their subscriptions, of who is here and of who is away', async () => {
      const stage = await begin(kind);
      await leaveBehind(stage, 'away', ['a/+', 1], ['b/#', 2], ['c', 0], ['d', 1]);
      const here = await stage.join('here', { clean: false });
      await listen(here, ['a/1', 0], ['#', 1], ['d', 2]);
      here.say(unsubscribe(1, 'd'));
      expect(await here.next()).toBe('UNSUBACK 1');
      await stage.join('clean');
      await stage.again();
      const speaker = await stage.join('speaker');
      await stage.join('clean');
      const peers = [await stage.back('away'), await stage.back('here')];
      await tell(
        speaker,
        ['a/1', '1', { qos: 2 }],
        ['b', '2', { qos: 2 }],
        ['c', '3', { qos: 2 }],
        ['d', '4', { qos: 2 }],
      );
      expect(await Promise.all(peers.map((peer) => heard(peer, speaker)))).toEqual([
        ['PUBLISH a/1 1 q1', 'PUBLISH b 2 q2', 'PUBLISH c 3', 'PUBLISH d 4 q1'],
        ['PUBLISH a/1 1 q1', 'PUBLISH b 2 q1', 'PUBLISH c 3 q1', 'PUBLISH d 4 q1'],
      ]);
    });

    it('[MQTT-3.1.2-6] no session that was ended with clean session', async () => {
      const stage = await begin(kind);
      await leaveBehind(stage, 'a', ['t', 1]);
      const speaker = await stage.join('speaker');
      await tell(speaker, ['t', 'x', { qos: 1 }]);
      await stage.join('a');
      await tell(speaker, ['t', 'kept for nobody', { qos: 1 }]);
      await stage.again();
      const after = await stage.join('a', { clean: false });
      const again = await stage.join('speaker');
      await listen(after);
      await tell(again, ['t', 'y', { qos: 1 }]);
      expect(await heard(after, again)).toEqual([]);
    });

    it('[MQTT-3.1.2-6] a session that was begun anew, with nothing of the one before', async () => {
      const stage = await begin(kind);
      const speaker = await stage.join('speaker');
      await leaveBehind(stage, 'a', ['old', 1], ['t', 1]);
      await tell(speaker, ['t', 'of old', { qos: 1 }], ['old', 'of old', { qos: 2 }]);
      const clean = await stage.join('a');
      clean.say(publish('t', 'half open', { qos: 2, id: 9 }));
      expect(await clean.next()).toBe('PUBREC 9');
      await goodbye(clean);
      await leaveBehind(stage, 'a', ['t', 2]);
      await tell(speaker, ['t', 'new', { qos: 1 }], ['old', 'lost', { qos: 1 }]);
      await stage.again();
      const back = await stage.back('a', { acknowledges: true });
      expect(await heard(back, await stage.join('speaker'))).toEqual(['PUBLISH t new q1']);
    });

    it('[MQTT-3.3.1-5] [MQTT-3.3.1-10] [MQTT-3.1.2.7] the retained messages as they were last, with their QoS', async () => {
      const stage = await begin(kind);
      const author = await stage.join('author');
      await tell(
        author,
        ['a', 'old', { qos: 1, retain: true }],
        ['b', 'gone', { qos: 2, retain: true }],
        ['c', 'one', { qos: 1, retain: true }],
        ['a', 'two', { qos: 2, retain: true }],
        ['b', '', { qos: 1, retain: true }],
        ['c', 'passing', { qos: 1 }],
      );
      await stage.again();
      const speaker = await stage.join('speaker');
      const lines = await retained(stage, speaker, '#');
      expect(lines.sort()).toEqual(['PUBLISH a two q2 retained', 'PUBLISH c one q1 retained']);
    });

    it('[MQTT-3.1.2-5] [MQTT-4.5.0-1] what waits, complete, in order, and without DUP', async () => {
      const stage = await begin(kind);
      await leaveBehind(stage, 'away', ['t', 2]);
      const speaker = await stage.join('speaker');
      const count = 300;
      await tell(
        speaker,
        ...numbers(count).map((i) => ['t', `${i}`, { qos: i % 2 ? 1 : 2 }] as const),
      );
      await stage.again();
      const listening = new Listening();
      listening.hear(await stage.back('away'));
      await listening.until((seen) => seen.size === count);
      listening.verify(count);
    });

    it('[MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1] what was sent, with DUP and its identifiers, before what was not', async () => {
      const stage = await begin(kind);
      const speaker = await stage.join('speaker');
      const first = await stage.join('a', { clean: false });
      await listen(first, ['t', 2]);
      await tell(speaker, ...numbers(6).map((i) => ['t', `${i}`, { qos: i % 2 ? 1 : 2 }] as const));
      const sent = await first.take(6);
      const ids = sent.map(idOf) as [number, number, number, number];
      first.say(pubrec(ids[0]), puback(ids[1]), pubrec(ids[2]));
      expect(await first.take(2)).toEqual([`PUBREL ${ids[0]}`, `PUBREL ${ids[2]}`]);
      first.say(pubcomp(ids[0]));
      await goodbye(first);
      await tell(speaker, ['t', '6', { qos: 1 }]);
      await stage.again();

      const second = await stage.back('a');
      const again = await second.take(5);
      expect(again.slice(0, 4)).toEqual([
        `PUBREL ${ids[2]}`,
        ...sent.slice(3).map((line) => `${line} dup`),
      ]);
      expect(plain(again[4] as string)).toBe('PUBLISH t 6 q1');
      expect(sent.map(idOf)).not.toContain(idOf(again[4] as string));
    });

    it('[MQTT-4.3.3-2] QoS 2 messages of a client that it has not released', async () => {
      const stage = await begin(kind);
      await leaveBehind(stage, 'away', ['t', 2]);
      const first = await stage.join('a', { clean: false });
      first.say(publish('t', 'x', { qos: 2, id: 5 }), publish('t', 'y', { qos: 2, id: 6 }));
      expect(await first.take(2)).toEqual(['PUBREC 5', 'PUBREC 6']);
      first.say(pubrel(6));
      expect(await first.next()).toBe('PUBCOMP 6');
      // What is acknowledged later is kept later.
      await tell(await stage.join('speaker'), ['t', 'z', { qos: 1 }]);
      await stage.again();
      const second = await stage.back('a');
      second.say(publish('t', 'x', { qos: 2, id: 5, dup: true }));
      expect(await second.next()).toBe('PUBREC 5');
      second.say(pubrel(5), pubrel(6), publish('t', 'new', { qos: 2, id: 6 }));
      expect(await second.take(3)).toEqual(['PUBCOMP 5', 'PUBCOMP 6', 'PUBREC 6']);
      expect(await heard(await stage.back('away'), second)).toEqual([
        'PUBLISH t x q2',
        'PUBLISH t y q2',
        'PUBLISH t z q1',
        'PUBLISH t new q2',
      ]);
    });

    it('[MQTT-4.1.0-1] all of it again, when it ends twice', async () => {
      const stage = await begin(kind);
      await leaveBehind(stage, 'away', ['t', 1]);
      const first = await stage.join('speaker');
      await tell(first, ['t', '1', { qos: 1 }], ['t', 'kept', { qos: 1, retain: true }]);
      await stage.again();
      const second = await stage.join('speaker');
      await tell(second, ['t', '2', { qos: 1 }]);
      await stage.again();
      const third = await stage.join('speaker');
      expect(await retained(stage, third, 't')).toEqual(['PUBLISH t kept q1 retained']);
      expect(await heard(await stage.back('away'), third)).toEqual([
        'PUBLISH t 1 q1',
        'PUBLISH t kept q1',
        'PUBLISH t 2 q1',
      ]);
    });
  });

  it('[MQTT-4.3.3-2] exactly once: QoS 2, while the broker is killed again and again', async () => {
    const stage = await kind.startApart();
    await leaveBehind(stage, 'away', ['t', 2]);
    const [count, rounds] = [600, 3];
    const sending = new Sending('t', 2, count);
    sending.speak(await stage.join('speaker', { clean: false }));
    for (let round = 1; round <= rounds; round++) {
      await sending.until((count * round) / (rounds + 1));
      await stage.crash();
      sending.speak(await stage.back('speaker'));
    }
    await sending.until(count);
    const listening = new Listening();
    listening.hear(await stage.back('away'));
    await listening.until((seen) => seen.size === count);
    listening.verify(count);
  });

  it('[MQTT-4.3.2-2] at least once: QoS 1, while the broker is killed again and again', async () => {
    const stage = await kind.startApart();
    await leaveBehind(stage, 'away', ['t', 1]);
    const [count, rounds] = [600, 3];
    const sending = new Sending('t', 1, count);
    sending.speak(await stage.join('speaker', { clean: false }));
    for (let round = 1; round <= rounds; round++) {
      await sending.until((count * round) / (rounds + 1));
      await stage.crash();
      sending.speak(await stage.back('speaker'));
    }
    await sending.until(count);
    const seen = new Set<number>();
    const away = await stage.back('away', { acknowledges: true });
    while (seen.size < count) seen.add(Number((await away.next()).split(' ')[2]));
    // A repetition may come anywhere; what is new comes in order.
    expect([...seen]).toEqual(numbers(count));
  });

  it('[MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1] a backlog that is on its way, while the broker is killed again and again', async () => {
    const stage = await kind.startApart();
    await leaveBehind(stage, 'away', ['t', 2]);
    const count = 2_000;
    const speaker = await stage.join('speaker');
    await tell(
      speaker,
      ...numbers(count).map((i) => ['t', `${i}`, { qos: i % 2 ? 1 : 2 }] as const),
    );
    const listening = new Listening();
    for (const share of [0.2, 0.5, 0.8]) {
      listening.hear(await stage.back('away'));
      await listening.until((seen) => seen.size >= count * share);
      await stage.crash();
    }
    listening.hear(await stage.back('away'));
    await listening.until((seen) => seen.size === count);
    listening.verify(count);
  });
});

describe.each(KINDS.filter(({ durable }) => !durable))('what $name does not keep', ({ start }) => {
  it('4.1 a broker that is started again begins with nothing', async () => {
    const stage = await start();
    await leaveBehind(stage, 'a', ['t', 1]);
    await tell(await stage.join('speaker'), ['t', 'x', { qos: 1, retain: true }]);
    await stage.restart();
    const peer = await stage.join('a', { clean: false });
    await listen(peer, ['#', 1]);
    expect(await heard(peer, await stage.join('speaker'))).toEqual([]);
  });
});
