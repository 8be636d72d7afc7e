import { expect, it } from 'vitest';
import { Outgoing } from '../../src/pool/outgoing.ts';
import { EVENT, HEAD, ROUTE, readRecords } from '../../src/pool/records.ts';
import { WorkerEvent } from '../../src/pool/worker-event.ts';

const route = { client: 'c', module: 'm', version: '1', vnode: 1, user: '', token: '' };
const event = (payload: Uint8Array) => ({
  ...({ route, payload, qos: 0, dup: false } as const),
  settle() {},
});

/** What leaves, as the sizes of the events in each pack. */
function packs(...sizes: readonly number[]): Promise<number[][]> {
  const left: number[][] = [];
  const outgoing = new Outgoing((packed) => {
    const found: number[] = [];
    readRecords(packed, (kind, _flags, _number, start, end) => {
      if (kind === EVENT) found.push(end - start - 4);
      else expect(kind).toBe(ROUTE);
    });
    left.push(found);
  });
  for (const [slot, size] of sizes.entries()) {
    outgoing.event(event(new Uint8Array(size)), slot, false);
  }
  return new Promise((resolve) => setImmediate(() => resolve(left)));
}

it('is packed with no other where it is large', async () => {
  expect(await packs(1, 2, 100_000, 3, 4, 300_000, 70_000)).toEqual([
    [1, 2],
    [100_000],
    [3, 4],
    [300_000],
    [70_000],
  ]);
});

it('gives its memory back where that is its own, and keeps it where others lie there', () => {
  const outbound = { settled() {} };
  const payloads = [true, false].map((isAlone) => {
    const payload = new Uint8Array(100_000 + HEAD + 4).subarray(HEAD + 4);
    new WorkerEvent(route, payload, 0, 1, isAlone, outbound).release();
    return payload.length;
  });
  expect(payloads).toEqual([0, 100_000]);
});
