/** Notices that a worker has been in one event for too long. */
import type { Marks } from './marks.ts';

/** How often it looks, within the time that it allows. */
const LOOKS = 8;

/**
 * Calls `onHang` when the pulse of a worker has stood still for `patience` milliseconds while
 * `isAlive` says that there is a worker; returns what stops it. A patience of 0 allows everything.
 */
export function watch(
  marks: Marks,
  patience: number,
  isAlive: () => boolean,
  onHang: () => void,
): () => void {
  if (patience === 0) return () => {};
  const step = Math.max(10, patience / LOOKS);
  let pulse = marks.pulse;
  let silent = 0;
  const timer = setInterval(() => {
    silent = isAlive() && marks.pulse === pulse ? silent + step : 0;
    pulse = marks.pulse;
    if (silent < patience) return;
    silent = 0;
    onHang();
  }, step);
  timer.unref();
  return () => clearInterval(timer);
}
