/** A second connection with a client id takes the place of the first: the lock that a vnode rests on. */
import { audit, numbered, numbers } from '../audit.ts';
import { judge, type Promised } from '../finding.ts';
import { type Probe, timed } from '../probe.ts';

const CLOSES: Promised = {
  promise: 'a take-over closes the first',
  advice: 'the broker must end the older connection of a client id [MQTT-3.1.4-2]',
};
const HANDS_OVER: Promised = {
  promise: 'and hands over what was open',
  advice: 'the broker must keep the session for the same client id, and its order [MQTT-3.1.2-4]',
};
const MESSAGES = 10;

export const takeOver: Probe = {
  name: 'take-over',
  promises: [CLOSES, HANDS_OVER],
  async run(stage) {
    const { patience, lull } = stage.course;
    const topic = stage.topic('open');
    const publisher = await stage.join();
    const first = await stage.join({ clean: false, acknowledges: false });
    await first.subscribe(topic, 1);
    await publisher.publishAll(topic, numbers(0, MESSAGES));
    await first.gather(MESSAGES, lull);

    const second = await stage.join({ id: first.id, clean: false });
    const took = await timed(first.closed, patience);
    await publisher.publish(topic, String(MESSAGES));
    const expected = MESSAGES + 1;
    const { distinct, inverted } = audit(numbered(await second.gather(expected, lull)), expected);
    const closing =
      took === undefined ? [`the first connection was still open after ${patience} ms`] : [];
    const faults: string[] = [];
    if (!second.sessionPresent) faults.push('session present was not set');
    if (distinct < expected)
      faults.push(`${expected - distinct} of ${expected} messages did not come`);
    if (inverted > 0) faults.push(`${inverted} came after younger ones`);
    if (second.over) faults.push('the second connection was closed too');
    return [
      judge(
        CLOSES,
        closing,
        took === undefined ? 'open' : `${took.toFixed(0)} ms`,
        'one client id has one connection',
      ),
      judge(
        HANDS_OVER,
        faults,
        `${distinct} of ${expected}`,
        'what the first had not acknowledged, and what is new, went to the second',
      ),
    ];
  },
};
