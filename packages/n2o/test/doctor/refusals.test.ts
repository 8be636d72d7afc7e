/** What the doctor does where it cannot examine, and how it leaves a broker. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../../../../test/support/certificates.ts';
import { join as joinAs } from '../../src/doctor/join.ts';
import { targetOf } from '../../src/doctor/target.ts';
import { startAedes } from './aedes.ts';
import { examined } from './examined.ts';
import { freePorts, PLAIN, startMosquitto, workplace } from './mosquitto.ts';

describe('n2o doctor ends with 2', () => {
  test('where nobody listens', async () => {
    const [port] = await freePorts(1);
    const { code, stdout, stderr } = await examined(`mqtt://127.0.0.1:${port}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^n2o: N2O_CLIENT_CONNECT: 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  test('where nobody answers', async () => {
    const silent = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    const { code, stderr } = await examined(`mqtt://127.0.0.1:${port}`, { timeout: 50 });
    expect(code).toBe(2);
    expect(stderr).toMatch(/no answer to CONNECT within 50 ms/);
  });

  test('where the user is not let in, and says as whom it was', async () => {
    const { url } = await startMosquitto('listener {port} 127.0.0.1\nallow_anonymous false\n');
    const { code, stderr } = await examined(url.replace('//', '//me:secret@'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/client id n2o-doctor-\w+-reach-1: CONNACK 5, not authorised/);
    expect(stderr).not.toContain('secret');
  });

  test('where the user has no rights on its topics', async () => {
    const folder = await workplace();
    const { url } = await startMosquitto(`${PLAIN}acl_file ${folder}/none.acl\n`, {
      [`${folder}/none.acl`]: 'topic read other/#\n',
    });
    const { code, stderr } = await examined(url);
    expect(code).toBe(2);
    expect(stderr).toMatch(/N2O_PROBE_REFUSED: .*this user may not publish, or not read, there/);
  });

  test('where a subscription is refused', async () => {
    const { broker, url } = await startAedes();
    broker.authorizeSubscribe = (_client, _subscription, done) => done(null, null);
    const { code, stderr } = await examined(url);
    expect(code).toBe(2);
    expect(stderr).toMatch(/N2O_PROBE_REFUSED: the broker refuses a subscription to n2o-doctor/);
  });

  test.each(['127.0.0.1', 'ws://127.0.0.1/mqtt', 'mqtt://', 'mqtt://me:secret@'])(
    'with an address such as %s',
    async (url) => {
      const { code, stderr } = await examined(url);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^n2o: N2O_CONFIG_OPTION: expected mqtt\[s\]/);
      expect(stderr).not.toContain('secret');
    },
  );

  test('when it is interrupted, and leaves nothing behind', async () => {
    const { broker, left, url } = await startAedes();
    const { code } = await examined(url, {
      printed: (_, interrupt) => interrupt(),
      messages: 200,
    });
    expect(code).toBe(2);
    expect(await left()).toEqual({ sessions: 0, retained: [] });
    expect(broker.connectedClients).toBe(0);
  });
});

test('n2o doctor prints lines of JSON where it is told to', async () => {
  const { url } = await startAedes();
  const { stdout } = await examined(url, {
    json: true,
    messages: 200,
    printed: (_, interrupt) => interrupt(),
  });
  const [first] = stdout.split('\n').map((line) => JSON.parse(line || '{}'));
  expect(first).toMatchObject({
    promise: 'messages queue for who is away',
    verdict: 'kept',
    figure: '200 of 200',
  });
});

describe('over TLS', () => {
  test('the broker has to show a certificate that is believed', async () => {
    await using authority = await createAuthority();
    const { cert, key } = await authority.issue('localhost');
    const folder = await workplace();
    const { url } = await startMosquitto(
      `${PLAIN}certfile ${folder}/cert.pem\nkeyfile ${folder}/key.pem\n`,
      {
        [`${folder}/cert.pem`]: await readFile(cert, 'utf8'),
        [`${folder}/key.pem`]: await readFile(key, 'utf8'),
      },
    );
    const secure = url.replace('mqtt:', 'mqtts:');
    const { code, stderr } = await examined(secure);
    expect(code).toBe(2);
    expect(stderr).toMatch(/N2O_CLIENT_CONNECT: .*certificate/);

    const trust = { ca: await readFile(authority.ca, 'utf8') };
    const joining = { id: 'n2o-doctor-tls', clean: true, keepalive: 0, acknowledges: true };
    const peer = await joinAs({ ...targetOf(secure), trust }, joining, 5_000);
    expect(await peer.ping()).toBeGreaterThan(0);
    await peer.leave();
  });
});
