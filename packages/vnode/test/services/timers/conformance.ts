/** What all timers do, whoever keeps them. */
import type { Logger, Timers } from '@n2o/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

export interface TimersSettings {
  readonly log: Logger;
  readonly limit: number;
}

/** @param create makes some that run by the timers of the platform */
export function conforms(name: string, create: (settings: TimersSettings) => Timers): void {
  describe(`${name}, as all timers,`, () => {
    let timers: Timers;
    let errors: string[];
    const quiet = () => {};
    beforeEach(() => {
      vi.useFakeTimers();
      errors = [];
      const error = (_: object, text = '') => void errors.push(text);
      timers = create({ log: { debug: quiet, info: quiet, warn: quiet, error }, limit: 3 });
    });
    afterEach(() => {
      timers.close();
      expect(vi.getTimerCount()).toBe(0);
      vi.useRealTimers();
    });

    it('run a function once, when its time has come', () => {
      const run = vi.fn();
      timers.after(100, run);
      expect(timers.size).toBe(1);
      vi.advanceTimersByTime(99);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect([run.mock.calls.length, timers.size]).toEqual([1, 0]);
      vi.advanceTimersByTime(1_000);
      expect(run).toHaveBeenCalledTimes(1);
    });

    it('run a function again and again until that is ended', async () => {
      const run = vi.fn();
      const end = timers.every(100, run);
      await vi.advanceTimersByTimeAsync(350);
      expect([run.mock.calls.length, timers.size]).toEqual([3, 1]);
      end();
      end();
      await vi.advanceTimersByTimeAsync(1_000);
      expect([run.mock.calls.length, timers.size]).toEqual([3, 0]);
    });

    it('never run a function twice at the same time', async () => {
      const ends: (() => void)[] = [];
      const run = vi.fn(() => new Promise<void>((end) => void ends.push(end)));
      timers.every(100, run);
      await vi.advanceTimersByTimeAsync(550);
      expect(run).toHaveBeenCalledTimes(1);
      ends[0]?.();
      await vi.advanceTimersByTimeAsync(100);
      expect(run).toHaveBeenCalledTimes(2);
    });

    it('can be ended before their time, and by what they run', async () => {
      const run = vi.fn();
      timers.after(100, run)();
      const end = timers.every(100, () => {
        run();
        end();
      });
      await vi.advanceTimersByTimeAsync(1_000);
      expect([run.mock.calls.length, timers.size]).toEqual([1, 0]);
    });

    it('log what a function throws or rejects with, and go on', async () => {
      timers.every(100, () => Promise.reject(new TypeError('rejected')));
      timers.after(100, () => {
        throw new TypeError('thrown');
      });
      await vi.advanceTimersByTimeAsync(200);
      expect(errors.sort()).toEqual([
        ...['a timer failed: rejected', 'a timer failed: rejected', 'a timer failed: thrown'],
      ]);
    });

    it('take long times, and wait for all of them', () => {
      const month = 30 * 24 * 3_600_000;
      const run = vi.fn();
      timers.after(month, run);
      vi.advanceTimersByTime(month - 1);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(run).toHaveBeenCalledTimes(1);
    });

    it('are refused beyond their limit, until others have ended', () => {
      const ends = [1, 2, 3].map((ms) => timers.after(ms, quiet));
      const refused = expect.objectContaining({ code: 'N2O_TIMER_LIMIT' });
      expect(() => timers.after(1, quiet)).toThrow(refused);
      expect(() => timers.every(1, quiet)).toThrow(refused);
      ends[0]?.();
      vi.advanceTimersByTime(2);
      timers.every(1, quiet);
      timers.after(1, quiet);
      expect(timers.size).toBe(3);
    });

    it('end with those who keep them, and run nothing afterwards', () => {
      const run = vi.fn();
      timers.after(100, run);
      timers.every(100, run);
      timers.close();
      timers.close();
      timers.after(100, run)();
      timers.every(100, run);
      vi.advanceTimersByTime(1_000);
      expect([run.mock.calls.length, timers.size]).toEqual([0, 0]);
    });
  });
}
