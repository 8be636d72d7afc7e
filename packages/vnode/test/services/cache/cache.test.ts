import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryCache } from '../../../src/services/cache/cache.ts';
import { conforms } from './conformance.ts';

conforms('the one in memory', (settings) => createMemoryCache(settings));

describe('the cache in memory', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lets go of what nobody asks for any more, by one timer that it has only while it needs it', () => {
    const cache = createMemoryCache();
    expect(vi.getTimerCount()).toBe(0);
    let asked = 0;
    const now = () => {
      asked++;
      return Date.now();
    };
    const watched = createMemoryCache({ now });
    for (let i = 0; i < 10; i++) watched.table(`t${i}`).set('a', i, 3_000);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(4_000);
    expect(vi.getTimerCount()).toBe(0);
    const before = asked;
    vi.advanceTimersByTime(10_000);
    expect(asked).toBe(before);
    cache.close();
    watched.close();
  });

  it('needs no timer for what has no end', () => {
    const cache = createMemoryCache({ ttl: Number.POSITIVE_INFINITY });
    cache.table('t').set('a', 1);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1e12);
    expect(cache.table('t').get('a')).toBe(1);
  });
});
