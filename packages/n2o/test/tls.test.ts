/** A server with certificates: what it says when they are no good, and that it shows those that are there now. */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as secure } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Authority,
  createAuthority,
  type Issued,
} from '../../../test/support/certificates.ts';
import { folder, logOf, run, start } from './command.ts';

let authority: Authority;
let server: Issued;
let other: Issued;
beforeAll(async () => {
  authority = await createAuthority();
  [server, other] = await Promise.all([authority.issue('server'), authority.issue('other')]);
});
afterAll(() => authority[Symbol.asyncDispose]());

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const PORTS = ['--mqtt-port', 'off', '--http-port', 'off', '--mqtts-port', '0'];
const shown = ({ cert, key }: Issued) => ['--tls-cert', cert, '--tls-key', key];

async function serve(...args: string[]) {
  const child = start(['broker', ...PORTS, ...args]);
  open.push(() => child.kill('SIGKILL'));
  const log = logOf(child);
  return { child, log, url: new URL(String((await log.next('ready')).mqtts)) };
}

/** The name in the certificate that a server shows. */
async function nameAt({ hostname, port }: URL): Promise<string> {
  const ca = await readFile(authority.ca);
  const socket = secure({ host: hostname, port: Number(port), ca });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

/** A certificate in files that a test may change. */
async function copy(issued: Issued, name: string): Promise<Issued> {
  const files = {
    cert: join(authority.folder, `${name}.crt`),
    key: join(authority.folder, `${name}.key`),
  };
  await cp(issued.cert, files.cert);
  await cp(issued.key, files.key);
  return files;
}

describe('certificates that cannot be used are an error in one line', () => {
  test.each([
    ['a port without them', () => [], /^mqttsPort: TLS needs tlsCert and tlsKey$/],
    ['a key alone', () => ['--tls-key', server.key], /^mqttsPort: TLS needs tlsCert and tlsKey$/],
    [
      'a file that is not there',
      () => shown({ ...server, cert: 'none.crt' }),
      /^tlsCert: ENOENT.*none\.crt/,
    ],
    [
      'a file that is none',
      () => shown({ ...server, cert: server.key }),
      /^tlsCert: .*server\.key holds no certificate in PEM$/,
    ],
    [
      'the key of another',
      () => shown({ ...server, key: other.key }),
      /^tlsKey: .*other\.key is not the key of .*server\.crt$/,
    ],
    [
      'client certificates that nobody signs',
      () => [...shown(server), '--tls-client-auth', 'required'],
      /^tlsClientAuth: required takes a tlsCa/,
    ],
  ] as const)('%s', async (_, args, message) => {
    const { code, stderr } = await run(['broker', ...PORTS, ...args()]);
    expect(code).toBe(1);
    const [, text] = /^n2o: N2O_CONFIG_OPTION: (.*)\n$/.exec(stderr) ?? [];
    expect(text).toMatch(message);
  });
});

describe('the certificate of a server', () => {
  test('is the one of its files, also after these were replaced', async () => {
    const files = await copy(server, 'replaced');
    const { log, url } = await serve(...shown(files));
    expect(await nameAt(url)).toBe('server');
    // The certificate first: for a moment it and the key do not go together.
    const next = await copy(other, 'next');
    await rename(next.cert, files.cert);
    await rename(next.key, files.key);
    await log.next('certificate renewed');
    expect(await nameAt(url)).toBe('other');
  });

  test('is read again at SIGHUP', async () => {
    const files = await copy(server, 'read-again');
    const { child, log, url } = await serve(...shown(files));
    await writeFile(files.cert, await readFile(other.cert));
    await writeFile(files.key, await readFile(other.key));
    child.kill('SIGHUP');
    await log.next('certificate renewed');
    expect(await nameAt(url)).toBe('other');
  });

  test('stays when the new one cannot be used', async () => {
    const files = await copy(server, 'spoilt');
    const { log, url } = await serve(...shown(files));
    await writeFile(files.cert, 'no certificate');
    const { err } = await log.next('certificate not renewed');
    expect(err).toMatchObject({ code: 'N2O_CONFIG_OPTION' });
    expect(await nameAt(url)).toBe('server');
  });
});

test('a vnode host and its devices reach the broker over TLS alone, each with a certificate', async () => {
  const cluster = ['--cluster-secret', 'sixteen letters!'];
  const { url } = await serve(...shown(server), '--tls-ca', authority.ca, ...cluster);
  const app = await folder({ 'echo.js': 'export const event = (message) => message;' });
  open.push(app.close);
  const own = await authority.issue('device');
  const host = start([
    ...['vnode', app.path, '--broker', url.href, '--workers', '1', ...cluster],
    ...['--broker-ca', authority.ca, '--broker-cert', own.cert, '--broker-key', own.key],
  ]);
  open.push(() => host.kill('SIGKILL'));
  await logOf(host).next('ready');
  const { stdout } = await promisify(execFile)('mosquitto_rr', [
    ...['-p', url.port, '--cafile', authority.ca, '--cert', own.cert, '--key', own.key],
    ...['-V', 'mqttv311', '-h', '127.0.0.1', '-i', 'dev1', '-m', 'over TLS'],
    ...['-t', 'events/1//echo/dev1', '-e', 'actions/1/echo/dev1'],
  ]);
  expect(stdout.trim()).toBe('over TLS');
});
