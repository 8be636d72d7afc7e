/** A probe: tries out one or more promises of a broker. */
import type { Finding, Promised } from './finding.ts';
import type { Stage } from './stage.ts';

export interface Probe {
  /** A level of its topics. */
  readonly name: string;
  /** The promises of which it finds out, in the order of its findings. */
  readonly promises: readonly Promised[];
  run(stage: Stage): Promise<readonly Finding[]>;
}

/** Of a queue that holds so many: what a probe may queue without running into its bound. */
export function affordable(wanted: number, bound: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(bound * 0.7)));
}

/** Resolves with the milliseconds that it took, `undefined` when it takes longer than `limit`. */
export async function timed(event: Promise<unknown>, limit: number): Promise<number | undefined> {
  const from = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), limit);
  });
  try {
    const first = await Promise.race([event, late]);
    return first === 'late' ? undefined : performance.now() - from;
  } finally {
    clearTimeout(timer);
  }
}
