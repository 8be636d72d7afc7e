/** Messages come with the quality of service that was granted, with wildcards and where filters overlap. */
import { judge, type Promised } from '../finding.ts';
import type { Probe } from '../probe.ts';

const GRANTED: Promised = {
  promise: 'the granted QoS is kept',
  advice: 'events could come to vnodes as QoS 0, and be lost with a host [MQTT-3.8.4-6]',
};

export const granted: Probe = {
  name: 'granted',
  promises: [GRANTED],
  async run(stage) {
    const { lull, quiet } = stage.course;
    const [publisher, wild, twice] = await Promise.all([stage.join(), stage.join(), stage.join()]);
    const faults: string[] = [];
    const level = await wild.subscribe(stage.topic('+/wild'), 1);
    if (level !== 1) faults.push(`QoS ${level} was granted where 1 was asked for`);
    await twice.subscribe(stage.topic('both/#'), 0);
    await twice.subscribe(stage.topic('both/+'), 1);
    for (const qos of [0, 1, 2] as const) await publisher.publish(stage.topic('a/wild'), '', qos);
    await publisher.publish(stage.topic('both/b'), '');
    const came = (await wild.gather(3, lull)).map(({ qos }) => qos);
    if (came.join() !== '0,1,1') {
      faults.push(`with a wildcard, QoS 0, 1, 2 came as ${came.join(', ') || 'nothing'}`);
    }
    await twice.gather(1, lull);
    const both = (await twice.gather(2, quiet)).map(({ qos }) => qos);
    if (!both.includes(1)) faults.push('where filters of QoS 0 and 1 overlap QoS 1 came as 0');
    return [
      judge(
        GRANTED,
        faults,
        `${came.join(', ')}; overlap ${both.join(' and ')}`,
        'QoS 0, 1, 2 came as 0, 1, 1 through a wildcard of QoS 1',
      ),
    ];
  },
};
