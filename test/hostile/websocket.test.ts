import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bytesOf, connect, int16, type Part } from '../support/packets.ts';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  // Nothing here is closed only because time passes.
  stage = await setStage({ limits: { packetSize: 10_000, connectTimeout: 3_600_000 } });
});

afterAll(() => stage.close());

/** A TCP connection to the HTTP port that has said something. */
async function say(text: string, { http } = stage, allowHalfOpen = false): Promise<Socket> {
  const at = http.lastIndexOf(':');
  const port = Number(http.slice(at + 1));
  const socket = dial({ host: http.slice(0, at), port, allowHalfOpen });
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** All that comes until the connection is closed. */
async function toTheEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

const upgrade = (path: string, ...headers: string[]) =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: broker',
    'Connection: Upgrade',
    'Upgrade: websocket',
    ...headers,
    '',
    '',
  ].join('\r\n');

const VALID = [
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==',
  'Sec-WebSocket-Protocol: mqtt',
];

/** An open WebSocket at `/mqtt`, as a bare socket. */
async function opened(at = stage): Promise<Socket> {
  const socket = await say(upgrade('/mqtt', ...VALID), at);
  const [head] = await once(socket, 'data');
  expect(String(head)).toMatch(/^HTTP\/1\.1 101 /);
  return socket;
}

/** A frame of a client: first byte, length, a mask of zeros, payload. */
function frame(first: number, payload: Uint8Array): Buffer {
  const size = payload.length < 126 ? [0x80 | payload.length] : [0xfe, int16(payload.length)];
  return bytesOf([first, ...size, Buffer.alloc(4), payload]);
}

const FIN = 0x80;
const [CONTINUATION, TEXT, BINARY, CLOSE, PING] = [0, 1, 2, 8, 9];

it.each<[string, ...Part[]]>([
  ['a text frame [MQTT-6.0.0-1]', frame(FIN | TEXT, Buffer.from('hello'))],
  [
    'a text frame behind a CONNECT [MQTT-6.0.0-1]',
    frame(FIN | BINARY, connect('a')),
    frame(FIN | TEXT, connect('a')),
  ],
  ['an empty text frame [MQTT-6.0.0-1]', frame(FIN | TEXT, Buffer.alloc(0))],
  ['a text frame that is no UTF-8', frame(FIN | TEXT, Buffer.of(0xff))],
  ['a frame without a mask', FIN | BINARY, 2, 0xc0, 0],
  ['a frame of a reserved kind', frame(FIN | 0x3, Buffer.alloc(2))],
  ['a frame with reserved bits', frame(FIN | 0x40 | BINARY, Buffer.alloc(2))],
  ['a continuation of nothing', frame(FIN | CONTINUATION, Buffer.alloc(2))],
  ['a ping in pieces', frame(PING, Buffer.alloc(2))],
  ['a ping that is too long', frame(FIN | PING, Buffer.alloc(200))],
  ['a close frame of one byte', frame(FIN | CLOSE, Buffer.alloc(1))],
  ['a frame of 2^63 bytes, announced', FIN | BINARY, 0xff, Buffer.alloc(8, 0xff), Buffer.alloc(4)],
  [
    'a frame beyond the largest packet, announced',
    FIN | BINARY,
    0xff,
    Buffer.from([0, 0, 0, 0, 1, 0, 0, 0]),
    Buffer.alloc(4),
  ],
  [
    'a packet beyond the bound [MQTT-4.8.0-1]',
    frame(FIN | BINARY, Buffer.from([0x10, 0xff, 0xff, 0x7f])),
  ],
  ['what is not MQTT', frame(FIN | BINARY, Buffer.from('{"hello":1}'))],
])('%s closes a WebSocket, and nothing else', async (_, ...said) => {
  const socket = await opened();
  const end = toTheEnd(socket);
  socket.write(bytesOf(said));
  await end;
  await stage.unharmed();
});

it.each([
  ['no version', 400, upgrade('/mqtt', VALID[1] as string)],
  ['an old version', 400, upgrade('/mqtt', 'Sec-WebSocket-Version: 7', VALID[1] as string)],
  ['no key', 400, upgrade('/mqtt', VALID[0] as string)],
  ['a key that is none', 400, upgrade('/mqtt', VALID[0] as string, 'Sec-WebSocket-Key: short')],
  ['another path', 404, upgrade('/elsewhere', ...VALID)],
  ['a path that climbs', 404, upgrade('/mqtt/../../etc/passwd', ...VALID)],
  ['a path with an escape', 404, upgrade('/%6dqtt', ...VALID)],
])('an upgrade with %s is refused with %i and closed', async (_, status, request) => {
  const answer = await toTheEnd(await say(request));
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  await stage.unharmed();
});

it.each([
  ['no HTTP at all', connect('a').toString('latin1')],
  ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
  ],
])('%s on the HTTP port is refused and closed', async (_, request) => {
  expect(await toTheEnd(await say(request))).toMatch(/^HTTP\/1\.1 4\d\d /);
  await stage.unharmed();
});

it.each([
  ['at another path', upgrade('/elsewhere', ...VALID)],
  ['without a key', upgrade('/mqtt', VALID[0] as string)],
])('a refused upgrade %s is over, also when the other side does not end it', async (_, request) => {
  const socket = await say(request, stage, true);
  await once(socket, 'data');
  for (const end = toTheEnd(socket); !socket.closed; await Promise.race([end, stage.unharmed()])) {
    socket.write('still here');
  }
});

it('a WebSocket that says nothing is closed when its time is up', async () => {
  const impatient = await setStage({ limits: { connectTimeout: 50 } });
  onTestFinished(() => impatient.close());
  await toTheEnd(await opened(impatient));
});
