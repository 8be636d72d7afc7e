/** A subscriber may acknowledge in the order in which it got done. */
import { audit, numbered, numbers } from '../audit.ts';
import { judge, type Promised } from '../finding.ts';
import type { Probe } from '../probe.ts';

const ANY: Promised = {
  promise: 'acknowledgements in any order',
  advice: 'slow events would hold up the acknowledgement of others: use another broker',
};
const MESSAGES = 10;

export const anyOrder: Probe = {
  name: 'any-order',
  promises: [ANY],
  async run(stage) {
    const { lull, quiet } = stage.course;
    const topic = stage.topic('done');
    const publisher = await stage.join();
    const subscriber = await stage.join({ clean: false, acknowledges: false });
    await subscriber.subscribe(topic, 1);
    for (const from of [0, MESSAGES]) {
      await publisher.publishAll(topic, numbers(from, from + MESSAGES));
      const came = await subscriber.gather(from + MESSAGES, lull);
      subscriber.acknowledge(came.slice(from).reverse());
    }
    const { distinct, inverted } = audit(numbered(subscriber.deliveries), 2 * MESSAGES);
    const faults: string[] = [];
    if (distinct < 2 * MESSAGES) faults.push(`${2 * MESSAGES - distinct} did not come`);
    if (inverted > 0) faults.push(`${inverted} came after younger ones`);
    if (subscriber.over) faults.push('the connection was closed');
    // Behind the answer to this the acknowledgements were taken.
    else await subscriber.ping();
    await subscriber.leave();
    const back = await stage.join({ id: subscriber.id, clean: false });
    const again = (await back.gather(1, quiet)).length;
    if (again > 0) faults.push('what was acknowledged came again');
    return [
      judge(
        ANY,
        faults,
        `${distinct} of ${2 * MESSAGES}`,
        'acknowledged from the last to the first, and none came again',
      ),
    ];
  },
};
