import { describe, expect, it } from 'vitest';
import { puback, publish, pubrec } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { Listening } from './listening.ts';
import { stages } from './stage.ts';
import { idOf, leaveBehind, listen, pair, tell } from './talk.ts';

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);

/** Numbers as messages, in turns of these qualities. */
const counting = (from: number, to: number, ...qualities: readonly (0 | 1 | 2)[]) =>
  numbers(to - from, from).map(
    (i) => ['t', `${i}`, { qos: qualities[i % qualities.length] ?? 0 }] as const,
  );

/** The numbers of the next messages of a peer that acknowledges by itself. */
async function arrivals(peer: Peer, count: number): Promise<number[]> {
  const got: number[] = [];
  while (got.length < count) {
    const packet = await peer.nextPacket();
    if (packet.cmd === 'publish') got.push(Number(packet.payload));
  }
  return got;
}

describe.each(stages())('4.6 order, on $name', ({ start }) => {
  // Also where the store takes its time, now more and now less.
  describe.each([
    ['at its own pace', undefined],
    ['with a store that takes 0 to 20 ms', 20],
  ])('%s', (_, latency) => {
    const begin = () => start({ latency });

    it('[MQTT-4.6.0-2] PUBACK comes in the order of PUBLISH', async () => {
      const speaker = await (await begin()).join('speaker');
      speaker.say(...numbers(100).map((i) => publish('t', `${i}`, { qos: 1, id: 1_000 - i })));
      expect(await speaker.take(100)).toEqual(numbers(100).map((i) => `PUBACK ${1_000 - i}`));
    });

    it('[MQTT-4.6.0-3] PUBREC comes in the order of PUBLISH', async () => {
      const speaker = await (await begin()).join('speaker');
      speaker.say(...numbers(100).map((i) => publish('t', `${i}`, { qos: 2, id: 1_000 - i })));
      expect(await speaker.take(100)).toEqual(numbers(100).map((i) => `PUBREC ${1_000 - i}`));
    });

    it('[MQTT-4.6.0-2] [MQTT-4.6.0-3] also where both qualities and other clients take turns', async () => {
      const stage = await begin();
      await leaveBehind(stage, 'away', ['t', 2]);
      const speakers = await Promise.all(numbers(4).map((i) => stage.join(`speaker${i}`)));
      for (let i = 0; i < 60; i++) {
        for (const speaker of speakers)
          speaker.say(publish('t', `${i}`, { qos: 1 + (i % 2), id: i + 1 }));
      }
      for (const speaker of speakers) {
        const lines = await speaker.take(60);
        for (const [what, rest] of [
          ['PUBACK', 0],
          ['PUBREC', 1],
        ] as const) {
          const ids = lines.filter((line) => line.startsWith(what)).map(idOf);
          expect(ids).toEqual(numbers(30).map((i) => 2 * i + rest + 1));
        }
      }
    });

    it('[MQTT-4.6.0-4] PUBREL comes in the order of PUBREC', async () => {
      const { listener, speaker } = await pair(await begin(), ['t', 2]);
      await tell(speaker, ...counting(0, 20, 2));
      const ids = (await listener.take(20)).map(idOf);
      // The order of PUBLISH need not be that of PUBREC.
      const turned = [...ids.slice(10), ...ids.slice(0, 10)];
      listener.say(...turned.map(pubrec));
      expect(await listener.take(20)).toEqual(turned.map((id) => `PUBREL ${id}`));
    });

    it('[MQTT-4.6.0-5] [MQTT-4.6.0-6] every subscriber gets messages of all qualities in the order they came', async () => {
      const stage = await begin();
      const speaker = await stage.join('speaker');
      const listeners = await Promise.all(
        ([0, 1, 2] as const).map(async (qos) => {
          const listener = await stage.join(`listener${qos}`, { clean: qos === 1 });
          await listen(listener, ['t', qos]);
          listener.acknowledges = true;
          return listener;
        }),
      );
      const count = 300;
      await tell(speaker, ...counting(0, count, 0, 1, 2, 2, 0, 1, 1));
      for (const listener of listeners)
        expect(await arrivals(listener, count)).toEqual(numbers(count));
    });

    it('[MQTT-4.6.0-6] the messages of each speaker arrive in their order, however many speak', async () => {
      const stage = await begin();
      const speakers = await Promise.all(numbers(8).map((i) => stage.join(`speaker${i}`)));
      const listener = await stage.join('listener', { clean: false });
      await listen(listener, ['t', 2]);
      listener.acknowledges = true;
      const count = 60;
      const told = speakers.map((speaker, s) =>
        tell(speaker, ...counting(s * count, (s + 1) * count, 1, 0, 2)),
      );
      const got = await arrivals(listener, speakers.length * count);
      await Promise.all(told);
      for (const s of speakers.keys()) {
        const own = got.filter((i) => Math.floor(i / count) === s);
        expect(own).toEqual(numbers(count, s * count));
      }
    });

    it('[MQTT-4.6.0-6] [MQTT-4.5.0-1] what waited comes before what is said meanwhile', async () => {
      const stage = await begin();
      await leaveBehind(stage, 'away', ['t', 2]);
      const speaker = await stage.join('speaker');
      await tell(speaker, ...counting(0, 200, 1, 2));
      const told = tell(speaker, ...counting(200, 400, 2, 1));
      const listening = new Listening();
      listening.hear(await stage.back('away'));
      await told;
      await listening.until((seen) => seen.size === 400);
      listening.verify(400);
    });

    it('[MQTT-4.6.0-1] [MQTT-4.4.0-1] [MQTT-3.3.1-1] over connections that break, or are taken over, at any point nothing is lost, turned round, or sent twice without DUP', async () => {
      const stage = await begin();
      await leaveBehind(stage, 'away', ['t', 2]);
      const speaker = await stage.join('speaker');
      const listening = new Listening();
      const count = 400;
      let said = 0;
      let before: Peer | undefined;
      for (let round = 1; said < count; round++) {
        const told = tell(speaker, ...counting(said, said + 40, 1, 2));
        said += 40;
        const peer = await stage.back('away');
        // Where the connection before was not broken, this one takes over: that one is heard to its end.
        await before?.closed;
        listening.hear(peer);
        // Now before the acknowledgements are out, now behind them, now in the middle.
        await listening.until((seen) => seen.size > (said * (round % 5)) / 5 - 20);
        if (round % 3) await peer.drop();
        before = peer;
        await told;
      }
      const last = await stage.back('away');
      await before?.closed;
      listening.hear(last);
      await listening.until((seen) => seen.size === count);
      listening.verify(count);
    });

    it('3.8.4 3.3.1.3 what SUBACK and PUBACK promise is so', async () => {
      const stage = await begin();
      const [listener, speaker] = [await stage.join('listener'), await stage.join('speaker')];
      listener.acknowledges = true;
      for (let i = 0; i < 5; i++) {
        await listen(listener, [`live/${i}`, 1]);
        await tell(speaker, [`live/${i}`, `${i}`, { qos: 1 }]);
        await tell(speaker, [`kept/${i}`, `${i}`, { qos: 1, retain: true }]);
        expect(await arrivals(listener, 1)).toEqual([i]);
        await listen(listener, [`kept/${i}`, 1]);
        expect(await arrivals(listener, 1)).toEqual([i]);
      }
    });
  });

  it('4.6 a window of messages is under way, not more; the others follow in order as it moves', async () => {
    const stage = await start({ limits: { outgoingWindow: 10 } });
    await leaveBehind(stage, 'away', ['t', 2]);
    const speaker = await stage.join('speaker');
    await tell(speaker, ...counting(0, 35, 1, 2));
    const peer = await stage.back('away');
    const first = await peer.take(10);
    expect(first.map((line) => Number(line.split(' ')[2]))).toEqual(numbers(10));
    // A message of QoS 0 lines up as well, and nothing comes before room was made.
    await tell(speaker, ['t', '35']);
    speaker.say(publish('other', '', { qos: 1, id: 1 }));
    expect(await speaker.next()).toBe('PUBACK 1');
    peer.say(puback(idOf(first[0] as string)), puback(idOf(first[2] as string)));
    expect((await peer.take(2)).map((line) => line.split(' ')[2])).toEqual(['10', '11']);
    peer.acknowledges = true;
    for (const [i, line] of first.entries()) {
      if (i % 2) peer.say(pubrec(idOf(line)));
      else if (i > 2) peer.say(puback(idOf(line)));
    }
    expect(await arrivals(peer, 22)).toEqual(numbers(22, 12));
  });
});
