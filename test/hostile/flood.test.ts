import type { Limits } from '@n2o/broker';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect, DISCONNECT, subscribe } from '../support/packets.ts';
import type { Peer } from '../support/peer.ts';
import { settled } from './memory.ts';
import { type Stage, setStage } from './stage.ts';

async function stageWith(limits: Partial<Limits> = {}): Promise<Stage> {
  const stage = await setStage({ limits });
  onTestFinished(() => stage.close());
  return stage;
}

/** One of the broker's gauges, by its metric's name. */
async function gauge({ http }: Stage, name: string): Promise<number> {
  const text = await (await fetch(`http://${http}/metrics`)).text();
  return Number(new RegExp(`^n2o_${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

/** Does something a number of times, some of them at once. */
async function repeat(count: number, act: (i: number) => Promise<void>): Promise<void> {
  const AT_ONCE = 100;
  for (let i = 0; i < count; i += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - i) }, (_, j) => act(i + j)));
  }
}

describe('a flood of connections', () => {
  it.each<[string, (stage: Stage, i: number) => Promise<void>]>([
    ['that are closed at once', async ({ open }) => (await open()).drop()],
    [
      'that connect and leave',
      async ({ join }, i) => {
        const peer = await join(`c${i}`);
        peer.say(subscribe(1, [`t/${i}`, 0]), DISCONNECT);
        await peer.closed;
      },
    ],
    [
      'that connect and break',
      async ({ join }, i) => (await join(`c${i}`, { will: { topic: 'w' } })).drop(),
    ],
    [
      'that take over from each other',
      async ({ open }) => {
        const peer = await open();
        peer.say(connect('same'));
        // One that is pushed off before it was answered hears nothing at all.
        await peer.next().catch(() => {});
      },
    ],
    [
      'that are refused',
      async ({ open }) => {
        const peer = await open();
        peer.say(connect('', { clean: false }));
        expect(await peer.last()).toEqual(['CONNACK 2']);
      },
    ],
  ])('%s leaves nothing behind', async (_, act) => {
    const stage = await stageWith();
    const flood = async (count: number) => {
      await repeat(count, (i) => act(stage, i));
      await stage.unharmed();
      // The witness stays, and of those that take over from each other the last.
      while ((await gauge(stage, 'connections')) > 2);
      return settled();
    };
    const before = await flood(400);
    expect((await flood(2_000)) - before).toBeLessThan(1 << 20);
    expect(await gauge(stage, 'sessions')).toBeLessThanOrEqual(2);
    expect(await gauge(stage, 'filters')).toBe(0);
  });

  it('that stay is bounded: some are told that it is too much, the rest are not even heard', async () => {
    const stage = await stageWith({ connections: 10 });
    const peers: Peer[] = [];
    for (let i = 0; i < 30; i++) {
      const peer = await stage.open();
      peer.say(connect(`c${i}`));
      peers.push(peer);
      await stage.unharmed();
    }
    const answers = await Promise.all(peers.map((peer) => peer.next().catch(() => 'closed')));
    // The witness is the first of the ten.
    expect(answers.slice(0, 9)).toEqual(Array(9).fill('CONNACK 0'));
    for (const answer of answers.slice(9)) expect(['CONNACK 3', 'closed']).toContain(answer);
    await peers[0]?.drop();
    await stage.unharmed();
    await stage.join('late');
  });

  it('that says nothing is bounded as well', async () => {
    const stage = await stageWith({ connections: 10 });
    const silent = await Promise.all(Array.from({ length: 40 }, () => stage.open()));
    await Promise.race(silent.slice(25).map((peer) => peer.closed));
    await stage.unharmed();
    expect(await gauge(stage, 'connections')).toBeLessThanOrEqual(20);
  });

  it('that keeps its sessions is bounded: the longest away are forgotten', async () => {
    const stage = await stageWith({ keptSessions: 50 });
    await repeat(500, async (i) => {
      const peer = await stage.join(`kept${i}`, { clean: false });
      peer.say(subscribe(1, [`t/${i}`, 1]), DISCONNECT);
      await peer.closed;
    });
    expect(await gauge(stage, 'kept_sessions')).toBe(50);
    expect(await gauge(stage, 'sessions')).toBe(51);
    expect(await gauge(stage, 'filters')).toBe(50);
    await stage.unharmed();
  });
});
