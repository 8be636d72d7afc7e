import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { bytesOf, connect, int16, PINGREQ, publish, subscribe } from '../support/packets.ts';
import { stages } from './stage.ts';
import { listen, tell } from './talk.ts';

const FIN = 0x80;
const [CONTINUATION, TEXT, BINARY] = [0, 1, 2];
const KEY = 'AQIDBAUGBwgJCgsMDQ4PEA==';

/** Asks for a WebSocket, and returns it with the head of the answer. */
async function upgrade(http: string, ...protocols: string[]): Promise<[Socket, string]> {
  const { hostname, port } = new URL(`http://${http}`);
  const socket = dial({ host: hostname, port: Number(port) });
  socket.write(
    [
      'GET /mqtt HTTP/1.1',
      'Host: broker',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${KEY}`,
      ...protocols.map((protocol) => `Sec-WebSocket-Protocol: ${protocol}`),
      '\r\n',
    ].join('\r\n'),
  );
  const [head] = await once(socket, 'data');
  return [socket, String(head)];
}

/** A frame of a client: first byte, length, a mask of zeros, payload. */
function frame(first: number, payload: Uint8Array): Buffer {
  const size = payload.length < 126 ? [0x80 | payload.length] : [0xfe, int16(payload.length)];
  return bytesOf([first, ...size, Buffer.alloc(4), payload]);
}

/** The bytes of MQTT in what comes, which must be short binary frames. */
async function carried(socket: Socket, length: number): Promise<Buffer> {
  let frames: Buffer = Buffer.alloc(0);
  for (;;) {
    const parts: Buffer[] = [];
    for (let at = 0; at < frames.length; at += 2 + (frames[at + 1] as number)) {
      expect(frames[at]).toBe(FIN | BINARY);
      parts.push(frames.subarray(at + 2, at + 2 + (frames[at + 1] as number)));
    }
    const bytes = Buffer.concat(parts);
    if (bytes.length >= length) return bytes;
    const [chunk] = await once(socket, 'data');
    frames = Buffer.concat([frames, chunk]);
  }
}

const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const PINGRESP = Buffer.from([0xd0, 0]);

describe.each(stages())('6 MQTT over WebSocket, on $name', ({ start }) => {
  it('[MQTT-6.0.0-4] the subprotocol is mqtt', async () => {
    const { http } = await start();
    const [, head] = await upgrade(http, 'mqtt');
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    expect(/^sec-websocket-protocol: (.*)\r$/im.exec(head)?.[1]).toBe('mqtt');
    const accept = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    expect(head).toContain(accept.digest('base64'));
  });

  it('[MQTT-6.0.0-1] what is not binary closes the connection', async () => {
    const { http } = await start();
    const [socket] = await upgrade(http, 'mqtt');
    socket.resume().write(frame(FIN | TEXT, connect('a')));
    await once(socket, 'close');
  });

  it('[MQTT-6.0.0-1] [MQTT-6.0.0-2] packets come in binary frames, however they are spread over them', async () => {
    const stage = await start();
    const [socket] = await upgrade(stage.http, 'mqtt');
    const said = bytesOf([connect('web'), subscribe(1, ['t', 0]), PINGREQ]);
    socket.write(frame(FIN | BINARY, said.subarray(0, 5)));
    socket.write(frame(BINARY, said.subarray(5, 20)));
    socket.write(frame(FIN | CONTINUATION, said.subarray(20)));
    const suback = Buffer.from([0x90, 3, 0, 1, 0]);
    const answers = bytesOf([CONNACK, suback, PINGRESP]);
    expect(await carried(socket, answers.length)).toEqual(answers);
    const speaker = await stage.join('speaker');
    await tell(speaker, ['t', 'over TCP']);
    const delivered = publish('t', 'over TCP');
    expect(await carried(socket, delivered.length)).toEqual(delivered);
    const listener = await stage.join('listener');
    await listen(listener, ['t', 0]);
    socket.write(frame(FIN | BINARY, publish('t', 'over WebSocket')));
    expect(await listener.next()).toBe('PUBLISH t over WebSocket');
  });
});
