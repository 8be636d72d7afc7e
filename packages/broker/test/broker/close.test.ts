import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../test/support/link.ts';
import { connect, PINGREQ, publish, subscribe } from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { start } from '../start.ts';

const event = (payload: string, id = 7) => publish('events/1//echo/dev1', payload, { qos: 1, id });

describe('close', () => {
  it('lets what is under way end, and takes nothing new', async () => {
    const { broker, link, join } = await start();
    const dev = await join('dev1');
    dev.say(event('before'));
    const before = await link.next();
    const closed = broker.close();
    dev.say(event('after', 8));
    before.settle('reply', Buffer.from('done'));
    expect((await dev.last()).sort()).toEqual([
      'PUBACK 7',
      'PUBLISH actions/1/echo/dev1 done q1 #1',
    ]);
    await closed;
    expect(link.events.map(textOf)).toEqual(['before']);
  });

  it('is over at once when nothing is under way', async () => {
    const { broker, join } = await start();
    const dev = await join('dev1');
    await broker.close();
    expect(await dev.last()).toEqual([]);
  });

  it('does not wait longer than it has patience', async () => {
    const { broker, link, join } = await start();
    const dev = await join('dev1');
    dev.say(event('stuck'));
    await link.next();
    await broker.close(1);
    expect(await dev.last()).toEqual([]);
  });

  it('refuses new connections from its beginning on', async () => {
    const { broker, link, join, mqtt, http } = await start();
    const dev = await join('dev1');
    dev.say(event('slow'));
    const slow = await link.next();
    const closed = broker.close();
    await expect(Peer.dial(mqtt)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(Peer.dial(http)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    slow.settle('silent');
    await closed;
  });

  it('can be called again, and by way of asyncDispose', async () => {
    const { broker } = await start();
    const first = broker.close();
    expect(broker.close()).toBe(first);
    await broker[Symbol.asyncDispose]();
    await broker.close();
  });

  it('settles what comes too late without harm', async () => {
    const { broker, link, join } = await start();
    const dev = await join('dev1');
    dev.say(event('late'));
    const late = await link.next();
    await broker.close(1);
    expect(() => late.settle('reply', Buffer.from('late'))).not.toThrow();
  });

  it('keeps no memory of what clients go on sending while it waits', async () => {
    const { broker, link, join } = await start();
    const dev = await join('dev1');
    dev.say(event('slow'));
    const slow = await link.next();
    const closed = broker.close();
    dev.say(Buffer.alloc(32 << 20, 0xc0));
    // The kernel's buffers take some of it; a broker that reads on would take all.
    const taken = once(dev.socket, 'drain').then(() => 'all of it');
    const idle = await Promise.race([taken, stillWriting(dev)]);
    expect(idle).toBe('not all of it');
    slow.settle('silent');
    await closed;
  });

  it('ends connections whose other side does not', async () => {
    const { broker, mqtt } = await start();
    const at = mqtt.lastIndexOf(':');
    const socket = dial({
      host: mqtt.slice(0, at),
      port: Number(mqtt.slice(at + 1)),
      allowHalfOpen: true,
    });
    const peer = new Peer(socket);
    peer.say(connect('dev1'));
    expect(await peer.next()).toBe('CONNACK 0');
    await broker.close();
    await refusesToListen(peer);
  });

  it('publishes no message to those who are still there when wills are due', async () => {
    const { broker, join } = await start();
    const observer = await join('observer');
    observer.say(subscribe(1, ['#', 1]));
    expect(await observer.next()).toBe('SUBACK 1 [1]');
    await join('dev1', { will: { topic: 'gone', payload: 'x', qos: 1 } });
    await broker.close();
    // Either is right: the server ended the connection, not the client; what counts is that it ends.
    expect((await observer.last()).length).toBeLessThanOrEqual(1);
  });
});

/** Resolves when the peer's socket has held bytes back for as long as the broker answers others. */
async function stillWriting(peer: Peer): Promise<string> {
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  return peer.socket.writableLength > 0 ? 'not all of it' : 'all of it';
}

/** Writes until the connection breaks: the other side has let go of it. */
async function refusesToListen(peer: Peer): Promise<void> {
  while (!peer.over) {
    peer.say(PINGREQ);
    await new Promise(setImmediate);
  }
}
