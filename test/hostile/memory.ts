/** How much memory is in use, when all that can be let go of is gone. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of live objects and buffers of this process, after collecting garbage until nothing more goes. */
export async function settled(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let least = Number.POSITIVE_INFINITY;
  for (let idle = 0; idle < 4; ) {
    // What is closed is let go of in turns of the event loop, and buffers only after their objects.
    await new Promise(setImmediate);
    collect();
    const used = inUse();
    if (used < least - 4096) {
      least = used;
      idle = 0;
    } else idle++;
  }
  return least;
}

/** The same without collecting: what is held at this moment, garbage with it. */
export function inUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
