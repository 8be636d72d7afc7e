/** What sessions do, whatever store keeps them. */
import type { Sessions, Store } from '@n2o/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPickler } from '../../../src/services/pickler/pickler.ts';
import {
  createStoreSessions,
  type SessionsOptions,
} from '../../../src/services/sessions/sessions.ts';
import type { StoreSubject } from '../stores.ts';
import { VALUES } from '../vectors.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2030, 0, 1);

const pickler = createPickler({ secrets: ['a secret of this test'], legacy: false });

/** A store before whose first commit, on its way, something else happens. */
function beforeCommit(store: Store, happen: () => Promise<unknown>): Store {
  let once = true;
  let last: Promise<unknown> = Promise.resolve();
  return {
    durable: store.durable,
    async commit(changes, fence) {
      const first = once;
      once = false;
      const done = (first ? happen() : Promise.resolve()).then(() => store.commit(changes, fence));
      last = done.catch(() => {});
      await done;
    },
    // As in every store, what is asked for comes behind the commits before it.
    get: (group, fields) => last.then(() => store.get(group, fields)),
    extent: (group) => store.extent(group),
    range: (group, range) => store.range(group, range),
    entries: (group) => store.entries(group),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store.close(),
  };
}

export function conforms({ name, open }: StoreSubject): void {
  describe(`sessions in ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let now: number;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    beforeEach(() => {
      now = START;
    });

    /** Sessions of an hour, as one of several workers has them. */
    const create = (options: Partial<SessionsOptions> = {}): Sessions => {
      const { store } = opened;
      const clock = () => now;
      return createStoreSessions({
        store,
        pickler,
        ttl: HOUR,
        prolong: true,
        now: clock,
        ...options,
      });
    };

    /** What the store has of a session. */
    const fieldsOf = async (store: Store, sid: string) => {
      const fields: string[] = [];
      for await (const page of store.entries(`session/${sid}`))
        for (const [field] of page) fields.push(field);
      return fields.sort();
    };

    it('gives a new one to who has none, and stores nothing of it', async () => {
      const sessions = create();
      const one = await sessions.authenticate('');
      const other = await sessions.authenticate('');
      expect(one.sid).toMatch(/^[\da-f]{40}$/);
      expect(one.until).toBe(START + HOUR);
      expect(other.sid).not.toBe(one.sid);
      expect(one.token).not.toContain(one.sid);
      expect(await fieldsOf(opened.store, one.sid)).toEqual([]);
    });

    it('leads back to it from any worker', async () => {
      const identity = await create().authenticate('');
      expect(await create().authenticate(identity.token)).toEqual(identity);
      expect(await create().find(identity.token)).toEqual(identity);
    });

    it('gives a new one for what is no token of ours', async () => {
      const sessions = create();
      const { token, sid } = await sessions.authenticate('');
      const foreign = createPickler({ secrets: ['a secret of others'], legacy: false });
      const theirs = create({ pickler: foreign });
      const forged = [
        `${token}A`,
        token.slice(1),
        (await theirs.authenticate('')).token,
        pickler.pickle({ sid }),
        pickler.pickle(sid),
        'hello',
      ];
      for (const text of forged) {
        expect(await sessions.find(text)).toBeUndefined();
        expect((await sessions.authenticate(text)).sid).not.toBe(sid);
      }
    });

    it('has no other name for a session than the one it was given', async () => {
      const sessions = create();
      expect((await sessions.authenticate('../../vnode/{v1}')).sid).toMatch(/^[\da-f]{40}$/);
    });

    it('ends when its time is over', async () => {
      const sessions = create();
      const { token, sid } = await sessions.authenticate('');
      now += HOUR;
      expect((await sessions.find(token))?.sid).toBe(sid);
      now += 1;
      expect(await sessions.find(token)).toBeUndefined();
      expect((await sessions.authenticate(token)).sid).not.toBe(sid);
    });

    it('goes on when it is used, with a new token only now and then', async () => {
      const sessions = create();
      const { token, sid, until } = await sessions.authenticate('');
      now += HOUR / 20;
      expect(await sessions.authenticate(token)).toEqual({ token, sid, until });
      now += HOUR / 2;
      const later = await sessions.authenticate(token);
      expect(later).toMatchObject({ sid, until: now + HOUR });
      expect(later.token).not.toBe(token);
      now += HOUR * 0.9;
      expect((await sessions.authenticate(later.token)).sid).toBe(sid);
    });

    it('does not go on where that is not wanted', async () => {
      const sessions = create({ prolong: false });
      const { token, sid, until } = await sessions.authenticate('');
      now += HOUR / 2;
      await sessions.variables(sid).set('a', 1);
      expect(await sessions.authenticate(token)).toEqual({ token, sid, until });
      now += HOUR / 2 + 1;
      expect((await sessions.authenticate(token)).sid).not.toBe(sid);
    });

    it('goes on with the variables that are set', async () => {
      const sessions = create();
      const { token, sid } = await sessions.authenticate('');
      const variables = sessions.variables(sid);
      await variables.set('first', 1);
      now += HOUR * 0.8;
      await variables.set('second', 2);
      now += HOUR * 0.8;
      const later = await sessions.authenticate(token);
      expect(later).toMatchObject({ sid, until: now + HOUR });
      now += HOUR * 0.8;
      expect(await variables.get('first')).toBe(1);
      now += HOUR;
      expect(await variables.get('first')).toBeUndefined();
    });

    it('ends when it is told to, for all workers and all of its tokens', async () => {
      const sessions = create();
      const { token, sid } = await sessions.authenticate('');
      await sessions.variables(sid).set('user', 'max');
      now += HOUR / 2;
      const second = await sessions.authenticate(token);
      expect(second.sid).toBe(sid);
      await create().end(sid);
      for (const text of [token, second.token]) {
        expect(await sessions.find(text)).toBeUndefined();
        expect((await sessions.authenticate(text)).sid).not.toBe(sid);
      }
      expect(await sessions.variables(sid).get('user')).toBeUndefined();
      await expect(sessions.variables(sid).set('user', 'max')).rejects.toMatchObject({
        code: 'N2O_SESSION_NONE',
      });
      await sessions.end(sid);
    });

    it('goes on under another token, and what was known of it leads nowhere', async () => {
      const sessions = create();
      const old = await sessions.authenticate('');
      await sessions.variables(old.sid).set('user', 'max');
      await sessions.variables(old.sid).set('cart', [1, 2]);
      const next = await create().renew(old.sid);
      expect(next.sid).not.toBe(old.sid);
      expect(await sessions.find(next.token)).toEqual(next);
      expect(await create().variables(next.sid).get('user')).toBe('max');
      expect(await create().variables(next.sid).get('cart')).toEqual([1, 2]);
      expect(await sessions.find(old.token)).toBeUndefined();
      expect(await sessions.variables(old.sid).get('user')).toBeUndefined();
      await expect(sessions.renew(old.sid)).rejects.toMatchObject({ code: 'N2O_SESSION_NONE' });
    });

    it('takes along what others set and remove while it is renewed', async () => {
      const { sid } = await create().authenticate('');
      const others = create().variables(sid);
      for (const key of ['user', 'gone', 'same']) await others.set(key, 'before');
      const store = beforeCommit(opened.store, async () => {
        await others.set('user', 'ann');
        await others.set('new', 1);
        await others.delete('gone');
      });
      const next = create().variables((await create({ store }).renew(sid)).sid);
      const values = ['user', 'new', 'gone', 'same'].map((key) => next.get(key));
      expect(await Promise.all(values)).toEqual(['ann', 1, undefined, 'before']);
    });

    it('tells who sets a variable too late that it has ended or was renewed', async () => {
      for (const how of ['end', 'renew'] as const) {
        const { sid } = await create().authenticate('');
        const store = beforeCommit(opened.store, () => create()[how](sid));
        const late = create({ store }).variables(sid).set('user', 'max');
        await expect(late).rejects.toMatchObject({ code: 'N2O_SESSION_NONE' });
      }
    });

    it('keeps what its pages are bound to when it is renewed, and shares that with no other', async () => {
      const sessions = create();
      const { sid } = await sessions.authenticate('');
      const next = await create().renew(sid);
      const last = await sessions.renew(next.sid);
      const other = await sessions.authenticate('');
      const bonds = [sid, next.sid, last.sid, other.sid].map((name) => sessions.bondOf?.(name));
      expect(bonds[0]).toMatch(/^[\da-f]{20}$/);
      expect(bonds.slice(0, 3)).toEqual([bonds[0], bonds[0], bonds[0]]);
      expect(bonds[3]).not.toBe(bonds[0]);
      expect(new Set([sid, next.sid, last.sid]).size).toBe(3);
      expect(last.sid).toMatch(/^[\da-f]{40}$/);
    });

    it('is renewed without a trace where it has no variables, or only such as are over', async () => {
      const sessions = create();
      const { sid } = await sessions.authenticate('');
      const next = await sessions.renew(sid);
      expect(await fieldsOf(opened.store, next.sid)).toEqual([]);
      await sessions.variables(next.sid).set('user', 'max');
      now += HOUR + 1;
      const last = await sessions.renew(next.sid);
      expect(await sessions.variables(last.sid).get('user')).toBeUndefined();
    });

    it('stays ended, whoever sets a variable at the same moment', async () => {
      const sessions = create();
      const { token, sid } = await sessions.authenticate('');
      const variables = sessions.variables(sid);
      await variables.set('user', 'max');
      await Promise.allSettled([variables.set('a', 1), sessions.end(sid), variables.clear()]);
      expect(await sessions.find(token)).toBeUndefined();
      expect(await variables.get('a')).toBeUndefined();
    });

    it('keeps variables of all kinds, for all workers', async () => {
      const { sid } = await create().authenticate('');
      const variables = create().variables(sid);
      for (const [what, value] of Object.entries(VALUES)) {
        await variables.set(what, value);
        const { gone: _, ...kept } = Object(value);
        const expected = what === 'a member that is undefined' ? kept : value;
        expect(await create().variables(sid).get(what), what).toStrictEqual(expected);
      }
    });

    it('has variables of its own', async () => {
      const sessions = create();
      const mine = sessions.variables((await sessions.authenticate('')).sid);
      const theirs = sessions.variables((await sessions.authenticate('')).sid);
      await mine.set('user', 'max');
      expect(await theirs.get('user')).toBeUndefined();
      await theirs.clear();
      expect(await mine.get('user')).toBe('max');
    });

    it('takes any name for a variable but one with NUL', async () => {
      const sessions = create();
      const variables = sessions.variables((await sessions.authenticate('')).sid);
      for (const key of ['', 'until', 'ended', 'v:', '__proto__', 'ім’я', '{v1}']) {
        await variables.set(key, key);
        expect(await variables.get(key)).toBe(key);
      }
      await expect(variables.set('a\0b', 1)).rejects.toMatchObject({ code: 'N2O_KVS_NAME' });
    });

    it('removes one variable, or all', async () => {
      const sessions = create();
      const { sid, token } = await sessions.authenticate('');
      const variables = sessions.variables(sid);
      for (const key of ['a', 'b', 'c', 'd']) await variables.set(key, key);
      await variables.delete('a');
      await variables.set('b', undefined);
      await variables.delete('never there');
      expect(await variables.get('a')).toBeUndefined();
      expect(await variables.get('b')).toBeUndefined();
      expect(await variables.get('c')).toBe('c');
      await variables.clear();
      expect(await variables.get('c')).toBeUndefined();
      expect((await sessions.find(token))?.sid).toBe(sid);
    });

    it('keeps no more of one session than it may', async () => {
      const sessions = create({ limit: 100 });
      const variables = sessions.variables((await sessions.authenticate('')).sid);
      await variables.set('a', 'x'.repeat(50));
      await expect(variables.set('b', 'x'.repeat(50))).rejects.toMatchObject({
        code: 'N2O_SESSION_LIMIT',
      });
      await variables.set('a', 'y'.repeat(60));
      expect(await variables.get('a')).toBe('y'.repeat(60));
      now += HOUR + 1;
      await variables.set('b', 'x'.repeat(80));
      expect(await variables.get('a')).toBeUndefined();
    });

    it('says which values cannot be kept', async () => {
      const sessions = create();
      const variables = sessions.variables((await sessions.authenticate('')).sid);
      await expect(variables.set('f', () => 1)).rejects.toMatchObject({
        code: 'N2O_FORMAT_ENCODE',
      });
    });

    it('leaves nothing in the store when its time is over', async () => {
      const sessions = create();
      const { sid } = await sessions.authenticate('');
      await sessions.variables(sid).set('a', 1);
      expect(await fieldsOf(opened.store, sid)).toEqual(['until', 'v:a']);
      now += HOUR + 1;
      await sessions.variables(sid).set('b', 1);
      expect(await fieldsOf(opened.store, sid)).toEqual(['until', 'v:b']);
    });
  });
}
