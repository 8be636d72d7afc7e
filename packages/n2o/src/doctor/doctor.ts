/** Probes a broker for what this system relies on. */
import { randomBytes } from 'node:crypto';
import { N2OError } from '@n2o/shared';
import type { Finding } from './finding.ts';
import type { Probe } from './probe.ts';
import { keepAlive } from './probes/keep-alive.ts';
import { findBound, QUEUE } from './probes/queue.ts';
import { PROBES } from './probes.ts';
import { runProbe } from './run-probe.ts';
import { type Course, Stage } from './stage.ts';
import type { Target } from './target.ts';

export interface Examination {
  readonly target: Target;
  /** Messages that are queued to find the bound of a queue. */
  readonly messages: number;
  /** Milliseconds that a connection, or any other answer, may take. */
  readonly timeout: number;
  /** Ends the examination. */
  readonly stopped: Promise<void>;
}

/** Milliseconds that an answer may take, however long the user would wait. */
const PATIENCE = 3_000;
/** Milliseconds to wait for what should come, and for what should not; longer where the network is slow. */
const LULL = 1_000;
const QUIET = 300;
/** Milliseconds that one probe may take, and all of them; longer by one for each message that is queued. */
const ONE = 10_000;
const ALL = 40_000;

/**
 * Finds out about one promise after the other. What it makes in the broker is gone when it ends.
 *
 * @throws N2OError `N2O_CLIENT_CONNECT`, `N2O_PROBE_REFUSED`, … when the broker cannot be probed at all
 */
export async function* examine(examination: Examination): AsyncGenerator<Finding> {
  const { target, messages, timeout } = examination;
  const patience = Math.min(timeout, PATIENCE);
  const prefix = `n2o-doctor/${randomBytes(6).toString('hex')}`;
  const roundTrip = await reach({
    ...{ target, prefix, messages, patience },
    ...{ lull: patience, quiet: patience, bound: messages },
  });
  const lull = Math.min(patience, LULL + 5 * roundTrip);
  const quiet = Math.min(patience, QUIET + 5 * roundTrip);
  let isOver = false;
  const over = examination.stopped.then(() => {
    isOver = true;
    return [];
  });
  const end = performance.now() + ALL + messages;
  let bound = messages;
  const attempt = (probe: Probe, most = ONE) => {
    const limit = Math.min(most, end - performance.now());
    const course = { target, prefix, messages, patience, lull, quiet, bound };
    return runProbe(probe, course, limit, over);
  };
  // It mostly waits: it may do so beside the others.
  const silence = attempt(keepAlive);
  try {
    const queue: Probe = {
      name: 'queue',
      promises: [QUEUE],
      async run(stage) {
        const found = await findBound(stage);
        bound = found.bound;
        return [found.finding];
      },
    };
    yield* await attempt(queue, ONE + messages);
    for (const probe of PROBES) {
      if (!isOver) yield* await attempt(probe);
    }
    yield* await silence;
  } finally {
    await silence;
  }
}

/** Sees that messages can be published and subscribed to; resolves with the milliseconds that an answer takes. */
async function reach(course: Course): Promise<number> {
  const stage = new Stage(course, 'reach');
  try {
    const topic = stage.topic('value');
    const peer = await stage.join();
    const roundTrip = await peer.ping();
    await peer.subscribe(topic, 1);
    await peer.publish(topic, '');
    const came = await peer.gather(1, course.patience);
    if (came.length > 0) return roundTrip;
    const text = `a message to ${topic} was acknowledged and did not come: this user may not publish, or not read, there`;
    throw new N2OError('N2O_PROBE_REFUSED', text);
  } finally {
    await stage.clear();
  }
}
