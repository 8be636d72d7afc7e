import { createMemoryStore } from '@n2o/store';
import { describe, expect, it } from 'vitest';
import { COST, hashPassword, isPassword } from '../../../src/services/auth/password.ts';
import { Tries } from '../../../src/services/auth/tries.ts';
import { STORES } from '../stores.ts';
import { conforms } from './conformance.ts';

for (const store of STORES) conforms(store);

describe('a password', () => {
  const cheap = { N: 16, r: 1, p: 1 };

  it('costs an attacker 32 MiB and some work for each guess', () => {
    expect(128 * COST.N * COST.r).toBe(32 * 1_048_576);
    expect(COST.p).toBeGreaterThanOrEqual(3);
  });

  it('takes as much work where there is no such user', async () => {
    // A cost that cannot be paid shows who tries to.
    const impossible = { N: 3, r: 1, p: 1 };
    await expect(isPassword('password', undefined, impossible)).rejects.toThrow();
    expect(await isPassword('password', undefined, cheap)).toBe(false);
  });

  it('is believed by the hash that was made when it cost less', async () => {
    const hash = await hashPassword('password', cheap);
    expect(await isPassword('password', hash, { ...cheap, N: 32 })).toBe(true);
    expect(await isPassword('Password', hash, { ...cheap, N: 32 })).toBe(false);
  });

  it('waits for no more than so many others', async () => {
    const tries = new Tries(createMemoryStore(), (size) => new Uint8Array(size));
    const done: (() => void)[] = [];
    const work = () => tries.working(() => new Promise<void>((resolve) => done.push(resolve)));
    const all = Array.from({ length: 64 }, work);
    await expect(work()).rejects.toMatchObject({ code: 'N2O_AUTH_BUSY' });
    for (const end of done) end();
    await Promise.all(all);
    expect(await tries.working(async () => 'again')).toBe('again');
  });
});
