/** What the keeping of users does, whatever store it is in. */
import { createHash } from 'node:crypto';
import type { Auth } from '@n2o/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuthOptions, createStoreAuth } from '../../../src/services/auth/auth.ts';
import type { StoreSubject } from '../stores.ts';

/** As little as there can be: what passwords cost is tested once. */
const CHEAP = { N: 16, r: 1, p: 1 };
const START = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;

const BUSY = { code: 'N2O_AUTH_BUSY' };
const INVALID = { code: 'N2O_AUTH_INVALID' };
const TAKEN = { code: 'N2O_AUTH_TAKEN' };

export function conforms({ name, open }: StoreSubject): void {
  describe(`users in ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let now: number;
    let number = 0;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    beforeEach(() => {
      now = START;
    });

    /** As one of several workers has it. */
    const create = (options: Partial<AuthOptions> = {}): Auth =>
      createStoreAuth({ store: opened.store, now: () => now, cost: CHEAP, ...options });

    /** A name that no other test has. */
    const fresh = () => `user ${number++} {v1}`;

    it('lets in who knows the password, with what was said of the user', async () => {
      const user = { name: fresh(), role: 'admin', tags: ['a'], since: 10n ** 20_000n };
      await create().register(user, 'open sesame');
      expect(await create().verify(user.name, 'open sesame')).toEqual(user);
      expect(await create().verify(user.name, 'open sesam')).toBeUndefined();
      expect(await create().verify(user.name, '')).toBeUndefined();
      expect(await create().verify(fresh(), 'open sesame')).toBeUndefined();
    });

    it('takes the same characters for the same, however they are typed', async () => {
      const user = { name: fresh() };
      await create().register(user, 'cafe\u0301');
      expect(await create().verify(user.name, 'caf\u00e9')).toEqual(user);
    });

    it('does not keep the password, and the same one otherwise for each', async () => {
      const names = [fresh(), fresh()];
      for (const name of names) await create().register({ name }, 'open sesame');
      const [one, other] = await Promise.all(
        names.map((name) => opened.store.get(`auth/user/{${digest(name)}}`, ['password'])),
      );
      const hash = Buffer.from(one?.[0] ?? []).toString();
      expect(hash).toContain('"salt"');
      expect(hash).not.toContain('sesame');
      expect(hash).not.toBe(Buffer.from(other?.[0] ?? []).toString());
    });

    it('has one user of a name', async () => {
      const user = { name: fresh() };
      await create().register(user, 'first');
      now += 1;
      await expect(create().register({ ...user, role: 'admin' }, 'second')).rejects.toMatchObject(
        TAKEN,
      );
      expect(await create().verify(user.name, 'first')).toEqual(user);
      expect(await create().verify(user.name, 'second')).toBeUndefined();
    });

    it('has one user of a name also where many register at the same moment', async () => {
      const name = fresh();
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => create().register({ name, i }, `password ${i}`)),
      );
      const winners = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
      expect(winners).toHaveLength(1);
      const [i] = winners;
      expect(await create().verify(name, `password ${i}`)).toEqual({ name, i });
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject(TAKEN);
      }
    });

    it('takes no name and no password that is empty, or too long, or no text', async () => {
      const auth = create();
      const long = 'x'.repeat(2_000);
      for (const [user, password] of [
        ['', 'password'],
        [long, 'password'],
        [undefined, 'password'],
        ['max', ''],
        ['max', long],
        ['max', { toString: null }],
      ] as [string, string][]) {
        await expect(auth.register({ name: user }, password)).rejects.toMatchObject(INVALID);
        expect(await auth.verify(user, password)).toBeUndefined();
      }
      await expect(
        auth.register({ name: fresh(), photo: 'x'.repeat(70_000) }, 'password'),
      ).rejects.toMatchObject({ code: 'N2O_KVS_LIMIT' });
    });

    it('lets nobody guess for long, in any worker', async () => {
      const user = { name: fresh() };
      await create().register(user, 'right');
      for (let i = 0; i < 10; i++) {
        expect(await create().verify(user.name, `wrong ${i}`)).toBeUndefined();
      }
      await expect(create().verify(user.name, 'right')).rejects.toMatchObject(BUSY);
      const other = { name: fresh() };
      await create().register(other, 'right');
      expect(await create().verify(other.name, 'right')).toEqual(other);
    });

    it('lets nobody guess more by guessing at once', async () => {
      const auth = create();
      const name = fresh();
      const results = await Promise.allSettled(
        Array.from({ length: 40 }, (_, i) => auth.verify(name, `wrong ${i}`)),
      );
      const tried = results.filter(({ status }) => status === 'fulfilled');
      expect(tried.length).toBeLessThanOrEqual(10);
      await expect(auth.verify(name, 'wrong')).rejects.toMatchObject(BUSY);
    });

    it('takes many who are right at once for no attack', async () => {
      const user = { name: fresh() };
      const auth = create();
      await auth.register(user, 'right');
      const all = Array.from({ length: 40 }, () => auth.verify(user.name, 'right'));
      expect(await Promise.all(all)).toEqual(all.map(() => user));
    });

    it('counts no try that there was no room for', async () => {
      const [ann, auth] = [{ name: fresh() }, create()];
      await auth.register(ann, 'right');
      const others = Array.from({ length: 64 }, () => auth.verify(fresh(), 'wrong'));
      for (let i = 0; i < 11; i++) {
        await expect(auth.verify(ann.name, 'right')).rejects.toMatchObject(BUSY);
      }
      await Promise.all(others);
      expect(await auth.verify(ann.name, 'right')).toEqual(ann);
    });

    it('forgets what was mistyped when the password was right', async () => {
      const user = { name: fresh() };
      const auth = create();
      await auth.register(user, 'right');
      for (let round = 0; round < 3; round++) {
        for (let i = 0; i < 9; i++) await auth.verify(user.name, 'wrong');
        expect(await auth.verify(user.name, 'right')).toEqual(user);
      }
    });

    it('knows a user by a token, in any worker, until its time is over', async () => {
      const user = { name: fresh(), role: 'device' };
      await create().register(user, 'password');
      const token = await create().generateToken(user.name, DAY);
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(await create().userOf(token)).toEqual(user);
      now += DAY;
      expect(await create().userOf(token)).toEqual(user);
      now += 1;
      expect(await create().userOf(token)).toBeUndefined();
    });

    it('knows nobody by a token whose time is none', async () => {
      const user = { name: fresh() };
      await create().register(user, 'password');
      const token = await create().generateToken(user.name, Number.NaN);
      expect(await create().userOf(token)).toBeUndefined();
    });

    it('takes a token back', async () => {
      const user = { name: fresh() };
      await create().register(user, 'password');
      const [first, second] = [
        await create().generateToken(user.name),
        await create().generateToken(user.name),
      ];
      expect(first).not.toBe(second);
      await create().revoke(first);
      await create().revoke(first);
      expect(await create().userOf(first)).toBeUndefined();
      expect(await create().userOf(second)).toEqual(user);
    });

    it('knows nobody by what is no token', async () => {
      const auth = create();
      const orphan = await auth.generateToken(fresh());
      for (const token of ['', 'hello', 'x'.repeat(43), 'x'.repeat(10_000), orphan, undefined]) {
        expect(await auth.userOf(token as string)).toBeUndefined();
      }
    });

    it('keeps no token that could be used by who reads the store', async () => {
      const token = await create().generateToken('max');
      const [name] = await opened.store.get(`auth/token/${digest(token)}`, ['name']);
      expect(Buffer.from(name ?? []).toString()).toBe('max');
      expect(await opened.store.extent(`auth/token/${token}`)).toBeUndefined();
    });
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
