import type { Change } from '@n2o/shared';
import { describe, expect, it } from 'vitest';
import { Commits, type Turn } from '../src/commits.ts';

const put = (field: string, bytes = 1): Change => ({
  group: 'g',
  field,
  value: Buffer.alloc(bytes),
});

/** Commits whose turns end when the test says so. */
function held() {
  const turns: Turn[] = [];
  const ends: ((error?: unknown) => void)[] = [];
  const commits = new Commits((turn) => {
    turns.push(turn);
    return new Promise((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  });
  const fieldsOf = ({ commits: lists }: Turn) =>
    lists.flat().map((change) => ('field' in change ? change.field : ''));
  return { commits, ends, fields: () => turns.map(fieldsOf) };
}

describe('commits to a driver', () => {
  it('that come while a turn is made are the next, those under one fence together', async () => {
    const { commits, ends, fields } = held();
    const first = commits.commit([put('a')]);
    const rest = [
      commits.commit([put('b')]),
      commits.commit([put('c')]),
      commits.commit([put('d')], { name: 'f', epoch: 1 }),
      commits.commit([put('e')], { name: 'f', epoch: 1 }),
      commits.commit([put('f')], { name: 'f', epoch: 2 }),
      commits.commit([put('g')]),
    ];
    for (let turn = 0; turn < 5; turn++) {
      ends[turn]?.();
      await (turn === 0 ? first : rest[[0, 2, 4, 5][turn - 1] as number]);
    }
    expect(fields()).toEqual([['a'], ['b', 'c'], ['d', 'e'], ['f'], ['g']]);
    await Promise.all(rest);
    expect(commits.settled()).toBeUndefined();
  });

  it('fail with their turn alone, and are over then as well', async () => {
    const { commits, ends } = held();
    const first = commits.commit([put('a')]);
    const second = commits.commit([put('b')]);
    const settled = commits.settled();
    ends[0]?.('broken');
    await expect(first).rejects.toBe('broken');
    ends[1]?.();
    await Promise.all([second, settled]);
  });

  it('that are large are made in parts, in their order, but not under a fence', async () => {
    const many = Array.from({ length: 80_000 }, (_, i) => put(`${i}`));
    const parts: number[] = [];
    let next = 0;
    const make = async ({ commits: lists }: Turn) => {
      const changes = lists.flat();
      parts.push(changes.length);
      for (const change of changes) expect('field' in change && change.field).toBe(`${next++}`);
    };
    const commits = new Commits(make, { bytes: 4 * 1024 * 1024, changes: 10_000 });
    await commits.commit(many);
    expect(parts.reduce((sum, length) => sum + length)).toBe(many.length);
    expect(Math.max(...parts)).toBe(10_000);
    next = 0;
    await commits.commit(many, { name: 'f', epoch: 1 });
    expect(parts.at(-1)).toBe(many.length);
  });

  it('are refused when more is open than a store may hold', async () => {
    const { commits, ends } = held();
    const large = commits.commit([put('a', 129 * 1024 * 1024)]);
    await expect(commits.commit([put('b')])).rejects.toMatchObject({
      code: 'N2O_STORE_UNAVAILABLE',
      message: expect.stringContaining('the store is behind'),
    });
    ends[0]?.();
    for (let turn = 0; ends[turn]; turn++) {
      ends[turn]?.();
      await new Promise((done) => setImmediate(done));
    }
    await large;
    void commits.commit([put('c')]);
  });
});
