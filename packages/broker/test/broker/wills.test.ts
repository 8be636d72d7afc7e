import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../test/support/link.ts';
import {
  DISCONNECT,
  PINGREQ,
  publish,
  subscribe,
  type Will,
} from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

/** A broker with an observer of everything, and a client that has the will. */
async function withWill(will: Will) {
  const started = await start();
  const observer = await started.join('observer');
  observer.say(subscribe(1, ['#', 2]));
  expect(await observer.next()).toBe('SUBACK 1 [2]');
  const dev = await started.join('dev1', { will });
  return { ...started, observer, dev };
}

describe('a will', () => {
  it('on an events topic is an event: the module hears that its device is gone', async () => {
    const { link, dev, observer } = await withWill({
      topic: 'events/1//echo/dev1',
      payload: 'gone',
      qos: 1,
    });
    await dev.drop();
    const event = await link.next();
    expect(textOf(event)).toBe('gone');
    expect(event.route).toMatchObject({ client: 'dev1', module: 'echo' });
    event.settle('reply', Buffer.from('too late'));
    // Whoever watches the actions sees that one as well; events are seen by nobody.
    expect(await observer.next()).toBe('PUBLISH actions/1/echo/dev1 too late');
    expect(await observer.rest()).toEqual([]);
  });

  it('on an events topic may leave its client level empty', async () => {
    const { link, dev } = await withWill({ topic: 'events/1//echo/', payload: 'gone' });
    await dev.drop();
    expect((await link.next()).route.client).toBe('dev1');
  });

  it.each([
    'events/1//echo/dev2',
    'events/nonsense',
    'actions/1/echo/dev2',
    'dead/echo/dev1',
    '$SYS/will',
  ])('on %s is dropped and counted', async (topic) => {
    const { broker, link, join, dev, observer } = await withWill({ topic, payload: 'forged' });
    const other = await join('dev2');
    // A last word that is not allowed does not take the connection with it.
    expect(await dev.rest()).toEqual([]);
    const { drops } = broker.counters;
    await dev.drop();
    // The broker has seen it leave when a second one with its id has been accepted.
    await join('dev1');
    expect(broker.counters.drops).toBe(drops + 1);
    expect(await observer.rest()).toEqual([]);
    expect(await other.rest()).toEqual([]);
    expect(link.events).toEqual([]);
  });

  it('is published when the client breaks the protocol', async () => {
    const { dev, observer } = await withWill({ topic: 'gone', payload: 'rude' });
    dev.say(Buffer.from([0xf0, 0]));
    await dev.closed;
    expect(await observer.next()).toBe('PUBLISH gone rude');
  });

  it('is not published twice, nor after a DISCONNECT', async () => {
    const { dev, observer, join } = await withWill({ topic: 'gone', payload: '1' });
    await dev.drop();
    expect(await observer.next()).toBe('PUBLISH gone 1');
    const polite = await join('dev1', { will: { topic: 'gone', payload: '2' } });
    polite.say(DISCONNECT);
    await polite.closed;
    expect(await observer.rest()).toEqual([]);
  });

  it('comes after all that its client has said before', async () => {
    const { dev, observer } = await withWill({ topic: 'gone', payload: 'last word' });
    dev.say(publish('a', '1'), publish('a', '2'), PINGREQ, Buffer.from([0, 0]));
    await dev.closed;
    expect(await observer.take(3)).toEqual([
      'PUBLISH a 1',
      'PUBLISH a 2',
      'PUBLISH gone last word',
    ]);
  });
});
