/** Loaded into a server under test: profiles its main thread between two SIGUSR2, and writes the profile. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { isMainThread } from 'node:worker_threads';

const MICROSECONDS = 250;

if (isMainThread) {
  const session = new Session();
  session.connect();
  let running = false;
  process.on('SIGUSR2', async () => {
    running = !running;
    if (running) {
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: MICROSECONDS });
      await session.post('Profiler.start');
    } else {
      const { profile } = await session.post('Profiler.stop');
      writeFileSync(/** @type {string} */ (process.env.BENCH_PROFILE), JSON.stringify(profile));
    }
  });
}
