/** A connection that has gone silent is ended, else a dead host would keep its vnodes. */
import { judge, type Promised } from '../finding.ts';
import { type Probe, timed } from '../probe.ts';

const ENDED: Promised = {
  promise: 'the keep-alive is enforced',
  advice: 'a host that hangs would keep its vnodes: let the broker enforce the keep-alive',
};
/** Seconds. */
const KEEPALIVE = 2;
/** Milliseconds: one and a half times the keep-alive [MQTT-3.1.2-24], and until a broker looks round. */
const LIMIT = KEEPALIVE * 1_500 + 6_000;

export const keepAlive: Probe = {
  name: 'keep-alive',
  promises: [ENDED],
  async run(stage) {
    const topic = stage.topic('gone');
    const witness = await stage.join();
    await witness.subscribe(topic, 1);
    const speaking = await stage.join({ keepalive: KEEPALIVE });
    const pings = setInterval(() => {
      speaking.ping().catch(() => {});
    }, KEEPALIVE * 500);
    const silent = await stage.join({
      keepalive: KEEPALIVE,
      will: { topic, payload: 'gone', retain: false },
    });
    const took = await timed(silent.closed, LIMIT);
    clearInterval(pings);
    const faults: string[] = [];
    if (took === undefined) faults.push(`a silent connection was still open after ${LIMIT} ms`);
    else if ((await witness.gather(1, stage.course.lull)).length === 0) {
      faults.push('the will of the silent one was not published');
    }
    if (took !== undefined && took < KEEPALIVE * 1_000) faults.push('it was ended too early');
    if (speaking.over) faults.push('a connection that sent PINGREQ in time was ended too');
    return [
      judge(
        ENDED,
        faults,
        took === undefined ? 'not ended' : `${(took / 1_000).toFixed(1)} s`,
        `a connection with ${KEEPALIVE} s that said nothing was ended, its will published`,
      ),
    ];
  },
};
