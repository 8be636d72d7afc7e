/** What was not acknowledged when a connection broke comes again, marked as such. */
import { audit, numbered, numbers } from '../audit.ts';
import { judge, type Promised } from '../finding.ts';
import type { Probe } from '../probe.ts';

const AGAIN: Promised = {
  promise: 'what was open comes again',
  advice: 'the broker must send again what was not acknowledged [MQTT-4.4.0-1]',
};
const MARKED: Promised = {
  promise: 'with DUP and its packet id',
  advice:
    'repetitions cannot be told from new events, which may be handled twice: give them keys [MQTT-3.3.1-1]',
};
const OPEN = 10;
const LATER = 5;

export const redelivery: Probe = {
  name: 'redelivery',
  promises: [AGAIN, MARKED],
  async run(stage) {
    const { lull, quiet } = stage.course;
    const topic = stage.topic('open');
    const publisher = await stage.join();
    const first = await stage.join({ clean: false, acknowledges: false });
    await first.subscribe(topic, 1);
    await publisher.publishAll(topic, numbers(0, OPEN));
    const open = [...(await first.gather(OPEN, lull))];
    await first.drop();
    await publisher.publishAll(topic, numbers(OPEN, OPEN + LATER));

    const back = await stage.join({ id: first.id, clean: false });
    const came = await back.gather(OPEN + LATER, lull);
    const { distinct, missing, inverted, repeated } = audit(numbered(came), OPEN + LATER);
    await back.leave();
    const last = await stage.join({ id: first.id, clean: false });
    const { length: acknowledged } = await last.gather(1, quiet);
    const faults: string[] = [];
    if (missing > 0) faults.push(`${missing} did not come`);
    if (inverted > 0) faults.push(`${inverted} came after younger ones`);
    if (repeated > 0) faults.push(`${repeated} came twice at once`);
    if (acknowledged > 0) faults.push('what was acknowledged came again');

    const again = open.map(({ payload, id }) => ({
      id,
      second: came.find((delivery) => delivery.payload.equals(payload)),
    }));
    const dup = again.filter(({ second }) => second?.dup).length;
    const same = again.filter(({ id, second }) => second?.id === id).length;
    const marks: string[] = [];
    if (dup < open.length) marks.push(`${open.length - dup} came again without DUP`);
    if (same < open.length) marks.push(`${open.length - same} came again with another packet id`);
    return [
      judge(
        AGAIN,
        faults,
        `${distinct} of ${OPEN + LATER}`,
        'in order, before what is younger, and not once acknowledged',
      ),
      judge(
        MARKED,
        marks,
        `${dup} DUP, ${same} same id`,
        'a repetition can be told from a new message',
      ),
    ];
  },
};
