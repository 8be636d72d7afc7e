import { describe, expect, it, onTestFinished } from 'vitest';
import { connect, packet, publish } from '../support/packets.ts';
import { setStage } from './stage.ts';

/** A broker that waits for a CONNECT for a twentieth of a second. */
async function impatient() {
  const stage = await setStage({ limits: { connectTimeout: 50 } });
  onTestFinished(() => stage.close());
  return stage;
}

describe('a peer that takes its time with CONNECT is closed', () => {
  it.each<[string, Uint8Array]>([
    ['when it says nothing', Buffer.alloc(0)],
    ['when it says half a fixed header', connect('slow').subarray(0, 1)],
    ['when it says half a CONNECT', connect('slow').subarray(0, 9)],
    ['when it says all of it but one byte', connect('slow').subarray(0, -1)],
    ['when it announces a large one', packet(0x10, Buffer.alloc(500_000)).subarray(0, 70_000)],
  ])('%s', async (_, said) => {
    const { open, unharmed } = await impatient();
    const peer = await open();
    if (said.length > 0) peer.say(said);
    expect(await peer.last()).toEqual([]);
    await unharmed();
  });

  it('when it says a byte now and then', async () => {
    const { open, unharmed } = await impatient();
    const peer = await open();
    const whole = connect('x'.repeat(60_000));
    for (let at = 0; !peer.over && at < whole.length; at++) {
      peer.say(whole.subarray(at, at + 1));
      await unharmed();
    }
    expect(peer.over).toBe(true);
  });
});

describe('a client that takes its time', () => {
  it('after CONNECT is heard to the end, and does not hold up others', async () => {
    const { join, unharmed } = await impatient();
    const peer = await join('slow');
    for (const byte of publish('events/1//echo/slow', 'at last', { qos: 1, id: 7 })) {
      peer.say(Buffer.of(byte));
      await unharmed();
    }
    expect((await peer.take(2)).sort()).toEqual([
      'PUBACK 7',
      'PUBLISH actions/1/echo/slow at last q1 #1',
    ]);
  });

  it('in the middle of a packet is closed when its keep-alive is over', async () => {
    const { join, unharmed } = await impatient();
    const peer = await join('slow', { keepalive: 1 });
    peer.say(publish('events/1//echo/slow', 'never ends').subarray(0, 8));
    expect(await peer.last()).toEqual([]);
    await unharmed();
  });
});
