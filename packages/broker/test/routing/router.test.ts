import { createMemoryStore, Journal } from '@n2o/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { QoS } from '../../../../test/support/packets.ts';
import { createCounters } from '../../src/counters.ts';
import { Archive } from '../../src/keeping/archive.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { Router } from '../../src/routing/router.ts';
import { Outbox } from '../../src/session/outbox.ts';
import { Session } from '../../src/session/session.ts';
import { tapped } from '../tap.ts';

async function open() {
  const counters = createCounters();
  const store = createMemoryStore();
  const journal = new Journal({ store });
  const backlog = { bytes: 0 };
  const router = await Router.create(
    new Archive(store, journal, DEFAULT_LIMITS, counters, backlog),
    false,
  );
  onTestFinished(() => router.close());
  const join = (client: string) => {
    const end = tapped();
    const session = new Session(client, true, new Outbox(DEFAULT_LIMITS, counters));
    session.outbox.attach(end.output);
    return { session, lines: end.lines };
  };
  const publish = (topic: string, qos: QoS = 0, except?: Session) =>
    router.publish({ topic, payload: Buffer.from('x'), qos, retain: false }, except);
  return { router, join, publish };
}

describe('Router', () => {
  it.each([
    ['#', false],
    ['+/up', false],
    ['+/#', false],
    ['$SYS/#', true],
    ['$SYS/+', true],
    ['$SYS/up', true],
  ])('[MQTT-4.7.2-1] shows topics with a leading $ to %s: %s', async (filter, shown) => {
    const { router, join, publish } = await open();
    const { session, lines } = join('a');
    router.subscribe(session, filter, 0);
    publish('$SYS/up');
    expect(lines()).toEqual(shown ? ['PUBLISH $SYS/up x'] : []);
  });

  it('delivers before publish returns, in order', async () => {
    const { router, join, publish } = await open();
    const { session, lines } = join('a');
    router.subscribe(session, 'a/#', 1);
    router.subscribe(session, '+/b', 2);
    publish('a/b', 2);
    publish('a', 2);
    publish('b/b', 1);
    expect(lines()).toEqual(['PUBLISH a/b x q2 #1', 'PUBLISH a x q1 #2', 'PUBLISH b/b x q1 #3']);
  });

  it('leaves one session out when asked to', async () => {
    const { router, join, publish } = await open();
    const [a, b] = [join('a'), join('b')];
    for (const { session } of [a, b]) router.subscribe(session, 'actions/#', 0);
    publish('actions/1/echo/a', 0, a.session);
    expect([a.lines(), b.lines()]).toEqual([[], ['PUBLISH actions/1/echo/a x']]);
  });

  it('knows whether anyone may be watching actions, and forgets filters that nobody has', async () => {
    const { router, join } = await open();
    const [a, b] = [join('a').session, join('b').session];
    for (const filter of ['actions/#', '#', '+/1/#']) {
      router.subscribe(a, filter, 0);
      router.subscribe(b, filter, 0);
      router.unsubscribe(a, filter);
      expect(router.watched).toBe(true);
      router.unsubscribe(b, filter);
      router.unsubscribe(b, filter);
      expect([router.watched, router.filters]).toEqual([false, 0]);
    }
    router.subscribe(a, 'room', 0);
    expect(router.watched).toBe(false);
  });
});
