/** How long a request and its reply take, and whether small packets wait for each other. */
import { judge, type Promised } from '../finding.ts';
import type { Probe } from '../probe.ts';

const PROMPT: Promised = {
  promise: 'a reply comes at once',
  advice:
    'have the broker send small packets at once: set_tcp_nodelay true (Mosquitto), tcp_options.nodelay = true of the listener (EMQX)',
};
const TRIPS = 200;
/** Milliseconds that all of it may take. */
const ENOUGH = 1_500;
/** Milliseconds beyond the network's own: a delayed acknowledgement of TCP takes 40. */
const STALL = 30;
const HOPELESS = 1_000;

export const roundTrip: Probe = {
  name: 'round-trip',
  promises: [PROMPT],
  async run(stage) {
    const { patience } = stage.course;
    const [events, actions] = [stage.topic('event'), stage.topic('action')];
    const [client, host] = await Promise.all([stage.join(), stage.join({ acknowledges: false })]);
    await client.subscribe(actions, 1);
    await host.subscribe(events, 1);
    host.onDelivery = (delivery) => host.reply(delivery, actions);
    const pings: number[] = [];
    for (let i = 0; i < 5; i++) pings.push(await client.ping());
    // To the broker and back for the request, and again for the reply.
    const network = 2 * Math.min(...pings);

    const trips: number[] = [];
    const end = performance.now() + ENOUGH;
    while (trips.length < TRIPS && performance.now() < end) {
      const from = performance.now();
      const sent = client.publish(events, 'request');
      await client.gather(trips.length + 1, patience);
      trips.push(performance.now() - from);
      await sent;
    }
    trips.sort((a, b) => a - b);
    const stalled = trips.filter((trip) => trip - network > STALL).length;
    const at = (share: number) => trips[Math.floor((trips.length - 1) * share)] as number;
    const figure = `p50 ${at(0.5).toFixed(1)}, p99 ${at(0.99).toFixed(1)} ms`;
    const faults = at(0.5) - network > HOPELESS ? ['a reply takes too long to be of use'] : [];
    const sentence = 'a request and its reply at QoS 1, as a client sees it';
    const finding = judge(PROMPT, faults, figure, sentence);
    if (stalled * 5 < trips.length || finding.verdict === 'broken') return [finding];
    const waited = `${stalled} of ${trips.length} replies waited ${STALL} ms and more for an acknowledgement of TCP`;
    return [{ ...finding, verdict: 'limited', sentence: waited }];
  },
};
