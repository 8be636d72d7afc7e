/** Runs one probe, within its time, and cleans up after it. */
import { N2OError, reason } from '@n2o/shared';
import type { Finding } from './finding.ts';
import { type Probe, timed } from './probe.ts';
import { type Course, Stage } from './stage.ts';

/**
 * Runs a probe for at most so many milliseconds, or until `over` ends it.
 *
 * @returns its findings; what it could not go on with speaks against the broker, unless that refused it
 */
export async function runProbe(
  { name, promises, run }: Probe,
  course: Course,
  limit: number,
  over: Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const all = (verdict: Finding['verdict'], sentence: string) =>
    promises.map((promised) => ({ ...promised, verdict, figure: '', sentence }));
  const stage = new Stage(course, name);
  const running = run(stage).catch((error: unknown) => {
    if (!(error instanceof N2OError)) throw error;
    const isRefused = error.code === 'N2O_PROBE_REFUSED' || error.code === 'N2O_CLIENT_CONNECT';
    return all(isRefused ? 'not tested' : 'broken', reason(error));
  });
  try {
    const first = Promise.race([running, over]);
    const took = await timed(first, limit);
    return took === undefined ? all('not tested', 'the time was not enough') : await first;
  } finally {
    await stage.clear();
  }
}
