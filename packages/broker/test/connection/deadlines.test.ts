import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines, type Timed } from '../../src/connection/deadlines.ts';

/** Something whose time can be moved; says when it was over. */
class Bell implements Timed {
  due: number;
  place: Timed['place'];
  rang = 0;
  onRing: () => void = () => {};

  constructor(due: number) {
    this.due = due;
  }

  expire(): void {
    this.rang++;
    this.onRing();
  }
}

describe('Deadlines', () => {
  let deadlines: Deadlines;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    deadlines = new Deadlines();
    return () => deadlines.close();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const bellIn = (ms: number) => {
    const bell = new Bell(deadlines.now + ms);
    deadlines.add(bell);
    return bell;
  };

  it('ring once, not too early and at most a quarter of a second late', () => {
    const bells = [0, 1, 249, 250, 251, 1_500, 10_000].map((ms) => ({ ms, bell: bellIn(ms) }));
    for (let now = 0; now <= 12_000; now += 50) {
      for (const { ms, bell } of bells) {
        if (now < ms) expect(bell.rang).toBe(0);
        if (now >= ms + 500) expect(bell.rang).toBe(1);
      }
      vi.advanceTimersByTime(50);
    }
    expect(deadlines.size).toBe(0);
  });

  it('follow what is moved on while they wait', () => {
    const bell = bellIn(1_000);
    for (let i = 0; i < 20; i++) {
      // Three ticks: the clock of the deadlines stands still between two of them.
      vi.advanceTimersByTime(750);
      expect(bell.rang).toBe(0);
      bell.due = deadlines.now + 1_000;
    }
    vi.advanceTimersByTime(1_500);
    expect(bell.rang).toBe(1);
  });

  it('know nobody who has left, who knows none of them', () => {
    const bells = [1_000, 1_000, 1_000].map(bellIn);
    const places = bells.map(({ place }) => place);
    for (const i of [1, 0, 2]) deadlines.remove(bells[i] as Bell);
    expect(bells.map(({ place }) => place)).toEqual([undefined, undefined, undefined]);
    expect(places.flatMap((place) => [place?.before, place?.behind])).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
    expect(deadlines.size).toBe(0);
  });

  it('do not ring for what was removed, nor keep it', () => {
    const bell = bellIn(1_000);
    deadlines.remove(bell);
    expect(deadlines.size).toBe(0);
    vi.advanceTimersByTime(5_000);
    expect(bell.rang).toBe(0);
  });

  it('do not ring for what another bell of the same time has removed', () => {
    const [first, second] = [bellIn(1_000), bellIn(1_000)];
    first.onRing = () => deadlines.remove(second);
    vi.advanceTimersByTime(5_000);
    expect([first.rang, second.rang]).toEqual([1, 0]);
    expect(deadlines.size).toBe(0);
  });

  it('never come where there is none', () => {
    const bell = new Bell(Number.POSITIVE_INFINITY);
    deadlines.add(bell);
    expect(deadlines.size).toBe(0);
  });

  it('hold each thing once, however often it is added', () => {
    const bell = bellIn(1_000);
    bell.due = deadlines.now + 3_000;
    deadlines.add(bell);
    expect(deadlines.size).toBe(1);
    vi.advanceTimersByTime(2_000);
    expect(bell.rang).toBe(0);
    vi.advanceTimersByTime(2_000);
    expect(bell.rang).toBe(1);
  });

  it('can be set again by what rings', () => {
    const bell = bellIn(1_000);
    bell.onRing = () => {
      bell.due = deadlines.now + 1_000;
      if (bell.rang < 3) deadlines.add(bell);
    };
    vi.advanceTimersByTime(10_000);
    expect(bell.rang).toBe(3);
  });

  it('catch up when the timer was late', () => {
    const bells = [100, 700, 2_000, 60_000].map(bellIn);
    deadlines.advance(deadlines.now + 10_000);
    expect(bells.map(({ rang }) => rang)).toEqual([1, 1, 1, 0]);
  });

  it('are over when closed', () => {
    const bell = bellIn(1_000);
    deadlines.close();
    vi.advanceTimersByTime(5_000);
    expect(bell.rang).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
