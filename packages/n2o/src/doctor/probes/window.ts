/** What is sent to a subscriber that does not acknowledge: how much, and under which packet ids. */
import { audit, numbered, numbers } from '../audit.ts';
import { count, judge, type Promised } from '../finding.ts';
import { affordable, type Probe } from '../probe.ts';

const UNIQUE: Promised = {
  promise: 'packet ids are unique in flight',
  advice: 'bound the window: max_inflight_messages (Mosquitto, VerneMQ), mqtt.max_inflight (EMQX)',
};
const MESSAGES = 3_000;

export const window: Probe = {
  name: 'window',
  promises: [UNIQUE],
  async run(stage) {
    const { bound, lull, quiet } = stage.course;
    const amount = affordable(MESSAGES, bound);
    const topic = stage.topic('open');
    const publisher = await stage.join();
    const subscriber = await stage.join({ clean: false, acknowledges: false });
    await subscriber.subscribe(topic, 1);
    await publisher.publishAll(topic, numbers(0, amount));
    const open = [...(await subscriber.gather(amount, quiet))];
    const ids = new Set(open.map(({ id }) => id));

    subscriber.onDelivery = (delivery) => subscriber.acknowledge([delivery]);
    subscriber.acknowledge(open);
    const came = numbered(await subscriber.gather(amount, lull));
    const { missing, inverted } = audit(came, amount);
    const faults: string[] = [];
    if (ids.size < open.length) faults.push(`${count(open.length - ids.size)} ids were used twice`);
    if (missing > 0) faults.push(`${count(missing)} did not come after all`);
    if (inverted > 0) faults.push(`${count(inverted)} came after younger ones`);
    const [figure, sentence] =
      open.length === amount
        ? [`no window to ${count(amount)}`, 'all came at once, each under an id of its own']
        : [`window of ${count(open.length)}`, 'so many events of a vnode can be under way'];
    return [judge(UNIQUE, faults, figure, sentence)];
  },
};
