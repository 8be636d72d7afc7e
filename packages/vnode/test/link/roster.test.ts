import { describe, expect, it } from 'vitest';
import { Roster } from '../../src/link/roster.ts';
import type { Presence } from '../../src/link/words.ts';

const B: Presence = { host: 'b', instance: 'i', vnodes: 16, workers: 1, state: 'up' };

function roster(): Roster {
  return new Roster({ silence: 20, hearsay: 5 });
}

describe('the roster', () => {
  it('tells news from what was known', () => {
    const hosts = roster();
    expect(hosts.hear(B, true, 0)).toBe(true);
    expect(hosts.hear(B, true, 1)).toBe(false);
    expect(hosts.hear({ ...B, state: 'draining' }, true, 2)).toBe(true);
    expect(hosts.hear({ ...B, instance: 'j' }, true, 3)).toBe(true);
    expect(hosts.presences).toEqual([{ ...B, instance: 'j' }]);
  });

  it('forgets who is silent', () => {
    const hosts = roster();
    hosts.hear(B, true, 0);
    hosts.hear(B, true, 15);
    expect(hosts.expire(34)).toEqual([]);
    expect(hosts.expire(35)).toEqual(['b']);
    expect(hosts.size).toBe(0);
  });

  it('does not take a retained message for a sign of life', () => {
    const hosts = roster();
    hosts.hear(B, false, 0);
    expect(hosts.isLive('b')).toBe(false);
    hosts.hear(B, false, 4);
    expect(hosts.expire(5)).toEqual(['b']);
  });

  it('gives those that it knew some time to speak up after the connection was broken', () => {
    const hosts = roster();
    hosts.hear(B, true, 0);
    hosts.doubt(100);
    expect(hosts.isLive('b')).toBe(false);
    expect(hosts.expire(104)).toEqual([]);
    expect(hosts.hear(B, true, 104)).toBe(false);
    expect(hosts.expire(120)).toEqual([]);
  });

  it('removes who has said goodbye', () => {
    const hosts = roster();
    hosts.hear(B, true, 0);
    expect(hosts.remove('b')).toBe(true);
    expect(hosts.remove('b')).toBe(false);
    expect(hosts.get('b')).toBeUndefined();
  });
});
