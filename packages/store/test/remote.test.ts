import { N2OError, type Store } from '@n2o/shared';
import { expect, it } from 'vitest';
import { createMemoryStore } from '../src/memory.ts';
import { serveStore } from '../src/remote/serve.ts';
import { createRemoteStore, type RemoteStore } from '../src/remote/store.ts';
import { readRequest } from '../src/remote/words.ts';
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
  const remote = createRemoteStore({ send: () => {}, close: async () => {} }, 1);
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

it.each(['', 'x', '\x83k\0\x01a', '\x83l\0\0\0\x01a\x01j'])(
  'does not take %j for a request',
  (text) => {
    expect(readRequest(Buffer.from(text, 'latin1'))).toBeUndefined();
  },
);
