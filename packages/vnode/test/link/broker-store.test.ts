import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { STORE_ANSWERS } from '@n2o/shared';
import { createMemoryStore, serveStore } from '@n2o/store';
import type { IPublishPacket } from 'mqtt-packet';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { packet, publish } from '../../../../test/support/packets.ts';
import { Peer } from '../../../../test/support/peer.ts';
import { connectBrokerStore } from '../../src/link/broker-store.ts';
import { readEndpoint } from '../../src/link/endpoint.ts';

/** A broker whose connections the test answers, one after the other. */
async function startBroker() {
  const connections: Socket[] = [];
  let wake = () => {};
  const server = createServer((socket) => {
    connections.push(socket);
    wake();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    endpoint: readEndpoint(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`),
    /** The next connection, and what it asks first. */
    async accept() {
      while (connections.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const peer = new Peer(connections.shift() as Socket);
      onTestFinished(() => peer.drop());
      expect(await peer.next()).toMatch(/^CONNECT/);
      peer.say(packet(0x20, 0, 0));
      const request = (await peer.nextPacket()) as IPublishPacket;
      return { peer, request: request.payload as Buffer };
    },
  };
}

describe('the store of a broker', () => {
  it('is asked for again when the broker goes away before it has answered', async () => {
    const { endpoint, accept } = await startBroker();
    const connecting = connectBrokerStore({ endpoint, name: 'a', log: SILENT });
    const { peer } = await accept();
    await peer.drop();
    const again = await accept();
    await serveStore(createMemoryStore(), again.request, (answer) => {
      again.peer.say(publish(STORE_ANSWERS, answer));
    });
    const store = await connecting;
    expect(store).toBeDefined();
    const closing = store?.close();
    await again.peer.closed;
    await closing;
  });

  it('is there also while it does not answer itself', async () => {
    const { endpoint, accept } = await startBroker();
    const connecting = connectBrokerStore({ endpoint, name: 'a', log: SILENT });
    const { peer, request } = await accept();
    const store = createMemoryStore();
    store.get = () => new Promise(() => {});
    store.extent = () => new Promise(() => {});
    await serveStore(store, request, (answer) => peer.say(publish(STORE_ANSWERS, answer)));
    await expect(connecting).resolves.toBeDefined();
  });

  it('is not there where the broker says nothing of it', async () => {
    const { endpoint, accept } = await startBroker();
    const connecting = connectBrokerStore({ endpoint, name: 'a', log: SILENT, patience: 20 });
    await accept();
    await expect(connecting).resolves.toBeUndefined();
  });

  it('is asked for after a pause, and told of once, where the broker closes the connection each time', async () => {
    const { endpoint, accept } = await startBroker();
    const log = { ...SILENT, warn: vi.fn(), debug: vi.fn() };
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const connecting = connectBrokerStore({ endpoint, name: 'a', log, signal });
    for (let i = 0; i < 3; i++) {
      const { peer } = await accept();
      await peer.drop();
    }
    giveUp.abort();
    await expect(connecting).rejects.toMatchObject({ code: 'N2O_HOST_CLOSED' });
    expect(log.warn).toHaveBeenCalledOnce();
    expect(log.debug).toHaveBeenCalledTimes(2);
  });

  it('is told once to be waited for, however long the broker is not there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const log = { ...SILENT, warn: vi.fn(), debug: vi.fn() };
    const giveUp = new AbortController();
    const endpoint = readEndpoint(`mqtt://127.0.0.1:${port}`);
    const connecting = connectBrokerStore({ endpoint, name: 'a', log, signal: giveUp.signal });
    await vi.waitFor(() => expect(log.debug.mock.calls.length).toBeGreaterThan(1));
    giveUp.abort();
    await expect(connecting).rejects.toMatchObject({ code: 'N2O_HOST_CLOSED' });
    expect(log.warn.mock.calls.map(([fields]) => fields)).toEqual([
      expect.objectContaining({ broker: `mqtt://127.0.0.1:${port}`, code: 'N2O_LINK_CONNECT' }),
    ]);
  });
});
