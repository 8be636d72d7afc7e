/** A subscriber that does not read what it is sent must not hold up the others. */
import { judge, type Promised } from '../finding.ts';
import type { Peer } from '../peer.ts';
import type { Probe } from '../probe.ts';
import type { Stage } from '../stage.ts';

const HARMLESS: Promised = {
  promise: 'who does not read harms nobody',
  advice: 'one client can stop this broker: use another one',
};
const MiB = 1_048_576;
const BYTES = 12 * MiB;
const PAYLOAD = 1_024;
const PUBLISHERS = 4;
/** Milliseconds in which they send, or as much as they can. */
const ENOUGH = 3_000;
/** Messages between others before, and at least so many after. */
const SAMPLES = 20;
/** Milliseconds of delay that are no noise. */
const HARM = 500;

export const frozen: Probe = {
  name: 'frozen',
  promises: [HARMLESS],
  async run(stage) {
    const { patience } = stage.course;
    const topic = stage.topic('flood');
    const own = stage.topic('own');
    const [deaf, other] = await Promise.all([stage.join(), stage.join()]);
    await deaf.subscribe(topic, 0);
    await other.subscribe(own, 1);
    const before = await worstOf(SAMPLES, other, own, patience);
    deaf.freeze();

    let flooding: Flood | undefined;
    const done = flood(stage, topic).then((flood) => {
      flooding = flood;
    });
    let worst = 0;
    while (flooding === undefined && worst < patience) {
      worst = Math.max(worst, await worstOf(1, other, own, patience));
    }
    if (worst < patience) worst = Math.max(worst, await worstOf(SAMPLES, other, own, patience));
    await deaf.drop();
    await done;
    const faults: string[] = [];
    if (worst >= patience) faults.push(`the messages of others did not come for ${patience} ms`);
    else if (worst > before + HARM) faults.push(`it held up others by ${worst.toFixed(0)} ms`);
    if (flooding?.isHeldUp) faults.push('who published to it got no acknowledgement any more');
    const sent = ((flooding?.sent ?? 0) / MiB).toFixed(0);
    return [
      judge(
        HARMLESS,
        faults,
        `worst ${before.toFixed(0)} → ${worst.toFixed(0)} ms`,
        `${sent} MiB were sent to one that reads nothing`,
      ),
    ];
  },
};

interface Flood {
  /** Bytes. */
  readonly sent: number;
  /** The publishers did not get their acknowledgements. */
  readonly isHeldUp: boolean;
}

async function flood(stage: Stage, topic: string): Promise<Flood> {
  let sent = 0;
  const end = performance.now() + ENOUGH;
  const payload = Buffer.alloc(PAYLOAD);
  function* payloads() {
    for (; sent < BYTES && performance.now() < end; sent += PAYLOAD) yield payload;
  }
  const shared = payloads();
  const publishers = Array.from({ length: PUBLISHERS }, async () => {
    const publisher = await stage.join();
    await publisher.publishAll(topic, shared);
  });
  const ends = await Promise.allSettled(publishers);
  return { sent, isHeldUp: ends.some(({ status }) => status === 'rejected') };
}

/** The longest that a message takes from a peer to itself, in milliseconds; `patience` when one is lost. */
async function worstOf(amount: number, peer: Peer, topic: string, patience: number) {
  let worst = 0;
  for (let i = 0; i < amount; i++) {
    const from = performance.now();
    const expected = peer.deliveries.length + 1;
    const sent = peer.publish(topic, '').then(
      () => true,
      () => false,
    );
    const came = (await peer.gather(expected, patience)).length >= expected;
    if (!came || !(await sent)) return patience;
    worst = Math.max(worst, performance.now() - from);
  }
  return worst;
}
