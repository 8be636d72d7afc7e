import { once } from 'node:events';
import type { Event } from '@n2o/shared';
import { describe, expect, it, onTestFinished } from 'vitest';
import { echo } from '../support/link.ts';
import { connect, field, int16, packet, publish, subscribe } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { inUse, settled } from './memory.ts';
import { setStage } from './stage.ts';

const MiB = 1 << 20;

async function begin() {
  const stage = await setStage();
  onTestFinished(() => stage.close());
  return stage;
}

/** Says the same again and again, as long as the other side takes it, up to a number of times. */
async function sayOften(peer: Peer, said: Uint8Array, times: number): Promise<number> {
  const { socket } = peer;
  let count = 0;
  for (let idle = 0; count < times && idle < 100; ) {
    if (socket.writableLength < MiB) {
      peer.say(said);
      count++;
      idle = 0;
    } else idle++;
    await new Promise(setImmediate);
  }
  return count;
}

/** Says the same so many times, each as soon as the other side takes it. */
async function sayAll({ socket }: Peer, said: Uint8Array, times: number): Promise<void> {
  for (let count = 0; count < times; count++) {
    if (!socket.write(said)) await once(socket, 'drain');
  }
}

describe('memory stays within its bounds', () => {
  it('when a client asks for a lot and reads nothing of it', async () => {
    const { broker, join, unharmed } = await begin();
    const greedy = await join('greedy');
    await unharmed();
    const before = await settled();
    greedy.ignore();
    const chunk = Buffer.concat(
      Array(16).fill(publish('events/1//echo/greedy', Buffer.alloc(16_000))),
    );
    const said = await sayOften(greedy, chunk, 400);
    expect(said).toBeLessThan(400);
    await unharmed();
    // 4 MiB of output, and what this side of the test holds itself.
    expect((await settled()) - before).toBeLessThan(8 * MiB);
    expect(broker.counters.drops).toBe(0);
  });

  it('when a client subscribes to a lot and reads nothing of it', async () => {
    const { broker, join, unharmed } = await begin();
    const [frozen, speaker] = [await join('frozen'), await join('speaker')];
    frozen.say(subscribe(1, ['t', 0]));
    expect(await frozen.next()).toBe('SUBACK 1 [0]');
    await unharmed();
    const before = await settled();
    frozen.ignore();
    const chunk = Buffer.concat(Array(16).fill(publish('t', Buffer.alloc(16_000))));
    await sayAll(speaker, chunk, 400);
    await speaker.rest();
    await unharmed();
    expect((await settled()) - before).toBeLessThan(8 * MiB);
    expect(broker.counters.drops).toBeGreaterThan(0);
  });

  it('when a flood of events is answered with "busy" all at once', async () => {
    const { link, join, unharmed } = await begin();
    const flooder = await join('flooder');
    const held: Event[] = [];
    link.answer = (event) => {
      if (event.route.client === 'flooder') held.push(event);
      else echo(event);
    };
    flooder.ignore();
    const chunk = Buffer.concat(Array(4_000).fill(publish('events/1//echo/flooder', '')));
    await sayOften(flooder, chunk, 75);
    await unharmed();
    const before = await settled();
    // Behind the events that fit into the window wait 300,000 refusals, counted.
    for (const event of held) event.settle('silent');
    expect(inUse() - before).toBeLessThan(16 * MiB);
    await unharmed();
    expect((await settled()) - before).toBeLessThan(16 * MiB);
  });

  it('when one packet asks for all that is retained, many times', async () => {
    const { join, unharmed } = await begin();
    const speaker = await join('speaker');
    const payload = Buffer.alloc(1_000);
    for (let i = 0; i < 1_000; i++) speaker.say(publish(`r/${i}`, payload, { retain: true }));
    await speaker.rest();
    const greedy = await join('greedy');
    greedy.ignore();
    const before = await settled();
    // 200 MB of answers to 1 KB of question.
    const filters = Array.from({ length: 200 }, () => Buffer.concat([field('#'), Buffer.of(0)]));
    greedy.say(packet(0x82, int16(1), ...filters));
    await unharmed();
    expect(inUse() - before).toBeLessThan(40 * MiB);
    expect((await settled()) - before).toBeLessThan(10 * MiB);
  });

  it('when a client takes large messages and acknowledges none', async () => {
    const { join, unharmed } = await begin();
    const [hoarder, speaker] = [await join('hoarder'), await join('speaker')];
    hoarder.say(subscribe(1, ['t', 1]));
    expect(await hoarder.next()).toBe('SUBACK 1 [1]');
    const before = await settled();
    for (let i = 0; i < 160; i++) {
      speaker.say(publish('t', Buffer.alloc(500_000), { qos: 1, id: 1 }));
      expect(await speaker.next()).toBe('PUBACK 1');
    }
    // 80 MB were published; the hoarder reads all it is sent, and this side of the test lets go of it.
    await hoarder.rest();
    await unharmed();
    expect((await settled()) - before).toBeLessThan(40 * MiB);
  });

  it('when packets are announced that are larger than there may be', async () => {
    const { open, join, unharmed } = await begin();
    const before = await settled();
    for (let i = 0; i < 50; i++) {
      const stranger = await open();
      stranger.say(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(100_000));
      const client = await join('large');
      client.say(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(100_000));
      expect(await stranger.last()).toEqual([]);
      expect(await client.last()).toEqual([]);
    }
    await unharmed();
    expect((await settled()) - before).toBeLessThan(MiB);
  });

  it('when packets are announced and do not come: it grows with what is sent, not with what is promised', async () => {
    const { join, unharmed } = await begin();
    const promised = packet(0x30, field('t'), Buffer.alloc(1_000_000));
    const peers: Peer[] = [];
    const before = await settled();
    for (let i = 0; i < 50; i++) {
      const peer = await join(`p${i}`);
      peer.say(promised.subarray(0, 1_000));
      peers.push(peer);
    }
    await unharmed();
    expect((await settled()) - before).toBeLessThan(8 * MiB);
    for (const peer of peers) await peer.drop();
  });

  it('and so does time, when one packet names one filter twenty thousand times', async () => {
    const { join, unharmed } = await begin();
    const speaker = await join('speaker');
    for (let i = 0; i < 1_000; i++) speaker.say(publish(`r/${i}`, 'x', { retain: true }));
    await speaker.rest();
    const greedy = await join('greedy');
    greedy.ignore();
    const filter = Buffer.concat([field('#'), Buffer.of(0)]);
    const before = performance.now();
    greedy.say(packet(0x82, int16(1), Buffer.alloc(20_000 * filter.length, filter)));
    await unharmed();
    // The second question was asked behind the packet at the latest.
    await unharmed();
    expect(performance.now() - before).toBeLessThan(3_000);
  });

  it('when a client pushes itself off its connection for ever', async () => {
    const { open, unharmed } = await begin();
    const round = async () => {
      const peer = await open();
      peer.say(
        connect('restless'),
        publish('events/1//echo/restless', Buffer.alloc(10_000), { qos: 1, id: 1 }),
      );
      await peer.next();
    };
    for (let i = 0; i < 50; i++) await round();
    await unharmed();
    const before = await settled();
    for (let i = 0; i < 500; i++) await round();
    await unharmed();
    expect((await settled()) - before).toBeLessThan(2 * MiB);
  });
});
