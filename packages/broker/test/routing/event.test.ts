import { describe, expect, it } from 'vitest';
import { packet } from '../../../../test/support/packets.ts';
import type { Connection } from '../../src/connection/connection.ts';
import type { Over } from '../../src/keeping/event-queue.ts';
import type { Address } from '../../src/routing/address.ts';
import { PendingEvent } from '../../src/routing/event.ts';
import type { Events } from '../../src/routing/events.ts';
import type { ClientLoad } from '../../src/routing/load.ts';

const TOPIC = Buffer.from('events/1//index/c');
const SIZE = 100_000;

/** A PUBLISH of QoS 0, in memory of its own. */
function publish(): Buffer {
  const length = Buffer.from([0, TOPIC.length]);
  const bytes = packet(0x30, Buffer.concat([length, TOPIC, Buffer.alloc(SIZE, 7)]));
  return Buffer.from(new Uint8Array(bytes).buffer);
}

interface How {
  readonly payload?: Buffer;
  readonly qos?: 0 | 1 | 2;
  readonly over?: Over;
  /** Said by server code. */
  readonly isOurs?: boolean;
  readonly isSettled?: boolean;
}

/** How long the payload is after it was released. */
function released({ qos = 0, over, isOurs = false, isSettled = true, ...how }: How): number {
  const { payload = publish().subarray(-SIZE) } = how;
  const event = new PendingEvent(
    { settled: () => undefined } as unknown as Events,
    {} as ClientLoad,
    isOurs ? undefined : ({} as Connection),
    { topic: TOPIC } as unknown as Address,
    payload,
    qos,
    false,
    qos,
    over,
  );
  if (isSettled) event.settle('silent');
  event.release();
  return payload.length;
}

describe('the memory of an event', () => {
  it('is given back where its packet had it for itself', () => {
    expect(released({})).toBe(0);
    expect(released({ payload: Buffer.from(new Uint8Array(SIZE).buffer) })).toBe(0);
  });

  it('stays where another packet came in the same chunk', () => {
    const [before, after] = [Buffer.concat([packet(0xc0), publish()]), publish()];
    const alone = (bytes: Buffer) => Buffer.from(new Uint8Array(bytes).buffer);
    expect(released({ payload: alone(before).subarray(-SIZE) })).toBe(SIZE);
    const followed = alone(Buffer.concat([after, packet(0xc0)]));
    expect(released({ payload: followed.subarray(-SIZE - 2, -2) })).toBe(SIZE);
  });

  it.each<How>([
    { qos: 1 },
    { qos: 2 },
    { isOurs: true },
    { over: () => undefined },
    { isSettled: false },
  ])('stays where it may be looked at again: %o', (how) => {
    expect(released(how)).toBe(SIZE);
  });
});
