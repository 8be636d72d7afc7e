/** The last will: by it the others learn that a host is gone. */
import { judge, type Promised } from '../finding.ts';
import type { Probe } from '../probe.ts';

const WILL: Promised = {
  promise: 'a last will',
  advice:
    'hosts that died would keep their vnodes: let this user publish and retain on the topic of its will',
};

export const will: Probe = {
  name: 'will',
  promises: [WILL],
  async run(stage) {
    const { patience, lull, quiet } = stage.course;
    const broken = stage.retained('broken');
    const parted = stage.retained('parted');
    const witness = await stage.join();
    await witness.subscribe(broken, 1);
    await witness.subscribe(parted, 1);
    const faults: string[] = [];

    const leaving = await stage.join({ will: { topic: parted, payload: 'gone', retain: true } });
    await leaving.leave();
    const dropping = await stage.join({ will: { topic: broken, payload: 'gone', retain: true } });
    await dropping.drop();
    const from = performance.now();
    await witness.gather(1, patience);
    const took = performance.now() - from;
    const came = (await witness.gather(2, quiet)).map(({ topic }) => topic);
    if (!came.includes(broken)) faults.push('none was published when a connection broke');
    if (came.includes(parted)) faults.push('one was published after DISCONNECT');
    const visitor = await stage.join();
    await visitor.subscribe(broken, 1);
    const [replayed] = await visitor.gather(1, lull);
    if (replayed?.retain !== true) faults.push('its retain flag did not count');
    return [
      judge(
        WILL,
        faults,
        came.includes(broken) ? `${took.toFixed(0)} ms` : '',
        'published, and retained, when a connection broke, and not after DISCONNECT',
      ),
    ];
  },
};
