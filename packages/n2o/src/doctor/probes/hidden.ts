/** Topics that begin with `$` are not for filters that begin with a wildcard. */
import { N2OError } from '@n2o/shared';
import { judge, type Promised } from '../finding.ts';
import type { Probe } from '../probe.ts';

const HIDDEN: Promised = {
  promise: '$ topics are hidden from wildcards',
  advice: 'subscribe to no filter that begins with a wildcard [MQTT-4.7.2-1]',
};

export const hidden: Probe = {
  name: 'hidden',
  promises: [HIDDEN],
  async run(stage) {
    const { lull, quiet } = stage.course;
    const open = stage.topic('value');
    const behind = open.slice(open.indexOf('/'));
    const [publisher, visitor, subscriber] = await Promise.all([
      stage.join(),
      stage.join(),
      stage.join(),
    ]);
    try {
      // The rest of the topic is random, so that nobody else's messages match.
      await subscriber.subscribe(`+${behind}`, 1);
    } catch (error) {
      if (!(error instanceof N2OError) || error.code !== 'N2O_PROBE_REFUSED') throw error;
      return [judge(HIDDEN, [], 'refused', 'this user may not subscribe to +/… at all')];
    }
    // Some brokers close the connection of who speaks on such a topic: that hides them as well.
    await visitor.publish(`$n2o-doctor${behind}`, 'hidden', 0);
    if (!visitor.over) await visitor.ping().catch(() => {});
    await publisher.publish(open, 'open');
    await subscriber.gather(1, lull);
    const came = (await subscriber.gather(2, quiet)).map(({ payload }) => payload.toString());
    const faults: string[] = [];
    if (came.includes('hidden')) faults.push('+/… selected a topic that begins with $');
    if (!came.includes('open')) faults.push('+/… did not select an ordinary topic');
    return [judge(HIDDEN, faults, came.join(' and '), '+/… selects ordinary topics only')];
  },
};
