import { describe, expect, it } from 'vitest';
import { type Address, readAddress } from '../../src/link/address.ts';
import { LinkEvent } from '../../src/link/event.ts';
import type { Line } from '../../src/link/line.ts';
import { Memory } from '../../src/link/memory.ts';

const ROUTE = readAddress('events/1/3/echo/dev1', 3) as Address;
const OTHER = readAddress('events/1/3/echo/dev2', 3) as Address;

function memory(limits: { count?: number; bytes?: number } = {}) {
  const clock = { now: 0 };
  const options = { count: 100, bytes: 10_000, age: 1_000, ...limits };
  return { clock, kept: new Memory(options, () => clock.now) };
}

/** An event that was settled with what it said. */
function event(id: number, text = `payload ${id}`): LinkEvent {
  const settling = { settled() {} };
  const line = undefined as unknown as Line;
  const made = new LinkEvent(settling, line, ROUTE, Buffer.from(text), 1, false, id);
  made.settle('reply', made.payload);
  return made;
}

const recalled = (kept: Memory, id: number, text = `payload ${id}`, route = ROUTE) =>
  kept.recall(id, route, Buffer.from(text)) !== undefined;

describe('the memory of a vnode', () => {
  it('knows what was answered and not confirmed when the line broke', () => {
    const { kept } = memory();
    kept.answered(event(1), 1);
    expect(recalled(kept, 1)).toBe(false);
    kept.broken();
    expect(recalled(kept, 1)).toBe(true);
    expect(kept).toMatchObject({ size: 0, bytes: 0 });
  });

  it('lets go of what was sent before an action that the broker has taken over', () => {
    const { kept } = memory();
    kept.answered(event(1), 1);
    kept.answered(event(2), 2);
    kept.answered(event(3), 3);
    // The PUBACK of the second event left behind the second action.
    kept.taken(2);
    kept.broken();
    expect([1, 2, 3].map((id) => recalled(kept, id))).toEqual([false, true, true]);
  });

  it('lets go of what was sent before a ping that was answered', () => {
    const { kept } = memory();
    kept.answered(event(1), 0);
    const answered = kept.ping();
    kept.answered(event(2), 0);
    answered();
    kept.broken();
    expect([1, 2].map((id) => recalled(kept, id))).toEqual([false, true]);
  });

  it('knows what was settled while there was no line', () => {
    const { kept } = memory();
    kept.missed(event(1));
    expect(recalled(kept, 1)).toBe(true);
  });

  it('does not take another message for one that it knows', () => {
    const { kept } = memory();
    for (const id of [1, 2, 3]) kept.missed(event(id));
    expect(recalled(kept, 1, 'another payload')).toBe(false);
    expect(recalled(kept, 2, 'payload 2', OTHER)).toBe(false);
    expect(recalled(kept, 4)).toBe(false);
    expect(recalled(kept, 3)).toBe(true);
  });

  it('knows nothing any more when the broker has begun with what is new', () => {
    const { kept } = memory();
    kept.missed(event(1));
    kept.fresh();
    expect(recalled(kept, 1)).toBe(false);
    expect(kept).toMatchObject({ size: 0, bytes: 0 });
  });

  it('forgets what is too old', () => {
    const { kept, clock } = memory();
    kept.missed(event(1));
    clock.now = 1_000;
    expect(recalled(kept, 1)).toBe(false);
  });

  it('keeps within its bounds, the oldest goes first', () => {
    const few = memory({ count: 2 }).kept;
    for (const id of [1, 2, 3]) few.answered(event(id), id);
    expect(few.size).toBe(2);
    few.broken();
    few.missed(event(4));
    expect([1, 2, 3, 4].map((id) => recalled(few, id))).toEqual([false, false, true, true]);
    const small = memory({ bytes: 50 }).kept;
    for (const id of [1, 2, 3]) small.answered(event(id, 'x'.repeat(10)), id);
    expect(small).toMatchObject({ size: 2, bytes: 40 });
  });
});
