import { describe, expect, it } from 'vitest';
import { echo } from '../../../../test/support/link.ts';
import { connect, PINGREQ, publish, subscribe } from '../../../../test/support/packets.ts';
import { start } from '../start.ts';

/** A promise in the hands of the test. */
function deferred<T>() {
  let settle: { resolve: (value: T) => void; reject: (cause: Error) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as NonNullable<typeof settle>) };
}

describe('authenticate', () => {
  it('is asked with what the client says of itself', async () => {
    const asked: object[] = [];
    const { join } = await start({
      authenticate: async (credentials) => {
        asked.push(credentials);
        return true;
      },
    });
    const peer = await join('dev1', { username: 'ann', password: Buffer.from([1, 2, 255]) });
    await join('dev2');
    expect(asked).toEqual([
      {
        client: 'dev1',
        username: 'ann',
        password: Buffer.from([1, 2, 255]),
        remote: `127.0.0.1:${peer.socket.localPort}`,
      },
      expect.objectContaining({ client: 'dev2', username: undefined, password: undefined }),
    ]);
  });

  it('lets a client in, which can do all that others can', async () => {
    const { link, join } = await start({ authenticate: async () => true });
    link.answer = echo;
    const peer = await join('dev1');
    expect(await peer.rest()).toEqual([]);
    peer.say(subscribe(1, ['room', 0]));
    expect(await peer.next()).toBe('SUBACK 1 [0]');
    peer.say(publish('events/1//echo/dev1', 'hi'));
    expect(await peer.next()).toBe('PUBLISH actions/1/echo/dev1 hi');
  });

  it.each([
    ['with a user name', 4, { username: 'ann', password: 'wrong' }],
    ['without one', 5, {}],
  ])('refuses a client %s with code %i and closes [MQTT-3.2.2-5]', async (_, code, options) => {
    const { broker, open } = await start({ authenticate: async () => false });
    const peer = await open();
    peer.say(connect('dev1', options));
    expect(await peer.last()).toEqual([`CONNACK ${code}`]);
    expect(broker.counters.refusedConnects).toBe(1);
    expect(broker.counters.connects).toBe(0);
  });

  it('that fails is answered as "server unavailable", code 3', async () => {
    const { open } = await start({ authenticate: () => Promise.reject(new Error('no database')) });
    const peer = await open();
    peer.say(connect('dev1'));
    expect(await peer.last()).toEqual(['CONNACK 3']);
  });

  it('that throws before it returns a promise is answered in the same way', async () => {
    const { open, join } = await start({
      authenticate: ({ client }) => {
        if (client === 'dev1') throw new Error('a hook with a fault');
        return Promise.resolve(true);
      },
    });
    const peer = await open();
    peer.say(connect('dev1'));
    expect(await peer.last()).toEqual(['CONNACK 3']);
    await join('dev2');
  });

  it('may take its time: what was sent behind CONNECT waits, others do not', async () => {
    const { promise, resolve } = deferred<boolean>();
    const { link, open, join } = await start({
      authenticate: ({ client }) => (client === 'slow' ? promise : Promise.resolve(true)),
    });
    link.answer = echo;
    const slow = await open();
    slow.say(
      connect('slow'),
      subscribe(1, ['room', 0]),
      publish('events/1//echo/slow', 'hi', { qos: 1, id: 2 }),
      PINGREQ,
    );
    const other = await join('other');
    other.say(publish('events/1//echo/other', 'hi'));
    expect(await other.next()).toBe('PUBLISH actions/1/echo/other hi');
    resolve(true);
    expect((await slow.take(5)).sort()).toEqual([
      'CONNACK 0',
      'PINGRESP',
      'PUBACK 2',
      'PUBLISH actions/1/echo/slow hi q1 #1',
      'SUBACK 1 [0]',
    ]);
    expect(await slow.rest()).toEqual([]);
  });

  it('that refuses has nothing done of what was sent behind CONNECT [MQTT-3.1.4-5]', async () => {
    const { promise, resolve } = deferred<boolean>();
    const { link, open, join } = await start({
      authenticate: ({ client }) => (client === 'bad' ? promise : Promise.resolve(true)),
    });
    const observer = await join('observer');
    observer.say(subscribe(1, ['#', 0]));
    expect(await observer.next()).toBe('SUBACK 1 [0]');
    const bad = await open();
    bad.say(
      connect('bad', { will: { topic: 'gone' } }),
      publish('room', 'hi'),
      publish('events/1//echo/bad', 'hi'),
    );
    resolve(false);
    expect(await bad.last()).toEqual(['CONNACK 5']);
    expect(await observer.rest()).toEqual([]);
    expect(link.events).toEqual([]);
  });

  it('does not push a client off its connection for one that it does not let in', async () => {
    const { open, join } = await start({
      authenticate: async ({ password }) => Buffer.from(password ?? '').toString() === 'right',
    });
    const rightful = await join('dev1', { username: 'u', password: 'right' });
    const impostor = await open();
    impostor.say(connect('dev1', { username: 'u', password: 'wrong' }));
    expect(await impostor.last()).toEqual(['CONNACK 4']);
    expect(await rightful.rest()).toEqual([]);
  });

  it('that answers after the client has left opens no session for it', async () => {
    const { promise, resolve } = deferred<boolean>();
    const asked = deferred<void>();
    const { broker, open, join } = await start({
      authenticate: ({ client }) => {
        if (client !== 'gone') return Promise.resolve(true);
        asked.resolve();
        return promise;
      },
    });
    const peer = await open();
    peer.say(connect('gone', { clean: false }));
    await asked.promise;
    await peer.drop();
    const other = await join('other');
    expect(await other.rest()).toEqual([]);
    resolve(true);
    expect(await other.rest()).toEqual([]);
    const back = await open();
    back.say(connect('gone', { clean: false }));
    expect(await back.next()).toBe('CONNACK 0');
    expect(broker.counters.takeovers).toBe(0);
  });
});
