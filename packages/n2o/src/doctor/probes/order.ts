/** One publisher and one subscriber, both there: what is acknowledged arrives, in order. */
import { reason } from '@n2o/shared';
import { audit, numbered, numbers } from '../audit.ts';
import { count, judge, type Promised } from '../finding.ts';
import type { Delivery, Peer, QoS } from '../peer.ts';
import { affordable, type Probe } from '../probe.ts';
import type { Stage } from '../stage.ts';

const advice = 'no setting mends this: use another broker';
const ORDER: Promised = { promise: 'live messages come in order', advice };
const MIXED: Promised = { promise: 'so do all kinds at once', advice };
const MESSAGES = 2_000;
/** Of each kind in one write, and writes. */
const BURST = 6;
const BURSTS = 25;

export const order: Probe = {
  name: 'order',
  promises: [ORDER, MIXED],
  async run(stage) {
    const { bound, lull } = stage.course;
    const [publisher, subscriber, mixed] = await Promise.all([
      stage.join(),
      stage.join(),
      stage.join(),
    ]);
    const live = stage.topic('live');
    const amount = affordable(MESSAGES, bound);
    await subscriber.subscribe(live, 1);
    await publisher.publishAll(live, numbers(0, amount));
    const came = await subscriber.gather(amount, lull);

    await mixed.subscribe(stage.topic('mixed/+'), 1);
    const cut = await burst(publisher, stage).then(
      () => [],
      (error: unknown) => [reason(error)],
    );
    const each = BURST * BURSTS;
    const all = await mixed.gather(3 * each, lull);
    // Order is promised within one quality of service [MQTT-4.6.0-6], completeness where it is acknowledged.
    const of = (qos: QoS) => all.filter(({ topic }) => topic.endsWith(`/${qos}`));
    const got = of(1).length + of(2).length;
    const mixedFaults = ([1, 2] as const).flatMap((qos) =>
      faultsOf(of(qos), each).map((fault) => `QoS ${qos}: ${fault}`),
    );
    return [
      judge(
        ORDER,
        faultsOf(came, amount),
        `${count(came.length)} of ${count(amount)}`,
        'all came once, in the order in which they were published',
      ),
      judge(
        MIXED,
        cut.length > 0 ? cut : mixedFaults,
        `${count(got)} of ${count(2 * each)}`,
        'those of QoS 1 and 2 came in between those of QoS 0, retained and not',
      ),
    ];
  },
};

/** Publishes messages of every quality of service in the same write, of QoS 2 every other one retained. */
async function burst(publisher: Peer, stage: Stage): Promise<void> {
  const topics = ['mixed/0', 'mixed/1', 'mixed/2'].map((name) => stage.retained(name));
  for (let from = 0; from < BURST * BURSTS; from += BURST) {
    const sent = publisher.together(() =>
      [...numbers(from, from + BURST)].flatMap((number) =>
        topics.map((topic, qos) =>
          publisher.publish(topic, number, qos as QoS, qos === 2 && Number(number) % 2 === 0),
        ),
      ),
    );
    await Promise.all(sent);
  }
}

function faultsOf(came: readonly Delivery[], expected: number): string[] {
  const { missing, inverted, repeated } = audit(numbered(came), expected);
  const faults: string[] = [];
  if (missing > 0) faults.push(`${count(missing)} acknowledged messages did not come`);
  if (inverted > 0) faults.push(`${count(inverted)} came after younger ones`);
  if (repeated > 0) faults.push(`${count(repeated)} came twice without DUP`);
  return faults;
}
