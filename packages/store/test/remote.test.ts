import { N2OError, type Store } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../src/memory.ts';
import { readRequest } from '../src/remote/request.ts';
import { serveStore } from '../src/remote/serve.ts';
import { createRemoteStore, type RemoteStore } from '../src/remote/store.ts';
import { conforms } from './conformance.ts';

/** A store that is asked over a line of copied bytes. */
function open(behind: Store): RemoteStore {
  const remote = createRemoteStore({
    send: (request) => {
      void serveStore(behind, Uint8Array.from(request), (answer) => {
        remote.hear(Uint8Array.from(answer));
      });
    },
    close: async () => {},
  });
  return remote;
}

const behind = createMemoryStore();
conforms("the store of a host's broker", { open: async () => open(behind), shared: true });

it('rejects what waits for an answer when the connection is lost', async () => {
  const remote = createRemoteStore({ send: () => {}, close: async () => {} });
  const asked = [remote.get('a', ['b']), remote.commit([]), remote.extent('a')];
  remote.lost(new N2OError('N2O_STORE_UNAVAILABLE', 'gone'));
  for (const one of asked) await expect(one).rejects.toMatchObject({ message: 'gone' });
});

it('rejects what is not answered in time', async () => {
  const remote = createRemoteStore({ send: () => {}, close: async () => {} }, { timeout: 1 });
  await expect(remote.get('a', ['b'])).rejects.toMatchObject({ code: 'N2O_STORE_UNAVAILABLE' });
});

it('rejects what cannot be sent', async () => {
  const error = new N2OError('N2O_STORE_UNAVAILABLE', 'no line');
  const send = () => {
    throw error;
  };
  const remote = createRemoteStore({ send, close: async () => {} });
  await expect(remote.commit([])).rejects.toBe(error);
});

it('is as durable as the broker says that its store is, once it was asked', async () => {
  for (const durable of [true, false]) {
    const remote = open(Object.assign(createMemoryStore(), { durable }));
    await remote.greet();
    expect(remote.durable).toBe(durable);
  }
});

describe('what is too much for the line', () => {
  const MiB = 1024 * 1024;
  const put = (field: string, value: Uint8Array) => ({ group: 'large', field, value });

  it('is not committed, and is said at once', async () => {
    const store = createMemoryStore();
    const remote = open(store);
    const large = put('a', new Uint8Array(64 * MiB));
    await expect(remote.commit([large])).rejects.toMatchObject({ code: 'N2O_STORE_LIMIT' });
    const many = Array.from({ length: 250_001 }, () => put('a', new Uint8Array()));
    await expect(remote.commit(many)).rejects.toMatchObject({ code: 'N2O_STORE_LIMIT' });
    expect(await store.extent('large')).toBeUndefined();
    await remote.commit([put('a', new Uint8Array(20 * MiB))]);
    await remote.commit(many.slice(1));
    expect(await remote.get('large', ['a'])).toEqual([new Uint8Array()]);
    await remote.close();
  });

  it('is not answered, and is said at once', async () => {
    const remote = open(createMemoryStore());
    await remote.commit([put('a', new Uint8Array(33 * MiB))]);
    await expect(remote.get('large', ['a', 'a'])).rejects.toMatchObject({
      code: 'N2O_STORE_LIMIT',
    });
    expect((await remote.get('large', ['a']))[0]).toHaveLength(33 * MiB);
    await remote.close();
  });
});

it.each(['', 'x', '\x83k\0\x01a', '\x83l\0\0\0\x01a\x01j'])(
  'does not take %j for a request',
  (text) => {
    expect(readRequest(Buffer.from(text, 'latin1'))).toBeUndefined();
  },
);
