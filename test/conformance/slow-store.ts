/** A store that takes its time, now more and now less. */
import { once } from 'node:events';
import type { Store } from '@n2o/shared';

/**
 * Everything that is asked of a store begins, and ends, up to so many milliseconds later, still in
 * the order of asking; what is asked later may be answered earlier.
 * @param latency milliseconds at most, each way
 */
export function slow(store: Store, latency: number): Store {
  const pause = pauses(latency);
  let begun: Promise<unknown> = Promise.resolve();
  const later = async <T>(ask: () => Promise<T>): Promise<T> => {
    const asked = Promise.all([begun, pause()]).then(() => ({ answer: ask() }));
    begun = asked;
    const { answer } = await asked;
    // Settled when its pause is over, also where it fails.
    await Promise.all([answer.catch(() => {}), pause()]);
    return answer;
  };
  const close = () => later(() => store.close());
  return {
    durable: store.durable,
    commit: (changes, fence) => later(() => store.commit(changes, fence)),
    get: (group, fields) => later(() => store.get(group, fields)),
    extent: (group) => later(() => store.extent(group)),
    range: (group, range) => later(() => store.range(group, range)),
    async *entries(group) {
      await later(async () => {});
      for await (const some of store.entries(group)) {
        yield some;
        await pause();
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Pauses of different lengths, the same ones in each run. */
function pauses(latency: number): () => Promise<unknown> {
  let seed = 1;
  return () => {
    seed = (seed * 48_271) % 0x7fffffff;
    return once(AbortSignal.timeout(seed % (latency + 1)), 'abort');
  };
}
