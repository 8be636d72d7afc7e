import { expect, it, vi } from 'vitest';
import { SILENT } from '../../../../test/support/broker.ts';
import { SendLimit } from '../../src/link/send-limit.ts';

/** A limit of 100,000 bytes, at a broker that takes so many. */
function limitAt(bound: number | undefined) {
  const takes = vi.fn(async (bytes: number) => (bound === undefined ? undefined : bytes <= bound));
  return { takes, limit: new SendLimit(100_000, { takes, log: SILENT }) };
}

it('a connection on which nothing large was sent ends for another reason', async () => {
  const { limit, takes } = limitAt(1_000);
  expect(limit.fits(10, 200)).toBe(true);
  await limit.look();
  expect(takes).not.toHaveBeenCalled();
});

it('what the broker takes is no reason for a connection to end, and not tried out again', async () => {
  const { limit, takes } = limitAt(100_000);
  expect(limit.fits(10, 50_000)).toBe(true);
  await limit.look();
  await limit.look();
  expect(takes).toHaveBeenCalledTimes(1);
  expect(limit.bytes).toBe(100_000);
});

it('a broker that cannot be reached says nothing about packets', async () => {
  const { limit } = limitAt(undefined);
  limit.fits(10, 50_000);
  await limit.look();
  expect(limit.fits(10, 50_000)).toBe(true);
});

it('the bound of a broker is found out, once, from below', async () => {
  const { limit, takes } = limitAt(5_000);
  limit.fits(10, 50_000);
  await Promise.all([limit.look(), limit.look()]);
  expect(limit.bytes).toBeGreaterThan(4_900);
  expect(limit.bytes).toBeLessThanOrEqual(5_000);
  expect(takes.mock.calls.length).toBeLessThan(20);
  expect(limit.fits(10, 5_000)).toBe(false);
  expect(limit.fits(10, 4_800)).toBe(true);
});

it('a broker that comes back may have another bound', async () => {
  const { limit } = limitAt(5_000);
  limit.fits(10, 50_000);
  await limit.look();
  limit.doubt();
  expect(limit.fits(10, 50_000)).toBe(true);
});

it('what the broker tells holds until it tells something else, within what the host sends', () => {
  const { limit } = limitAt(undefined);
  limit.told(5_000);
  limit.doubt();
  expect(limit.fits(10, 5_000)).toBe(false);
  limit.told(200_000);
  expect(limit.bytes).toBe(100_000);
});
