/** CONNACK says whether the broker had a session for the client. */
import { judge, type Promised } from '../finding.ts';
import type { Probe } from '../probe.ts';

const PRESENT: Promised = {
  promise: 'session present is true',
  advice: 'a host cannot tell by it whether events were lost [MQTT-3.2.2-2]',
};

/** One client id, connection after connection. */
const STEPS: readonly {
  readonly clean: boolean;
  readonly expected: boolean;
  readonly what: string;
  readonly subscribes?: true;
}[] = [
  { clean: true, expected: false, what: 'a clean session' },
  { clean: false, expected: false, what: 'a new session' },
  { clean: false, expected: true, what: 'a kept session without subscriptions', subscribes: true },
  { clean: false, expected: true, what: 'a kept session with subscriptions' },
  { clean: true, expected: false, what: 'a clean session in place of a kept one' },
  { clean: false, expected: false, what: 'a session after a clean one' },
];

export const sessionPresent: Probe = {
  name: 'present',
  promises: [PRESENT],
  async run(stage) {
    const id = stage.id();
    const faults: string[] = [];
    for (const { clean, expected, what, subscribes } of STEPS) {
      const peer = await stage.join({ id, clean });
      if (peer.sessionPresent !== expected) faults.push(`${expected ? 0 : 1} for ${what}`);
      if (subscribes) await peer.subscribe(stage.topic('kept'), 1);
      await peer.leave();
    }
    const right = `${STEPS.length - faults.length} of ${STEPS.length}`;
    return [judge(PRESENT, faults, right, 'the flag says whether a session was kept')];
  },
};
