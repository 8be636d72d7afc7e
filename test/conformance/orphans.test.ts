import { describe, expect, it } from 'vitest';
import { type Kind, stages } from './stage.ts';
import { goodbye, heard, leaveBehind, listen, retained, tell } from './talk.ts';

/** Longer than the grace that clients have to come back, and than all that goes before. */
const PATIENCE = 40_000;
const KINDS = stages().filter(({ durable }) => durable);

/** The broker is killed, and starts again with the wills of those who were connected. */
async function killed({ startApart }: Kind): Promise<void> {
  const stage = await startApart();
  await leaveBehind(stage, 'away', ['gone/#', 2]);
  const join = (client: string, retain = false) => {
    const will = { topic: `gone/${client}`, payload: 'bye', qos: 1, retain };
    return stage.join(client, { clean: client !== 'back', will });
  };
  await join('a', true);
  await join('back');
  await goodbye(await join('polite'));
  const witness = await stage.join('witness');
  await listen(witness, ['gone/before', 0]);
  await (await join('before')).drop();
  expect(await witness.next()).toBe('PUBLISH gone/before bye');
  // What is acknowledged later is kept later.
  await tell(await stage.join('speaker'), ['gone/none', 'x', { qos: 1 }]);
  await stage.crash();

  const speaker = await stage.join('speaker');
  await stage.back('back');
  const listener = await stage.join('listener');
  await listen(listener, ['gone/#', 1]);
  expect(await listener.next()).toMatch(/^PUBLISH gone\/a bye q1 #\d+$/);
  expect(await heard(listener, speaker)).toEqual([]);
  expect(await heard(await stage.back('away'), speaker)).toEqual([
    'PUBLISH gone/before bye q1',
    'PUBLISH gone/none x q1',
    'PUBLISH gone/a bye q1',
  ]);
  expect(await retained(stage, speaker, 'gone/#')).toEqual(['PUBLISH gone/a bye q1 retained']);
}

describe('3.1.2.5 wills of clients that were connected when their broker ended', () => {
  it(
    '[MQTT-3.1.2-8] [MQTT-3.1.2-10] killed: they are published, unless the client comes back in time or had said goodbye',
    // All stores at once: most of the time is that which clients have to come back.
    async () => void (await Promise.all(KINDS.map(killed))),
    PATIENCE,
  );

  it.each(KINDS)(
    '[MQTT-3.1.2-8] closed in good order: they are published, once, on $name',
    async ({ start }) => {
      const stage = await start();
      await leaveBehind(stage, 'away', ['gone/#', 1]);
      await stage.join('a', { will: { topic: 'gone/a', payload: 'bye', qos: 1 } });
      await stage.restart();
      const away = await stage.back('away', { acknowledges: true });
      expect(await away.next()).toMatch(/^PUBLISH gone\/a bye q1 #\d+$/);
      expect(await heard(away, await stage.join('speaker'))).toEqual([]);
    },
    PATIENCE,
  );
});
