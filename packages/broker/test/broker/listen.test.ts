import { describe, expect, it, onTestFinished } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { TestLink } from '../../../../test/support/link.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { createBroker } from '../../src/index.ts';
import { start } from '../start.ts';

const options = { host: '127.0.0.1', mqttPort: 0, httpPort: 0, vnodes: 16, log: SILENT };
const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1));

describe('createBroker', () => {
  it('says where it listens', async () => {
    const { broker } = await start();
    expect(broker.addresses.mqtt).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(broker.addresses.http).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('listens only where it is told to', async () => {
    const { broker } = await start({ httpPort: undefined });
    expect(broker.addresses).toMatchObject({ mqtt: expect.any(String), http: undefined });
    const web = await start({ mqttPort: undefined });
    expect(web.broker.addresses).toMatchObject({ mqtt: undefined, http: expect.any(String) });
  });

  it('writes IPv6 addresses so that they can be used', async () => {
    const { broker, open } = await start({ host: '::1' });
    expect(broker.addresses.mqtt).toMatch(/^\[::1\]:\d+$/);
    await (await Peer.dial(broker.addresses.mqtt as string)).drop();
    await (await open()).drop();
  });

  it('fails with a code where a port is taken, and leaves nothing open', async () => {
    const { http } = await start();
    const link = new TestLink();
    await expect(createBroker({ ...options, link, httpPort: portOf(http) })).rejects.toMatchObject({
      code: 'N2O_LISTEN_FAILED',
      message: expect.stringContaining(http),
      cause: { code: 'EADDRINUSE' },
    });
  });

  it('frees its ports when it is closed', async () => {
    const { broker, mqtt, http } = await start();
    await broker.close();
    const ports = { mqttPort: portOf(mqtt), httpPort: portOf(http) };
    const next = await createBroker({ ...options, ...ports, link: new TestLink() });
    onTestFinished(() => next.close(0));
    expect(next.addresses).toEqual({ mqtt, http });
  });
});
