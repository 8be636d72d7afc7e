/** Time that passes, for tests of what happens to those who are slow or silent. */
import { vi } from 'vitest';

/** Resolves when so many milliseconds have passed. */
export async function pass(ms: number): Promise<void> {
  const until = performance.now() + ms;
  await vi.waitUntil(() => performance.now() >= until, { timeout: 2 * ms + 5_000, interval: 2 });
}
