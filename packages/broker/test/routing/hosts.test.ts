import { describe, expect, it } from 'vitest';
import type { PendingEvent } from '../../src/routing/event.ts';
import { Hosts } from '../../src/routing/hosts.ts';

/** Vnode 1 without workers, and a clock; events are named by their clients. */
function start() {
  const refused: string[] = [];
  let time = 1_000;
  const hosts = new Hosts({
    vnodes: 1,
    local: undefined,
    patience: 30_000,
    now: () => time,
    refuse: ({ route }) => void refused.push(route.client),
    end: () => {},
  });
  const deliver = (client: string, rest: Partial<PendingEvent> = {}) =>
    hosts.deliver({ route: { vnode: 1, client }, ...rest } as PendingEvent);
  const pass = (ms: number) => {
    for (const end = time + ms; time < end; ) {
      time += 1_000;
      hosts.expire();
    }
  };
  return { hosts, refused, deliver, pass };
}

describe('an event without a host', () => {
  it('waits for as long as any, whenever the host went', () => {
    const { hosts, refused, deliver, pass } = start();
    pass(29_000);
    deliver('a');
    pass(20_000);
    deliver('b');
    pass(9_000);
    expect(refused).toEqual([]);
    pass(1_000);
    expect(refused).toEqual(['a']);
    pass(19_000);
    expect(refused).toEqual(['a']);
    pass(1_000);
    expect(refused).toEqual(['a', 'b']);
    expect(hosts.waiting).toBe(0);
  });

  it('waits for ever where it was acknowledged', () => {
    const { hosts, refused, deliver, pass } = start();
    deliver('a', { over: () => {} });
    deliver('b');
    pass(120_000);
    expect(refused).toEqual(['b']);
    expect(hosts.waiting).toBe(1);
  });
});
