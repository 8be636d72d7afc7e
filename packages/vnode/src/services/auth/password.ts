/** Salted hashes of passwords: scrypt, slow on purpose. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { Random } from '../pickler/sealing.ts';

/** What one hash takes: 128 · N · r bytes of memory, p times the work. */
export interface ScryptCost {
  /** A power of two. */
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MiB, thrice; some tenths of a second. */
export const COST: ScryptCost = { N: 32_768, r: 8, p: 3 };

const SALT = 16;
const LENGTH = 32;

/** A hash as it is kept: with its salt, and what it cost, so that later ones may cost more. */
export interface PasswordHash extends ScryptCost {
  /** In base64, as `hash`. */
  readonly salt: string;
  readonly hash: string;
}

export async function hashPassword(
  password: string,
  cost: ScryptCost,
  random: Random = randomBytes,
): Promise<PasswordHash> {
  const salt = Buffer.from(random(SALT));
  const hash = await derive(password, salt, cost);
  const { N, r, p } = cost;
  return { N, r, p, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** Compares in constant time; takes as long where there is no hash, and is never true then. */
export async function isPassword(
  password: string,
  kept: PasswordHash | undefined,
  cost: ScryptCost,
): Promise<boolean> {
  if (kept === undefined) {
    await derive(password, Buffer.alloc(SALT), cost);
    return false;
  }
  const expected = Buffer.from(kept.hash, 'base64');
  const hash = await derive(password, Buffer.from(kept.salt, 'base64'), kept);
  return expected.length === LENGTH && timingSafeEqual(hash, expected);
}

/** The same characters may be typed in several ways: NFKC makes them the same bytes [RFC 8265]. */
function derive(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, LENGTH, options, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}
