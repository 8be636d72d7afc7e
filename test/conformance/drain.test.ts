import { describe, expect, it } from 'vitest';
import { Listening } from './listening.ts';
import { stages } from './stage.ts';
import { leaveBehind, tell } from './talk.ts';

const COUNT = 100_000;
/** Together twice what memory may grow by. */
const PAYLOAD_BYTES = 1_024;
const MAY_GROW_BYTES = 50e6;
const BATCH = 2_000;
const LOOKS = 10;
const PATIENCE = 180_000;

describe.each(stages().filter(({ durable }) => durable))('a long backlog, on $name', (kind) => {
  it(
    `[MQTT-3.1.2-5] ${COUNT} messages wait, and are drained in bounded memory`,
    async () => {
      const stage = await kind.startApart();
      const speaker = await stage.join('speaker');
      const queue = async (client: string, count: number) => {
        await leaveBehind(stage, client, [client, 1]);
        for (let at = 0; at < count; at += BATCH) {
          const numbers = Array.from({ length: BATCH }, (_, i) => at + i);
          await tell(
            speaker,
            ...numbers.map((n) => [client, `${n}`.padEnd(PAYLOAD_BYTES), { qos: 1 }] as const),
          );
        }
      };
      const drain = async (client: string, count: number) => {
        const listening = new Listening();
        listening.hear(await stage.back(client));
        const most = { resident: 0, needed: 0 };
        for (let look = 1; look <= LOOKS; look++) {
          await listening.until((seen) => seen.size >= (count * look) / LOOKS);
          const { resident, needed } = await stage.weigh();
          most.resident = Math.max(most.resident, resident);
          most.needed = Math.max(most.needed, needed);
        }
        listening.verify(count);
        return most;
      };
      // Code and buffers that are there for any backlog are not what is asked for.
      await queue('small', 4 * BATCH);
      await drain('small', 4 * BATCH);
      const empty = await stage.weigh();
      await queue('large', COUNT);
      const full = await stage.weigh();
      const most = await drain('large', COUNT);
      expect(full.needed - empty.needed).toBeLessThan(MAY_GROW_BYTES);
      expect(most.needed - full.needed).toBeLessThan(MAY_GROW_BYTES);
      expect(most.resident - full.resident).toBeLessThan(MAY_GROW_BYTES);
    },
    PATIENCE,
  );
});
