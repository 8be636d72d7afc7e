import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';
import { echo } from '../../../../test/support/link.ts';
import { connect, PINGREQ, publish, subscribe } from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { start } from '../start.ts';

/** Opens a WebSocket; `protocols` as the client offers them. */
async function open(address: string, path = '/mqtt', protocols: string[] = ['mqtt']) {
  const socket = new WebSocket(`ws://${address}${path}`, protocols);
  const stream = createWebSocketStream(socket);
  // Of itself the stream stays half open.
  socket.on('close', () => stream.destroy());
  await once(socket, 'open');
  return { socket, peer: new Peer(stream) };
}

describe('MQTT over WebSocket', () => {
  it('speaks the subprotocol "mqtt" [MQTT-6.0.0-4]', async () => {
    const { http } = await start();
    expect((await open(http)).socket.protocol).toBe('mqtt');
    expect((await open(http, '/mqtt', ['mqttv3.1', 'mqtt'])).socket.protocol).toBe('mqtt');
    expect((await open(http, '/mqtt', ['mqttv3.1'])).socket.protocol).toBe('mqttv3.1');
    expect((await open(http, '/mqtt?token=x')).socket.protocol).toBe('mqtt');
  });

  it('is the same as over TCP, and meets it', async () => {
    const { http, link, join } = await start();
    link.answer = echo;
    const { peer } = await open(http);
    peer.say(connect('web'), subscribe(1, ['room', 1]));
    expect(await peer.take(2)).toEqual(['CONNACK 0', 'SUBACK 1 [1]']);
    peer.say(publish('events/1//echo/web', 'hi', { qos: 1, id: 7 }));
    expect((await peer.take(2)).sort()).toEqual([
      'PUBACK 7',
      'PUBLISH actions/1/echo/web hi q1 #1',
    ]);
    const other = await join('tcp');
    other.say(publish('room', 'hello', { qos: 1, id: 1 }));
    expect(await other.next()).toBe('PUBACK 1');
    expect(await peer.next()).toBe('PUBLISH room hello q1 #2');
  });

  it('takes packets however frames cut them [MQTT-6.0.0-2]', async () => {
    const { http, link } = await start();
    link.answer = echo;
    const { socket, peer } = await open(http);
    const events = [1, 2, 3].map((i) => publish('events/1//echo/web', `${i}`));
    for (const byte of Buffer.concat([connect('web'), events[0] as Buffer]))
      socket.send(Buffer.of(byte));
    socket.send(Buffer.concat([...events.slice(1), PINGREQ]));
    expect(await peer.take(5)).toEqual([
      'CONNACK 0',
      ...[1, 2, 3].map((i) => `PUBLISH actions/1/echo/web ${i}`),
      'PINGRESP',
    ]);
  });

  it('takes a packet in fragments of one message', async () => {
    const { http } = await start();
    const { socket, peer } = await open(http);
    const bytes = connect('web');
    socket.send(bytes.subarray(0, 5), { fin: false });
    socket.send(bytes.subarray(5), { fin: true });
    expect(await peer.next()).toBe('CONNACK 0');
  });

  it('carries large messages both ways', async () => {
    const { http, link } = await start();
    link.answer = echo;
    const { peer } = await open(http);
    const payload = Buffer.alloc(900_000, 'x');
    peer.say(connect('web'), publish('events/1//echo/web', payload));
    expect(await peer.take(2)).toEqual(['CONNACK 0', 'PUBLISH actions/1/echo/web <900000 bytes>']);
  });

  it('closes on a text frame, and does nothing of what it says [MQTT-6.0.0-1]', async () => {
    const { http, link } = await start();
    const { socket, peer } = await open(http);
    peer.say(connect('web'));
    expect(await peer.next()).toBe('CONNACK 0');
    socket.send(publish('events/1//echo/web', 'as text').toString('latin1'));
    expect(await peer.last()).toEqual([]);
    expect(link.events).toEqual([]);
  });

  it.each([
    ['a text frame', 'text', 1006],
    ['frames longer than any packet', Buffer.alloc(1024 * 1024 + 64 * 1024 + 1), 1009],
  ])('counts clients who send %s', async (_, sent, code) => {
    const { http, broker } = await start();
    const { socket, peer } = await open(http);
    peer.say(connect('web'));
    expect(await peer.next()).toBe('CONNACK 0');
    const closed = once(socket, 'close');
    socket.send(sent);
    expect((await closed)[0]).toBe(code);
    expect(broker.counters.protocolErrors).toBe(1);
  });

  it('closes the WebSocket when the MQTT connection is over', async () => {
    const { http, join } = await start();
    const { socket, peer } = await open(http);
    peer.say(connect('web'));
    expect(await peer.next()).toBe('CONNACK 0');
    await join('web');
    await peer.closed;
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });

  it('tells a refused client why, before it closes', async () => {
    const { http } = await start();
    const { peer } = await open(http);
    peer.say(connect('', { clean: false }));
    expect(await peer.last()).toEqual(['CONNACK 2']);
  });

  it('publishes the will of a client whose WebSocket breaks', async () => {
    const { http, join } = await start();
    const observer = await join('observer');
    observer.say(subscribe(1, ['gone', 0]));
    expect(await observer.next()).toBe('SUBACK 1 [0]');
    const { socket, peer } = await open(http);
    peer.say(connect('web', { will: { topic: 'gone', payload: 'web' } }));
    expect(await peer.next()).toBe('CONNACK 0');
    socket.terminate();
    expect(await observer.next()).toBe('PUBLISH gone web');
  });

  it.each(['/', '/wss', '/mqtt/', '/healthz'])('is not at %s', async (path) => {
    const { http } = await start();
    const socket = new WebSocket(`ws://${http}${path}`, ['mqtt']);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('404');
  });

  it('stops reading a client that does not read, and goes on when it does', async () => {
    const { broker, http, link } = await start();
    link.answer = echo;
    const { peer } = await open(http);
    peer.say(connect('web'));
    expect(await peer.next()).toBe('CONNACK 0');
    peer.acknowledges = true;
    peer.ignore();
    const count = 1_000;
    for (let i = 0; i < count; i++) {
      peer.say(publish('events/1//echo/web', `${i}`.padEnd(16_000, '.'), { qos: 1, id: i + 1 }));
    }
    while (broker.counters.events === 0) await new Promise(setImmediate);
    peer.listen();
    for (let i = 0; i < count; ) {
      const packet = await peer.nextPacket();
      if (packet.cmd === 'publish') expect(Number.parseInt(`${packet.payload}`, 10)).toBe(i++);
    }
    expect(broker.counters.drops).toBe(0);
  });
});
