import { createBroker } from '@n2o/broker';
import { createMemoryStore } from '@n2o/store';
import { connectBrokerStore, readEndpoint } from '@n2o/vnode';
import { expect, it, onTestFinished } from 'vitest';
import { SILENT, starter } from '../support/broker.ts';
import { publish } from '../support/packets.ts';
import { startMosquitto } from './mosquitto.ts';

const MiB = 1024 * 1024;
const start = starter(createBroker);

async function ask(url: string) {
  const endpoint = readEndpoint(`mqtt://${url}`);
  const store = await connectBrokerStore({ endpoint, name: 'a', log: SILENT });
  onTestFinished(() => store?.close());
  if (!store) throw new TypeError('no store');
  return store;
}

it('a host commits to the store of its broker, and reads, more than a client may say', async () => {
  const { mqtt } = await start();
  const store = await ask(mqtt);
  const value = new Uint8Array(20 * MiB).fill(7);
  await store.commit([{ group: 'large', field: 'a', value }]);
  const [kept = new Uint8Array()] = await store.get('large', ['a']);
  expect(Buffer.compare(kept, value)).toBe(0);
});

it('a host is told that a commit is too large, and its connection goes on', async () => {
  const { mqtt } = await start();
  const store = await ask(mqtt);
  const value = new Uint8Array(64 * MiB);
  const refused = store.commit([{ group: 'large', field: 'a', value }]);
  const next = store.commit([{ group: 'small', field: 'a', value: new Uint8Array(1) }]);
  await expect(refused).rejects.toMatchObject({ code: 'N2O_STORE_LIMIT' });
  await next;
  expect(await store.get('large', ['a'])).toEqual([undefined]);
});

it.each([true, false])(
  'a host knows whether what its broker keeps is durable: %s',
  async (durable) => {
    const { mqtt } = await start({ store: Object.assign(createMemoryStore(), { durable }) });
    expect((await ask(mqtt)).durable).toBe(durable);
  },
);

it('two hosts of one name that start together do not push each other off', async () => {
  const endpoint = readEndpoint((await startMosquitto()).url);
  const asked = { endpoint, name: 'a', log: SILENT, patience: 500 };
  const stores = await Promise.all([connectBrokerStore(asked), connectBrokerStore(asked)]);
  expect(stores).toEqual([undefined, undefined]);
});

it('only the connection on which a host asks for the store may say so much', async () => {
  const { join } = await start();
  const large = publish('n2o/store', new Uint8Array(2 * MiB));
  const asking = await join('n2o-host-a-store');
  asking.say(large);
  expect(await asking.rest()).toEqual([]);
  for (const client of ['n2o-host-a', 'dev-store']) {
    const other = await join(client);
    other.say(large);
    await other.closed;
  }
});
