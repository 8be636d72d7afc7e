import { describe, expect, it } from 'vitest';
import { publish } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { Listening } from './listening.ts';
import { stages } from './stage.ts';
import { listen, tell } from './talk.ts';

const CLIENTS = 100;
const ROUNDS = 60;
/** So many messages are said at once. */
const BATCH = 500;
/** All of it is more than a broker holds for one who does not read. */
const PAYLOAD = 'x'.repeat(2_000);

/** One says something to itself, and waits for it and for its acknowledgement. */
async function round(peer: Peer, number: number): Promise<void> {
  peer.say(publish(`pairs/${number}`, PAYLOAD, { qos: 1, id: 1 }));
  const lines = (await peer.take(2)).sort();
  expect(lines[0]).toBe('PUBACK 1');
  expect(lines[1]).toMatch(/^PUBLISH pairs/);
}

describe.each(stages())('who does not read, on $name', ({ start }) => {
  it.each([
    ['QoS 0', 0, true],
    ['QoS 1', 1, true],
    ['QoS 2 in a session that is kept', 2, false],
  ] as const)(
    '4.6 harms nobody: 100 clients go on beside one that is frozen and one that is slow, at %s',
    async (_, qos, clean) => {
      const { join } = await start();
      const peers = await Promise.all(
        Array.from({ length: CLIENTS }, (_, i) => join(`client-${i}`, { acknowledges: true })),
      );
      await Promise.all(peers.map((peer, i) => listen(peer, [`pairs/${i}`, 1])));
      const [frozen, slow] = [
        await join('frozen', { clean }),
        await join('slow', { clean, acknowledges: true }),
      ];
      for (const reader of [frozen, slow]) {
        await listen(reader, ['pairs/#', qos]);
        reader.ignore();
      }
      let read = 0;
      for (let i = 0; i < ROUNDS; i++) {
        await Promise.all(peers.map(round));
        // The slow one reads one message while the others say a hundred.
        slow.listen();
        for (let got = 0; got < 1; read++) {
          if ((await slow.nextPacket()).cmd === 'publish') got++;
        }
        slow.ignore();
      }
      expect(read).toBeGreaterThanOrEqual(ROUNDS);
    },
  );

  it.each([
    ['clean', true],
    ['kept', false],
  ])(
    '4.6 [MQTT-4.5.0-1] has all of QoS 1 and 2, in order, once it reads, in a session that is %s',
    async (_, clean) => {
      const { join } = await start();
      const [speaker, frozen] = [await join('speaker'), await join('frozen', { clean })];
      await listen(frozen, ['t', 2]);
      frozen.ignore();
      const count = 3_000;
      for (let at = 0; at < count; at += BATCH) {
        const numbers = Array.from({ length: BATCH }, (_, i) => at + i);
        await tell(
          speaker,
          ...numbers.map((n) => ['t', `${n}`.padEnd(2_000), { qos: n % 2 ? 1 : 2 }] as const),
        );
      }
      const listening = new Listening();
      listening.hear(frozen);
      frozen.listen();
      await listening.until((seen) => seen.size === count);
      listening.verify(count);
    },
  );
});
