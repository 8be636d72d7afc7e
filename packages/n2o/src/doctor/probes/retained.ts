/** Retained messages: by them hosts know of each other, and who owns which vnode. */
import { judge, type Promised } from '../finding.ts';
import type { Delivery } from '../peer.ts';
import type { Probe } from '../probe.ts';

const RETAINED: Promised = {
  promise: 'retained messages',
  advice:
    'hosts could not find each other: retain_available true (Mosquitto), mqtt.retain_available = true and retainer.enable = true (EMQX)',
};

export const retained: Probe = {
  name: 'retained',
  promises: [RETAINED],
  async run(stage) {
    const { lull, quiet } = stage.course;
    const topic = stage.retained('value');
    /** What someone gets who comes now; `amount` of messages are expected. */
    const replayed = async (amount: 0 | 1) => {
      const visitor = await stage.join();
      await visitor.subscribe(topic, 1);
      await visitor.gather(amount, lull);
      const came = await visitor.gather(amount + 1, quiet);
      await visitor.leave();
      return came.map(shown).join();
    };
    const [publisher, witness] = await Promise.all([stage.join(), stage.join()]);
    await witness.subscribe(topic, 1);
    await publisher.publish(topic, 'one', 1, true);
    const set = await replayed(1);
    await publisher.publish(topic, 'two', 1, true);
    const replaced = await replayed(1);
    await publisher.leave();
    const kept = await replayed(1);
    const clearing = await stage.join();
    await clearing.publish(topic, '', 1, true);
    const cleared = await replayed(0);
    const live = (await witness.gather(3, lull)).map(shown).join();

    const steps = [
      ['a new subscriber got', set, 'one (retained)'],
      ['after a replacement a new subscriber got', replaced, 'two (retained)'],
      ['after its publisher had left a new subscriber got', kept, 'two (retained)'],
      ['after an empty one a new subscriber got', cleared, ''],
      ['who was there got', live, 'one,two,'],
    ] as const;
    const faults = steps
      .filter(([, got, expected]) => got !== expected)
      .map(([what, got]) => `${what} ${got || 'nothing'}`);
    return [
      judge(
        RETAINED,
        faults,
        `${steps.length - faults.length} of ${steps.length}`,
        'set, replaced and cleared; the flag only on what is replayed',
      ),
    ];
  },
};

function shown({ payload, retain }: Delivery): string {
  return `${payload}${retain ? ' (retained)' : ''}`;
}
