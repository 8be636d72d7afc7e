import { createMemoryStore } from '@n2o/store';
import { afterEach, expect, it, vi } from 'vitest';
import { createPickler } from '../../../src/services/pickler/pickler.ts';
import { createStoreSessions } from '../../../src/services/sessions/sessions.ts';
import { STORES } from '../stores.ts';
import { conforms } from './conformance.ts';

for (const store of STORES) conforms(store);

afterEach(() => {
  vi.useRealTimers();
});

it('a session that is not used goes from the store by itself', async () => {
  vi.useFakeTimers();
  await using store = createMemoryStore();
  const pickler = createPickler({ secrets: ['a secret of this test'], legacy: false });
  const sessions = createStoreSessions({ store, pickler, ttl: 60_000, prolong: true });
  const { sid } = await sessions.authenticate('');
  await sessions.variables(sid).set('a', 1);
  const ended = await sessions.authenticate('');
  await sessions.end(ended.sid);
  await vi.advanceTimersByTimeAsync(2 * 86_400_000);
  for (const one of [sid, ended.sid]) expect(await store.extent(`session/${one}`)).toBeUndefined();
});
