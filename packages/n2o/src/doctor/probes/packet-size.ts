/** The largest packet that passes a broker. */
import { N2OError } from '@n2o/shared';
import type { Finding, Promised } from '../finding.ts';
import type { Probe } from '../probe.ts';
import type { Stage } from '../stage.ts';

const LARGE: Promised = {
  promise: 'a packet of 1 MiB passes',
  advice:
    'raise max_packet_size and message_size_limit (Mosquitto; 0 or absent is no bound), mqtt.max_packet_size (EMQX), max_message_size (VerneMQ), or lower maxPacketSize of N2O',
};
const KiB = 1_024;
const WANTED = 1_024 * KiB;
/** The bound is found out as exactly as this. */
const STEP = 16 * KiB;

export const packetSize: Probe = {
  name: 'size',
  promises: [LARGE],
  async run(stage) {
    const { patience, lull } = stage.course;
    const finding = (verdict: Finding['verdict'], figure: string, sentence: string) => [
      { ...LARGE, verdict, figure, sentence },
    ];
    if (await passes(stage, WANTED, patience)) {
      return finding('kept', '1 MiB', 'as large as N2O’s own bound');
    }
    let good = 0;
    for (let bad = WANTED; bad - good > STEP; ) {
      const middle = Math.round((good + bad) / 2 / STEP) * STEP;
      if (await passes(stage, middle, lull)) good = middle;
      else bad = middle;
    }
    if (good === 0) return finding('broken', 'under 16 KiB', 'larger packets do not pass');
    return finding('limited', `${good / KiB} KiB`, 'larger packets do not pass');
  },
};

/** @param wait milliseconds until it is taken for dropped */
async function passes(stage: Stage, size: number, wait: number): Promise<boolean> {
  const topic = stage.topic('large');
  // First byte, remaining length of three bytes, topic with its length, packet id.
  const payload = Buffer.alloc(size - 4 - 2 - Buffer.byteLength(topic) - 2);
  const peer = await stage.join();
  try {
    await peer.subscribe(topic, 1);
    await peer.publish(topic, payload);
    const [came] = await peer.gather(1, wait);
    return came?.payload.length === payload.length;
  } catch (error) {
    if (error instanceof N2OError && error.code !== 'N2O_PROBE_REFUSED') return false;
    throw error;
  } finally {
    await peer.drop();
  }
}
