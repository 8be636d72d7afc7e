import { describe, expect, it, onTestFinished } from 'vitest';
import { folderOf } from '../end-to-end/n2o.ts';
import { createAuthority } from '../support/certificates.ts';
import { spawnHost, startHost } from './hosts.ts';
import { startLoad } from './load.ts';
import { freePort, startMosquitto } from './mosquitto.ts';

const ECHO = { 'echo.ts': 'export const event = (message: string) => message;' };

describe('a broker with TLS', () => {
  it('is believed with its authority, believes a host with a certificate, and serves', async () => {
    const authority = await createAuthority();
    onTestFinished(() => authority[Symbol.asyncDispose]());
    const own = await authority.issue('broker');
    const host = await authority.issue('host');
    const secure = await freePort();
    // The clients of the test come to its first listener.
    const broker = await startMosquitto(
      `listener ${secure} 127.0.0.1`,
      ...[`cafile ${authority.ca}`, `certfile ${own.cert}`, `keyfile ${own.key}`],
      'require_certificate true',
    );
    const app = await folderOf(ECHO);
    const trust = ['--broker-ca', authority.ca];
    const shown = ['--broker-cert', host.cert, '--broker-key', host.key];
    const url = `mqtts://localhost:${secure}`;
    const strange = spawnHost(url, 'x', app, ...shown);
    expect(await strange.logged('cannot be reached')).toMatchObject({ code: 'N2O_LINK_CONNECT' });
    await startHost(url, 'a', app, ...trust, ...shown);
    const load = await startLoad(broker, { clients: 8, window: 2, module: 'echo', vnodes: 16 });
    await load.answered(100);
    expect(await load.stop()).toMatchObject({ repeated: 0, disorders: 0 });
  }, 30_000);
});

describe('a broker that refuses the host', () => {
  it('ends it with the reason', async () => {
    const broker = await startMosquitto('allow_anonymous false');
    const a = spawnHost(broker.url, 'a', await folderOf(ECHO));
    expect(await a.exit).toBe(1);
    expect(a.err()).toContain('N2O_LINK_REFUSED');
  }, 30_000);
});

describe('a broker that is not there yet', () => {
  it('is waited for; told to end meanwhile, the host ends', async () => {
    const broker = await startMosquitto();
    await broker.stop();
    const app = await folderOf(ECHO);
    const a = spawnHost(broker.url, 'a', app);
    const b = spawnHost(broker.url, 'b', app);
    await Promise.all([a, b].map((host) => host.logged('cannot be reached')));
    expect(await b.end()).toBe(0);
    await broker.start();
    await a.logged('ready');
    expect(await a.end()).toBe(0);
  }, 30_000);
});

describe('the HTTP port of a host', () => {
  it('tells whether it serves its share, and what its bounds are at', async () => {
    const broker = await startMosquitto();
    const app = await folderOf(ECHO);
    const a = await startHost(broker.url, 'a', app, '--http-port', '0');
    const { http } = await a.logged('ready');
    const get = async (path: string) => (await fetch(`${http}${path}`)).text();
    expect(await get('/healthz')).toBe('ok\n');
    expect(await get('/readyz')).toBe('ready\n');
    const load = await startLoad(broker, { clients: 4, window: 2, module: 'echo', vnodes: 16 });
    await load.answered(20);
    const { requests } = await load.stop();
    const metrics = await get('/metrics');
    expect(metrics).toContain(`n2o_link_events_total ${requests}`);
    expect(metrics).toContain('n2o_served_vnodes 16');
    await broker.stop();
    await a.logged('cannot be reached');
    expect(await get('/readyz')).toBe('not connected to the broker\n');
  }, 30_000);
});
