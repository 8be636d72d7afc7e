import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits.ts';
import { fingerprint } from '../../src/session/cause.ts';
import { ReplyMemory } from '../../src/session/memory.ts';

const bytes = (text: string) => Buffer.from(text);

function open(limits: Partial<Limits> = {}) {
  let clock = 0;
  const memory = new ReplyMemory(
    { ...DEFAULT_LIMITS, rememberedFor: 1_000, ...limits },
    () => clock,
  );
  const remember = (now: number, client: string, id: number, event: string, answer?: string) => {
    clock = now;
    memory.remember(
      client,
      id,
      fingerprint(bytes('t'), bytes(event)),
      answer === undefined ? undefined : bytes(answer),
    );
  };
  const recall = (now: number, client: string, id: number, event: string) => {
    clock = now;
    const known = memory.recall(client, id, fingerprint(bytes('t'), bytes(event)));
    return known && Buffer.from(known.reply ?? 'no reply').toString();
  };
  return { memory, remember, recall };
}

describe('ReplyMemory', () => {
  it('tells how an event ended, with its reply or without one', () => {
    const { remember, recall } = open();
    remember(0, 'a', 1, 'event', 'answer');
    remember(0, 'a', 2, 'other');
    expect(recall(10, 'a', 1, 'event')).toBe('answer');
    expect(recall(10, 'a', 2, 'other')).toBe('no reply');
  });

  it('knows nothing of other clients, other identifiers and other payloads', () => {
    const { remember, recall } = open();
    remember(0, 'a', 1, 'event', 'answer');
    expect(recall(0, 'b', 1, 'event')).toBeUndefined();
    expect(recall(0, 'a', 2, 'event')).toBeUndefined();
    expect(recall(0, 'a', 1, 'another message under the same identifier')).toBeUndefined();
  });

  it('is not confused by names that objects inherit', () => {
    const { remember, recall } = open();
    expect(recall(0, '__proto__', 1, 'event')).toBeUndefined();
    remember(0, '__proto__', 1, 'event', 'answer');
    expect(recall(0, '__proto__', 1, 'event')).toBe('answer');
    expect(recall(0, 'constructor', 1, 'event')).toBeUndefined();
  });

  it('forgets when the time is over', () => {
    const { memory, remember, recall } = open();
    remember(0, 'a', 1, 'event', 'answer');
    const { bytes: bytesOfOne } = memory;
    expect(recall(999, 'a', 1, 'event')).toBe('answer');
    expect(recall(1_000, 'a', 1, 'event')).toBeUndefined();
    remember(1_000, 'b', 1, 'event', 'answer');
    expect([memory.clients, memory.bytes]).toEqual([1, bytesOfOne]);
  });

  it('remembers the last so many of a client', () => {
    const { remember, recall } = open({ rememberedPerClient: 2 });
    for (const id of [1, 2, 3]) remember(0, 'a', id, 'event', `answer ${id}`);
    expect([1, 2, 3].map((id) => recall(0, 'a', id, 'event'))).toEqual([
      undefined,
      'answer 2',
      'answer 3',
    ]);
  });

  it('keeps the newest under an identifier that is used again, as the newest of its client', () => {
    const { remember, recall } = open({ rememberedPerClient: 2 });
    remember(0, 'a', 1, 'old', 'old');
    remember(0, 'a', 2, 'event', 'two');
    remember(0, 'a', 1, 'new', 'new');
    remember(0, 'a', 3, 'event', 'three');
    expect(recall(0, 'a', 1, 'old')).toBeUndefined();
    expect(recall(0, 'a', 2, 'event')).toBeUndefined();
    expect(recall(0, 'a', 1, 'new')).toBe('new');
  });

  it('forgets the client that was quiet longest when it holds too many bytes', () => {
    const { memory, remember, recall } = open({ rememberedBytes: 10_000 });
    remember(0, 'a', 1, 'event', 'x'.repeat(4_000));
    remember(1, 'b', 1, 'event', 'x'.repeat(4_000));
    remember(2, 'a', 2, 'event', 'short');
    remember(3, 'c', 1, 'event', 'x'.repeat(4_000));
    expect(recall(3, 'b', 1, 'event')).toBeUndefined();
    expect(recall(3, 'a', 2, 'event')).toBe('short');
    expect(recall(3, 'c', 1, 'event')).toHaveLength(4_000);
    expect(memory.bytes).toBeLessThanOrEqual(10_000);
  });

  it('does not hold a reply that is larger than all it may hold', () => {
    const { memory, remember } = open({ rememberedBytes: 1_000 });
    remember(0, 'a', 1, 'event', 'x'.repeat(2_000));
    expect([memory.clients, memory.bytes]).toEqual([0, 0]);
  });

  it('counts its bytes right, however it was filled', () => {
    const { memory, remember } = open({ rememberedPerClient: 3 });
    for (let i = 0; i < 200; i++) remember(i, `c${i % 7}`, (i % 5) + 1, `${i}`, 'y'.repeat(i));
    expect(memory.clients).toBe(7);
    remember(5_000, 'last', 1, 'event', 'answer');
    const { memory: fresh, remember: first } = open();
    first(0, 'last', 1, 'event', 'answer');
    expect([memory.clients, memory.bytes]).toEqual([1, fresh.bytes]);
  });
});
