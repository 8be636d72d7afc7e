import { describe, expect, it } from 'vitest';
import {
  connect,
  PINGREQ,
  publish,
  pubrec,
  pubrel,
  subscribe,
  unsubscribe,
} from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { type Stage, stages } from './stage.ts';
import { goodbye, heard, idOf, leaveBehind, listen, plain, retained, tell } from './talk.ts';

/**
 * Says something while the store keeps nothing, then has the broker die. Tells whether the answer
 * came: then it holds. One that did not come promises nothing.
 */
async function promised(stage: Stage, peer: Peer, said: Uint8Array, answer: string) {
  stage.stall();
  peer.say(said, PINGREQ);
  const lines = [await peer.next()];
  while (lines.at(-1) !== 'PINGRESP') lines.push(await peer.next());
  await stage.crash();
  return lines.includes(answer);
}

describe.each(stages().filter(({ durable }) => durable))(
  'what is acknowledged at the moment the broker dies, on $name',
  ({ start }) => {
    it.each([
      [1, 'PUBACK 5'],
      [2, 'PUBREC 5'],
    ])('[MQTT-4.5.0-1] QoS %i for who is away: %s', async (qos, answer) => {
      const stage = await start();
      await leaveBehind(stage, 'away', ['t', 2]);
      const speaker = await stage.join('speaker', { clean: false });
      const came = await promised(stage, speaker, publish('t', 'x', { qos, id: 5 }), answer);
      const lines = await heard(await stage.back('away'), await stage.join('other'));
      if (came) expect(lines).toEqual([`PUBLISH t x q${qos}`]);
    });

    it('[MQTT-4.3.3-2] QoS 2, said again: once', async () => {
      const stage = await start();
      await leaveBehind(stage, 'away', ['t', 2]);
      const speaker = await stage.join('speaker', { clean: false });
      const said = publish('t', 'x', { qos: 2, id: 5 });
      await promised(stage, speaker, said, 'PUBREC 5');
      const again = await stage.back('speaker');
      again.say(publish('t', 'x', { qos: 2, id: 5, dup: true }));
      expect(await again.next()).toBe('PUBREC 5');
      expect(await heard(await stage.back('away'), again)).toEqual(['PUBLISH t x q2']);
    });

    it.each([
      [1, 'PUBACK 5'],
      [2, 'PUBREC 5'],
    ])(
      '[MQTT-4.5.0-1] QoS %i for who is here and has not acknowledged it: %s',
      async (qos, answer) => {
        const stage = await start();
        const listener = await stage.join('listener', { clean: false });
        await listen(listener, ['t', 2]);
        const speaker = await stage.join('speaker');
        const came = await promised(stage, speaker, publish('t', 'x', { qos, id: 5 }), answer);
        const back = await stage.back('listener');
        const lines = await heard(back, await stage.join('other'));
        if (came)
          expect(lines.map((line) => line.replace(' dup', ''))).toEqual([`PUBLISH t x q${qos}`]);
      },
    );

    it.each(['kept', ''])(
      '[MQTT-3.3.1-5] [MQTT-3.3.1-10] the retained message "%s"',
      async (payload) => {
        const stage = await start();
        const speaker = await stage.join('speaker');
        await tell(speaker, ['t', 'old', { qos: 1, retain: true }]);
        const said = publish('t', payload, { qos: 1, id: 5, retain: true });
        const came = await promised(stage, speaker, said, 'PUBACK 5');
        const lines = await retained(stage, await stage.join('other'), 't');
        if (came) expect(lines).toEqual(payload ? [`PUBLISH t ${payload} q1 retained`] : []);
      },
    );

    it('[MQTT-3.8.4-1] [MQTT-4.1.0-1] a subscription', async () => {
      const stage = await start();
      await leaveBehind(stage, 'a');
      const peer = await stage.back('a');
      const came = await promised(stage, peer, subscribe(5, ['t', 1]), 'SUBACK 5 [1]');
      const speaker = await stage.join('speaker');
      await tell(speaker, ['t', 'x', { qos: 1 }]);
      const lines = await heard(await stage.back('a'), speaker);
      if (came) expect(lines).toEqual(['PUBLISH t x q1']);
    });

    it('[MQTT-3.10.4-2] [MQTT-4.1.0-1] the end of a subscription', async () => {
      const stage = await start();
      await leaveBehind(stage, 'a', ['t', 1]);
      const peer = await stage.back('a');
      const came = await promised(stage, peer, unsubscribe(5, 't'), 'UNSUBACK 5');
      const speaker = await stage.join('speaker');
      await tell(speaker, ['t', 'x', { qos: 1 }]);
      const lines = await heard(await stage.back('a'), speaker);
      if (came) expect(lines).toEqual([]);
    });

    it('[MQTT-4.3.3-2] PUBCOMP: its identifier stands for a new message', async () => {
      const stage = await start();
      await leaveBehind(stage, 'away', ['t', 2]);
      const speaker = await stage.join('speaker', { clean: false });
      speaker.say(publish('t', 'old', { qos: 2, id: 5 }));
      expect(await speaker.next()).toBe('PUBREC 5');
      const came = await promised(stage, speaker, pubrel(5), 'PUBCOMP 5');
      const again = await stage.back('speaker');
      if (!came) again.say(pubrel(5));
      again.say(publish('t', 'new', { qos: 2, id: 5 }));
      if (!came) expect(await again.next()).toBe('PUBCOMP 5');
      expect(await again.next()).toBe('PUBREC 5');
      expect(await heard(await stage.back('away'), again)).toEqual([
        'PUBLISH t old q2',
        'PUBLISH t new q2',
      ]);
    });

    it('[MQTT-4.3.3-1] PUBREL: the message is not sent again', async () => {
      const stage = await start();
      await leaveBehind(stage, 'a', ['t', 2]);
      await tell(await stage.join('speaker'), ['t', 'x', { qos: 2 }]);
      const peer = await stage.back('a');
      const sent = await peer.next();
      const came = await promised(stage, peer, pubrec(idOf(sent)), `PUBREL ${idOf(sent)}`);
      const first = await (await stage.back('a')).next();
      expect(first).toBe(came ? `PUBREL ${idOf(sent)}` : `${sent} dup`);
    });

    it('[MQTT-3.1.2-6] a clean session: the one before is gone', async () => {
      const stage = await start();
      await leaveBehind(stage, 'a', ['t', 1]);
      await tell(await stage.join('speaker'), ['t', 'x', { qos: 1 }]);
      const peer = await stage.open();
      stage.stall();
      peer.say(connect('a'));
      // Who is answered behind it shows that it was read.
      await stage.join('witness');
      await stage.crash();
      const came = await peer.next().then(
        () => true,
        () => false,
      );
      const after = await stage.open();
      after.say(connect('a', { clean: false }));
      const answer = await after.next();
      if (came) expect(answer).toBe('CONNACK 0');
    });

    it('[MQTT-4.4.0-1] PUBACK of a client need not be: what it acknowledged comes again with DUP, or not at all', async () => {
      const stage = await start();
      await leaveBehind(stage, 'a', ['t', 1]);
      const speaker = await stage.join('speaker');
      await tell(speaker, ['t', 'x', { qos: 1 }]);
      const peer = await stage.back('a', { acknowledges: true });
      const sent = await peer.next();
      await goodbye(peer);
      await stage.crash();
      const lines = await heard(await stage.back('a'), await stage.join('other'));
      expect(['', `${plain(sent)} dup`]).toContain(lines.join());
    });
  },
);
