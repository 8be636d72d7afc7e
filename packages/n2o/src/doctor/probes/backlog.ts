/** A session that comes back gets what was queued: all of it, in order, and before what is new. */
import { type Audit, audit, numbered, numbers } from '../audit.ts';
import { count, judge, type Promised } from '../finding.ts';
import { affordable, type Probe } from '../probe.ts';
import type { Stage } from '../stage.ts';

const advice =
  'no setting mends this: use a broker that keeps it (Mosquitto, EMQX, VerneMQ, or n2o broker)';
const COMPLETE: Promised = { promise: 'the backlog is complete', advice };
const ORDER: Promised = { promise: 'the backlog is in order', advice };
const BEHIND: Promised = { promise: 'new messages wait behind it', advice };

const QUEUED = 3_000;
const LIVE = 300;
const ROUNDS = 3;
/** Milliseconds after which no further round is begun. */
const ENOUGH = 2_000;

interface Round extends Audit {
  readonly expected: number;
  /** New messages that came before a queued one. */
  readonly overtaking: number;
  /** Queued ones out of order. */
  readonly queuedInverted: number;
}

/** Queues, comes back, and goes on publishing while the queue is drained. */
async function round(stage: Stage, queued: number, live: number, name: string): Promise<Round> {
  const topic = stage.topic(name);
  const id = await stage.absent(topic);
  const publisher = await stage.join();
  await publisher.publishAll(topic, numbers(0, queued));
  const expected = queued + live;
  const [back] = await Promise.all([
    stage.join({ id, clean: false }),
    // A few at a time: they are to last as long as the queue does.
    publisher.publishAll(topic, numbers(queued, expected), 4),
  ]);
  const series = numbered(await back.gather(expected, stage.course.lull));
  const lastQueued = series.findLastIndex(({ number }) => number < queued);
  const early = series.slice(0, lastQueued).filter(({ number }) => number >= queued);
  const { inverted } = audit(
    series.filter(({ number }) => number < queued),
    queued,
  );
  await Promise.all([back.leave(), publisher.leave()]);
  return {
    ...audit(series, expected),
    expected,
    overtaking: new Set(early.map(({ number }) => number)).size,
    queuedInverted: inverted,
  };
}

export const backlog: Probe = {
  name: 'backlog',
  promises: [COMPLETE, ORDER, BEHIND],
  async run(stage) {
    const queued = affordable(QUEUED, stage.course.bound);
    const live = Math.ceil((queued * LIVE) / QUEUED);
    const end = performance.now() + ENOUGH;
    const rounds: Round[] = [];
    while (rounds.length === 0 || (rounds.length < ROUNDS && performance.now() < end)) {
      rounds.push(await round(stage, queued, live, `round${rounds.length}`));
    }
    const sum = (key: keyof Round) => rounds.reduce((total, one) => total + one[key], 0);
    const inOrder = queued * rounds.length - sum('queuedInverted');
    const faults = (...texts: readonly (readonly [number, string])[]) =>
      texts.filter(([amount]) => amount > 0).map(([amount, text]) => `${count(amount)} ${text}`);
    return [
      judge(
        COMPLETE,
        faults(
          [sum('missing'), 'acknowledged messages did not come'],
          [sum('repeated'), 'came twice without DUP'],
        ),
        `${count(sum('distinct'))} of ${count(sum('expected'))}`,
        'all came, none twice without DUP',
      ),
      judge(
        ORDER,
        faults([sum('queuedInverted'), 'queued messages came after younger ones']),
        `${count(inOrder)} of ${count(queued * rounds.length)}`,
        'queued messages came in the order in which they were published',
      ),
      judge(
        BEHIND,
        faults([sum('overtaking'), 'new messages overtook queued ones']),
        `${count(live * rounds.length)} new ones`,
        'what was published meanwhile came behind what was queued',
      ),
    ];
  },
};
