/** TLS in front of MQTT and HTTP: who is shown, who is let in, and what a renewal changes. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { type ConnectionOptions, connect as secure, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import mqtt, { type IClientOptions } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { StartOptions } from '../../../../test/support/broker.ts';
import {
  type Authority,
  contentsOf,
  createAuthority,
  type Issued,
} from '../../../../test/support/certificates.ts';
import { echo } from '../../../../test/support/link.ts';
import { connect, publish } from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { start } from '../start.ts';

const run = promisify(execFile);

let authority: Authority;
let stranger: Authority;
let server: Issued;
let device: Issued;
let foreign: Issued;
beforeAll(async () => {
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority()]);
  [server, device, foreign] = await Promise.all([
    authority.issue('server'),
    authority.issue('device'),
    stranger.issue('device'),
  ]);
});
afterAll(() => Promise.all([authority, stranger].map((one) => one[Symbol.asyncDispose]())));

type ClientAuth = NonNullable<StartOptions['tls']>['clientAuth'];

async function startSecure(clientAuth: ClientAuth = 'none') {
  const tls = { ...(await contentsOf({ ...server, ca: authority.ca })), clientAuth };
  const started = await start({ mqttsPort: 0, httpsPort: 0, tls });
  started.link.answer = echo;
  const { mqtts = '', https = '' } = started.broker.addresses;
  const portOf = (address: string) => Number(address.split(':')[1]);
  const shake = async (options: ConnectionOptions = {}): Promise<TLSSocket> => {
    const ca = readFileSync(authority.ca);
    const socket = secure({ host: '127.0.0.1', port: portOf(mqtts), ca, ...options });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    return socket;
  };
  return { ...started, mqtts, https, port: portOf(mqtts), shake };
}

/** A request of MQTT.js to the echo module; resolves with the reply. */
async function ask(url: string, options: IClientOptions = {}): Promise<string> {
  const client = await mqtt.connectAsync(url, {
    ca: readFileSync(authority.ca),
    clientId: 'dev1',
    reconnectPeriod: 0,
    ...options,
  });
  onTestFinished(() => client.endAsync(true));
  const reply = new Promise<string>((resolve) => {
    client.once('message', (_, payload) => resolve(String(payload)));
  });
  await client.publishAsync('events/1//echo/dev1', 'hi', { qos: 1 });
  return reply;
}

describe('MQTT over TLS', () => {
  it('serves MQTT.js over mqtts and wss', async () => {
    const { mqtts, https } = await startSecure();
    expect(await ask(`mqtts://${mqtts}`)).toBe('hi');
    expect(await ask(`wss://${https}/mqtt`)).toBe('hi');
  });

  it('serves mosquitto_pub', async () => {
    const { port, link } = await startSecure();
    const event = link.next();
    const topic = ['-i', 'dev1', '-t', 'events/1//echo/dev1', '-m', 'hi', '-q', '1'];
    const place = ['-h', 'localhost', '-p', `${port}`, '--cafile', authority.ca];
    await run('mosquitto_pub', ['-V', 'mqttv311', ...place, ...topic]);
    expect(Buffer.from((await event).payload).toString()).toBe('hi');
  });

  it('serves health and metrics over HTTPS', async () => {
    const { https } = await startSecure();
    const { stdout } = await run(
      process.execPath,
      [
        '-e',
        `fetch('https://${https}/readyz').then(async (r) => console.log(r.status, await r.text()))`,
      ],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: authority.ca } },
    );
    expect(stdout.trim()).toBe('200 ready');
  });

  it('carries large messages both ways, and many small ones in order', async () => {
    const { shake } = await startSecure();
    const peer = new Peer(await shake());
    peer.say(connect('dev1'), publish('events/1//echo/dev1', Buffer.alloc(900_000, 'x')));
    expect(await peer.take(2)).toEqual(['CONNACK 0', 'PUBLISH actions/1/echo/dev1 <900000 bytes>']);
    for (let i = 0; i < 500; i++) peer.say(publish('events/1//echo/dev1', `${i}`));
    expect(await peer.take(500)).toEqual(
      Array.from({ length: 500 }, (_, i) => `PUBLISH actions/1/echo/dev1 ${i}`),
    );
  });

  it('speaks TLS 1.2 at least', async () => {
    const { shake } = await startSecure();
    expect((await shake({ maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2');
    await expect(shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  it('cuts off who does not speak TLS, and serves the others on', async () => {
    const { port, mqtts } = await startSecure();
    const socket = dial({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.write(connect('plain'));
    await once(socket, 'close');
    expect(await ask(`mqtts://${mqtts}`)).toBe('hi');
  });

  it('cuts off who does not end the handshake in time', async () => {
    const tls = { ...(await contentsOf({ ...server })), clientAuth: 'none' as const };
    const limits = { connectTimeout: 50 };
    const { broker } = await start({ mqttsPort: 0, tls, limits });
    const [, port] = (broker.addresses.mqtts as string).split(':');
    const socket = dial({ host: '127.0.0.1', port: Number(port) });
    await once(socket.resume(), 'close');
  });
});

describe('client certificates', () => {
  const GREETINGS = {
    mqtts: connect('dev1'),
    https: 'GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n',
  };

  /** Whether who says hello with this certificate gets an answer. */
  async function letsIn(address: string, greeting: Buffer | string, files: Partial<Issued>) {
    const [host, port] = address.split(':');
    const ca = readFileSync(authority.ca);
    const shown = await contentsOf(files as Issued);
    const socket = secure({ host, port: Number(port), ca, ...shown });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.write(greeting);
    return new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
    });
  }

  it.each([
    ['none', { own: true, none: true, foreign: true }],
    ['optional', { own: true, none: true, foreign: false }],
    ['required', { own: true, none: false, foreign: false }],
  ] as const)('where they are %s: %j', async (clientAuth, expected) => {
    const { broker } = await startSecure(clientAuth);
    for (const name of ['mqtts', 'https'] as const) {
      const knock = (files: Partial<Issued>) =>
        letsIn(broker.addresses[name] as string, GREETINGS[name], files);
      const [own, none, other] = await Promise.all([knock(device), knock({}), knock(foreign)]);
      expect({ own, none, foreign: other }, name).toEqual(expected);
    }
  });
});

describe('a renewal', () => {
  it('is seen by new connections, and leaves those that are there', async () => {
    const { broker, shake } = await startSecure();
    const old = await shake();
    const peer = new Peer(old);
    peer.say(connect('dev1'));
    expect(await peer.next()).toBe('CONNACK 0');
    broker.renew(await contentsOf(await authority.issue('renewed')));
    expect((await shake()).getPeerCertificate().subject.CN).toBe('renewed');
    expect(old.getPeerCertificate().subject.CN).toBe('server');
    peer.say(publish('events/1//echo/dev1', 'still here'));
    expect(await peer.next()).toBe('PUBLISH actions/1/echo/dev1 still here');
  });

  it('that cannot be is an error, and changes nothing', async () => {
    const { broker, shake } = await startSecure();
    const { cert } = await contentsOf(server);
    const { key } = await contentsOf(foreign);
    expect(() => broker.renew({ cert, key })).toThrowError(
      expect.objectContaining({ code: 'N2O_LISTEN_FAILED' }),
    );
    expect((await shake()).getPeerCertificate().subject.CN).toBe('server');
  });
});

describe('a port for TLS', () => {
  it('needs certificates that go together', async () => {
    const { cert } = await contentsOf(server);
    const { key } = await contentsOf(foreign);
    const failed = { code: 'N2O_LISTEN_FAILED' };
    await expect(start({ mqttsPort: 0 })).rejects.toMatchObject(failed);
    const tls = { cert, key, clientAuth: 'none' as const };
    await expect(start({ httpsPort: 0, tls })).rejects.toMatchObject(failed);
  });
});
