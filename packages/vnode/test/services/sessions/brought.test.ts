import { createMemoryStore } from '@n2o/store';
import { describe, expect, it, vi } from 'vitest';
import { createPickler } from '../../../src/services/pickler/pickler.ts';
import { createStoreSessions } from '../../../src/services/sessions/sessions.ts';

/** A session with a variable that has been asked for before, and how often the store is asked. */
async function start(value: unknown = 'Max') {
  // One that others change too, such as a Redis: nothing is kept of it for longer.
  const store = Object.assign(createMemoryStore(), { follow: undefined });
  const pickler = createPickler({ secrets: ['a secret of 16+ characters'], legacy: false });
  const sessions = createStoreSessions({ store, pickler, ttl: 60_000, prolong: false });
  const { token, sid } = await sessions.authenticate('');
  await sessions.variables(sid).set('name', value);
  await sessions.variables(sid).get('name');
  const get = vi.spyOn(store, 'get');
  return { sessions, token, sid, get };
}

describe('the variables of a session that was found just now', () => {
  it('are there without another question, if they were asked for before', async () => {
    const { sessions, token, sid, get } = await start();
    const found = await sessions.authenticate(token);
    expect(await sessions.variables(sid, found).get('name')).toBe('Max');
    expect(get).toHaveBeenCalledTimes(1);
  });

  it('are those that have been set since', async () => {
    const { sessions, token, sid } = await start();
    const found = await sessions.authenticate(token);
    await sessions.variables(sid).set('name', 'Maja');
    expect(await sessions.variables(sid, found).get('name')).toBe('Maja');
    const again = await sessions.authenticate(token);
    await sessions.variables(sid, again).delete('name');
    expect(await sessions.variables(sid, again).get('name')).toBeUndefined();
  });

  it('are asked for again by code that has waited', async () => {
    const { sessions, token, sid, get } = await start();
    const found = await sessions.authenticate(token);
    await new Promise(setImmediate);
    expect(await sessions.variables(sid, found).get('name')).toBe('Max');
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('are not brought along once they are large', async () => {
    const { sessions, token, get } = await start('x'.repeat(2_000));
    await sessions.authenticate(token);
    await sessions.authenticate(token);
    expect(get.mock.calls.map(([, fields]) => fields.length)).toEqual([3, 2]);
  });

  it('have names that the store takes', async () => {
    const { sessions, token, sid } = await start();
    await expect(sessions.variables(sid).get('a\0b')).rejects.toMatchObject({
      code: 'N2O_KVS_NAME',
    });
    expect(await sessions.authenticate(token)).toMatchObject({ sid });
  });
});
