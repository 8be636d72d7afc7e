/** Single probes against brokers that are configured to break what they look for. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import type { Probe } from '../../src/doctor/probe.ts';
import { keepAlive } from '../../src/doctor/probes/keep-alive.ts';
import { order } from '../../src/doctor/probes/order.ts';
import { packetSize } from '../../src/doctor/probes/packet-size.ts';
import { findBound } from '../../src/doctor/probes/queue.ts';
import { retained } from '../../src/doctor/probes/retained.ts';
import { roundTrip } from '../../src/doctor/probes/round-trip.ts';
import { takeOver } from '../../src/doctor/probes/take-over.ts';
import { will } from '../../src/doctor/probes/will.ts';
import { window } from '../../src/doctor/probes/window.ts';
import { runProbe } from '../../src/doctor/run-probe.ts';
import { type Course, Stage } from '../../src/doctor/stage.ts';
import { targetOf } from '../../src/doctor/target.ts';
import { startAedes } from './aedes.ts';
import { PLAIN, startMosquitto } from './mosquitto.ts';

const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.clear();
});

const courseAt = (url: string): Course => ({
  ...{ target: targetOf(url), prefix: 'n2o-doctor/test', messages: 500, bound: 500 },
  ...{ patience: 3_000, lull: 500, quiet: 200 },
});

function stageAt(url: string): Stage {
  const stage = new Stage(courseAt(url), 'probe');
  stages.push(stage);
  return stage;
}

const verdictsOf = async (probe: Probe, url: string) =>
  (await probe.run(stageAt(url))).map(({ verdict }) => verdict);

const never = new Promise<readonly Finding[]>(() => {});

describe('the bound of a queue', () => {
  test.each([
    ['0', 500, 'kept'],
    ['300', 300, 'limited'],
    ['50', 50, 'broken'],
  ])('of max_queued_messages %s is %i: %s', async (setting, bound, verdict) => {
    const { url } = await startMosquitto(`${PLAIN}max_queued_messages ${setting}\n`);
    expect(await findBound(stageAt(url))).toMatchObject({ bound, finding: { verdict } });
  });
});

test('a bound on packets is found out', async () => {
  const { url } = await startMosquitto(`${PLAIN}max_packet_size 200000\n`);
  const [finding] = await packetSize.run(stageAt(url));
  expect(finding).toMatchObject({ verdict: 'limited', figure: '192 KiB' });
});

test('a bound on payloads beyond which messages are acknowledged and dropped is found out', async () => {
  const { url } = await startMosquitto(`${PLAIN}message_size_limit 200000\n`);
  const [finding] = await packetSize.run(stageAt(url));
  expect(finding).toMatchObject({ verdict: 'limited', figure: '192 KiB' });
}, 30_000);

test('the window is told', async () => {
  const { url } = await startMosquitto(`${PLAIN}max_inflight_messages 7\n`);
  const [finding] = await window.run(stageAt(url));
  expect(finding).toMatchObject({ verdict: 'kept', figure: 'window of 7' });
});

test('replies do not wait where TCP_NODELAY is set', async () => {
  const { url } = await startMosquitto(`${PLAIN}set_tcp_nodelay true\n`);
  expect(await verdictsOf(roundTrip, url)).toEqual(['kept']);
});

test('a broker that retains nothing is found out', async () => {
  const { url } = await startMosquitto(`${PLAIN}retain_available false\n`);
  expect(await runProbe(retained, courseAt(url), 10_000, never)).toMatchObject([
    { verdict: 'broken', sentence: 'the broker closed the connection at PUBLISH' },
  ]);
  const [ordered, mixed] = await order.run(stageAt(url));
  expect([ordered?.verdict, mixed?.verdict]).toEqual(['kept', 'broken']);
});

test('a probe that gets no time says so', async () => {
  const { url } = await startMosquitto();
  expect(await runProbe(order, courseAt(url), 0, never)).toMatchObject([
    { verdict: 'not tested' },
    { verdict: 'not tested' },
  ]);
});

test('a broker that drops acknowledged messages is found out', async () => {
  const { broker, url } = await startAedes();
  let count = 0;
  broker.authorizeForward = (_client, packet) => (count++ % 10 === 0 ? null : packet);
  const [finding] = await order.run(stageAt(url));
  expect(finding).toMatchObject({ verdict: 'broken' });
  expect(finding?.sentence).toMatch(/^\d+ acknowledged messages did not come$/);
});

test('a broker that publishes no wills is found out', async () => {
  const { broker, url } = await startAedes();
  broker.authorizePublish = (client, packet, done) =>
    done(client?.closed && packet.topic.endsWith('broken') ? new Error('no wills') : null);
  const [finding] = await will.run(stageAt(url));
  expect(finding?.sentence).toMatch(/^none was published when a connection broke/);
});

test('a broker that keeps silent connections is found out', async () => {
  const { broker, url } = await startAedes();
  broker.preConnect = (_client, packet, done) => {
    packet.keepalive = 0;
    done(null, true);
  };
  const [finding] = await keepAlive.run(stageAt(url));
  expect(finding).toMatchObject({ verdict: 'broken', figure: 'not ended' });
}, 30_000);

test('a broker that lets two connections have one client id is found out', async () => {
  const { broker, url } = await startAedes();
  let count = 0;
  broker.authenticate = (client, _name, _password, done) => {
    // As if the identifiers were not what tells clients apart.
    client.id = `${client.id}-${count++}`;
    done(null, true);
  };
  expect(await verdictsOf(takeOver, url)).toEqual(['broken', 'broken']);
});
