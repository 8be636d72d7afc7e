/** How many messages a broker keeps for a session that is away. */
import { audit, numbered, numbers } from '../audit.ts';
import { count, type Finding, type Promised } from '../finding.ts';
import type { Stage } from '../stage.ts';

export const QUEUE: Promised = {
  promise: 'messages queue for who is away',
  advice:
    'raise max_queued_messages (Mosquitto; 0 is no bound), mqtt.max_mqueue_len (EMQX), max_offline_messages (VerneMQ): what exceeds it while no host is there is lost, though it was acknowledged',
};

/** Below this a queue is of no use to a vnode whose host starts again. */
const LEAST = 100;

/** Queues messages, and sees how many are there later: also the measure for other probes. */
export async function findBound(stage: Stage): Promise<{ bound: number; finding: Finding }> {
  const { messages, lull, quiet } = stage.course;
  const topic = stage.topic('queue');
  const id = await stage.absent(topic);
  const publisher = await stage.join();
  await publisher.publishAll(topic, numbers(0, messages));
  const back = await stage.join({ id, clean: false });
  const came = numbered(await back.gather(messages, lull));
  const { distinct: bound } = audit(came, messages);
  const shown = `${count(bound)} of ${count(messages)}`;
  const finding = (verdict: Finding['verdict'], figure: string, sentence: string) => ({
    bound,
    finding: { ...QUEUE, verdict, figure, sentence },
  });
  if (bound === messages) return finding('kept', shown, 'all that was queued came');

  await back.leave();
  const again = await stage.join({ id, clean: false });
  const later = await again.gather(messages, quiet);
  if (later.length > 0) {
    return finding('broken', shown, `${count(later.length)} more came at the next connection only`);
  }
  const present = came.map(({ number }) => number);
  const [least, most] = [Math.min(...present), Math.max(...present)];
  if (bound === 0 || most - least + 1 !== bound) {
    return finding('broken', shown, 'messages in between were acknowledged and are missing');
  }
  const end = least === 0 ? 'the rest was' : 'the older ones were';
  const verdict = bound < LEAST ? 'broken' : 'limited';
  return finding(verdict, shown, `${end} acknowledged and dropped silently`);
}
