import { expect, it } from 'vitest';
import { DISCONNECT, puback, publish, subscribe } from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

it('a full queue with gaps in its numbers loses its oldest, and nothing else', async () => {
  const { join } = await start({ limits: { queueLength: 528 } });
  const peer = await join('away', { clean: false });
  peer.say(subscribe(1, ['room', 1]));
  await peer.next();
  const speaker = await join('speaker');
  const say = async (from: number, to: number) => {
    for (let i = from; i <= to; i++) speaker.say(publish('room', `${i}`, { qos: 1, id: i }));
    await speaker.take(to - from + 1);
  };
  await say(1, 100);
  await peer.take(100);
  // The first is not acknowledged: the next ones leave gaps behind it.
  for (let id = 2; id <= 100; id++) peer.say(puback(id));
  peer.say(DISCONNECT);
  await peer.closed;
  await say(101, 900);
  const back = await join('away', { clean: false });
  back.acknowledges = true;
  await say(901, 901);
  const heard: number[] = [];
  while (heard.at(-1) !== 901) heard.push(Number((await back.next()).split(' ')[2]));
  // As many as the queue may have, and the one that came while the client was there.
  expect(heard).toEqual(Array.from({ length: 529 }, (_, i) => 373 + i));
});
