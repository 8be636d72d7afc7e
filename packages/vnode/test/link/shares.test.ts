import { hostOf } from '@n2o/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, nextEpoch, type Sight, shareOf, stepFor } from '../../src/link/shares.ts';
import type { Presence } from '../../src/link/words.ts';

function presence(host: string, more: Partial<Presence> = {}): Presence {
  return { host, instance: 'i', vnodes: 16, workers: 1, state: 'up', ...more };
}

describe('the share of a host', () => {
  it('is what rendezvous gives it; all shares together are all vnodes, none twice', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 64 }), (hosts, vnodes) => {
        const all = hosts.map((host) => presence(host, { vnodes }));
        const shares = hosts.map((host) => [...shareOf(host, all, vnodes)]);
        expect(shares.flat().sort((a, b) => a - b)).toEqual(
          Array.from({ length: vnodes }, (_, i) => i + 1),
        );
        for (const [i, share] of shares.entries()) {
          for (const vnode of share) expect(hostOf(vnode, hosts)).toBe(hosts[i]);
        }
      }),
    );
  });

  it('of one that is draining is nothing, and the others have it', () => {
    const both = [presence('a', { state: 'draining' }), presence('b')];
    expect(shareOf('a', both, 16).size).toBe(0);
    expect(shareOf('b', both, 16).size).toBe(16);
  });

  it('does not depend on hosts that count other vnodes', () => {
    expect(shareOf('a', [presence('a'), presence('b', { vnodes: 8 })], 16).size).toBe(16);
  });
});

describe('what a host does about a vnode', () => {
  const sight: Sight = {
    me: 'a',
    wanted: true,
    epoch: undefined,
    recorded: { host: 'b', epoch: 7 },
    ownerIsThere: true,
    waited: 0,
    patience: 1_000,
  };

  it.each<[string, Partial<Sight>, ReturnType<typeof stepFor>]>([
    ['one of its share that nobody has ever had it claims', { recorded: undefined }, 'claim'],
    ['one that was given away it claims', { recorded: { host: '', epoch: 7 } }, 'claim'],
    ['one whose owner is gone it claims', { ownerIsThere: false }, 'claim'],
    ['one of an earlier life of its own it claims', { recorded: { host: 'a', epoch: 7 } }, 'claim'],
    ['one whose owner is there it waits for', {}, 'wait'],
    ['one that it has waited for long enough it claims', { waited: 1_000 }, 'claim'],
    ['one that it has it keeps', { epoch: 7 }, 'nothing'],
    ['one that it has and should not it gives away', { epoch: 7, wanted: false }, 'leave'],
    ['one of others is none of its business', { wanted: false }, 'nothing'],
    [
      'one that is recorded as its own, and should not be, it frees',
      { wanted: false, recorded: { host: 'a', epoch: 7 } },
      'free',
    ],
  ])('%s', (_, more, step) => {
    expect(stepFor({ ...sight, ...more })).toBe(step);
  });
});

describe('an epoch', () => {
  it('is above the one before, and at least the time', () => {
    expect(nextEpoch(undefined, 1_000)).toBe(1_000);
    expect(nextEpoch({ host: 'a', epoch: 5 }, 1_000)).toBe(1_000);
    expect(nextEpoch({ host: 'a', epoch: 5_000 }, 1_000)).toBe(5_001);
  });
});

describe('a record, to the one who has claimed the vnode with epoch 7', () => {
  it.each([
    ['its own claim', { host: 'a', epoch: 7 }, 'mine'],
    ['the claim of another one after it', { host: 'b', epoch: 8 }, 'lost'],
    [
      'the claim of another one with the same epoch, put behind it',
      { host: 'b', epoch: 7 },
      'lost',
    ],
    ['a claim of another process of its name', { host: 'a', epoch: 8 }, 'lost'],
    ['another one had it after it and gave it away', { host: '', epoch: 8 }, 'lost'],
    ['an earlier claim', { host: 'b', epoch: 6 }, 'stale'],
    ['that it is free, though it is not', { host: '', epoch: 7 }, 'stale'],
    ['nothing', undefined, 'stale'],
  ] as const)('%s', (_, recorded, verdict) => {
    expect(judge('a', 7, recorded)).toBe(verdict);
  });
});
