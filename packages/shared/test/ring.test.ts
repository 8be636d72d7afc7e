import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostOf, MAX_VNODES, vnodeOf } from '../src/ring.ts';
import { run } from './formatters/vectors.ts';

const hosts = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 8 });

describe('client → vnode', () => {
  it('is N2O 6’s rule', () => {
    run(
      'ring.jsonl',
      ({ kind, client, vnodes, vnode }) => {
        expect(kind).toBe('vnode');
        const bytes = Buffer.from((client as { b: string }).b, 'hex');
        expect(String(vnodeOf(bytes, Number(vnodes)))).toBe(vnode);
        const text = bytes.toString();
        // A client id on MQTT is text.
        if (Buffer.from(text).equals(bytes))
          expect(vnodeOf(text, Number(vnodes))).toBe(Number(vnode));
      },
      [
        {
          reason: 'rings of nodes: here hosts are found by rendezvous hashing, which needs no ring',
          covers: ({ kind }) => kind !== 'vnode',
        },
      ],
    );
  });

  it('stays within 1..vnodes', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: MAX_VNODES }), (client, vnodes) => {
        const vnode = vnodeOf(client, vnodes);
        expect(vnode).toBeGreaterThanOrEqual(1);
        expect(vnode).toBeLessThanOrEqual(vnodes);
      }),
    );
  });
});

describe('vnode → host', () => {
  it('is nobody where there is no host', () => {
    expect(hostOf(1, [])).toBeUndefined();
  });

  it('does not depend on the order of the hosts', () => {
    fc.assert(
      fc.property(hosts, fc.integer({ min: 1, max: 256 }), (all, vnode) => {
        expect(hostOf(vnode, all)).toBe(hostOf(vnode, [...all].reverse()));
      }),
    );
  });

  it('moves nothing but the share of a host that leaves', () => {
    fc.assert(
      fc.property(hosts, fc.integer({ min: 1, max: 256 }), (all, vnode) => {
        const [leaving, ...rest] = all;
        const before = hostOf(vnode, all);
        if (before !== leaving) expect(hostOf(vnode, rest)).toBe(before);
      }),
    );
  });

  it('spreads 256 vnodes over four hosts with no host below half its share', () => {
    const four = ['a', 'b', 'c', 'd'];
    const counts = new Map(four.map((host) => [host, 0]));
    for (let vnode = 1; vnode <= 256; vnode++) {
      const host = hostOf(vnode, four) as string;
      counts.set(host, (counts.get(host) ?? 0) + 1);
    }
    expect(Math.min(...counts.values())).toBeGreaterThan(32);
  });
});
