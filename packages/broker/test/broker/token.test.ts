import { describe, expect, it } from 'vitest';
import { publish } from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

const TOPIC = 'events/1//chat/dev1';

/** The tokens that the vnode gets with what a client says who shows this password. */
async function tokensOf(password: string | Uint8Array, options = {}, topics = [TOPIC]) {
  const { link, join } = await start(options);
  const dev = await join('dev1', { username: 'n2o', password });
  dev.say(...topics.map((topic) => publish(topic, 'x')));
  const events = await link.take(topics.length);
  return events.map(({ route }) => route.token);
}

describe('the token of a session', () => {
  it('comes with each event of a client that shows it as its password', async () => {
    const topics = [TOPIC, TOPIC, 'events/1//other/dev1'];
    expect(await tokensOf('AbC_-9', {}, topics)).toEqual(['AbC_-9', 'AbC_-9', 'AbC_-9']);
  });

  it('is that of the topic where this has one', async () => {
    expect(await tokensOf('AbC', {}, ['events/1//chat/ann/dev1/mine'])).toEqual(['mine']);
  });

  it.each(['', 'a/b', 'a+b', '#', 'with space', 'ü', 'x'.repeat(4_097), Uint8Array.of(0, 255)])(
    'is no password that cannot be one: %j',
    async (password) => {
      expect(await tokensOf(password)).toEqual(['']);
    },
  );

  it('is not the password where somebody looks at passwords', async () => {
    expect(await tokensOf('AbC', { authenticate: async () => true })).toEqual(['']);
  });

  it('is that of the connection, not of the one before', async () => {
    const { link, join } = await start();
    for (const password of ['one', 'two', undefined]) {
      const how = password === undefined ? {} : { username: 'n2o', password };
      const dev = await join('dev1', { clean: false, ...how });
      dev.say(publish(TOPIC, 'x', { qos: 1, id: 1 }));
      const event = await link.next();
      expect(event.route.token).toBe(password ?? '');
      event.settle('silent');
      await dev.next();
    }
  });
});
