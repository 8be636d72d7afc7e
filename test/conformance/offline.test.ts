import { describe, it } from 'vitest';
import { Listening } from './listening.ts';
import { stages } from './stage.ts';
import { leaveBehind, tell } from './talk.ts';

/** How often each is done: 20 times where it is to be thorough. */
const ROUNDS = Number(process.env.N2O_OFFLINE_ROUNDS ?? 2);
const QUEUED = 3_000;
const LIVE = 300;
/** So much of it is under way at a time. */
const BATCH = 500;

const QUALITIES = { 'QoS 1': [1], 'QoS 2': [2], 'QoS 1 and 2 in turns': [1, 2] } as const;

describe.each(stages())('offline messages, on $name', ({ start }) => {
  it.each(Object.entries(QUALITIES))(
    `[MQTT-3.1.2-5] [MQTT-4.6.0-6] ${QUEUED} at %s that waited, then ${LIVE} live: no inversion, none missing, none twice but with DUP`,
    async (_, qualities) => {
      const stage = await start();
      const speaker = await stage.join('speaker');
      for (let round = 0; round < ROUNDS; round++) {
        const client = `away-${round}`;
        const topic = `to/${client}`;
        const say = (from: number, to: number) => {
          const messages = Array.from({ length: to - from }, (_, i) => {
            const qos = qualities[i % qualities.length] ?? 1;
            return [topic, `${from + i}`, { qos }] as const;
          });
          return tell(speaker, ...messages);
        };
        await leaveBehind(stage, client, [topic, 2]);
        for (let at = 0; at < QUEUED; at += BATCH) await say(at, at + BATCH);
        const listening = new Listening();
        const first = await stage.back(client);
        listening.hear(first);
        const told = say(QUEUED, QUEUED + LIVE);
        if (round % 2) {
          // The connection breaks on the way, and the client comes again.
          await listening.until((seen) => seen.size > QUEUED / 2);
          await first.drop();
          listening.hear(await stage.back(client));
        }
        await told;
        await listening.until((seen) => seen.size === QUEUED + LIVE);
        listening.verify(QUEUED + LIVE);
      }
    },
    20_000 + 5_000 * ROUNDS,
  );
});
