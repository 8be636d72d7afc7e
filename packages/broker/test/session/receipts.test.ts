import { describe, expect, it } from 'vitest';
import { Receipts } from '../../src/session/receipts.ts';

describe('Receipts', () => {
  it('know a message from PUBLISH to PUBREL [MQTT-4.3.3-2]', () => {
    const receipts = new Receipts();
    expect(receipts.state(7)).toBeUndefined();
    receipts.begin(7);
    expect(receipts.state(7)).toBe(false);
    receipts.acknowledge(7);
    expect(receipts.state(7)).toBe(true);
    receipts.release(7);
    expect(receipts.state(7)).toBeUndefined();
  });

  it('count those that wait for PUBREL, each once', () => {
    const receipts = new Receipts();
    for (const id of [1, 2, 3]) receipts.begin(id);
    expect(receipts.halfOpen).toBe(0);
    for (const id of [1, 1, 2, 9]) receipts.acknowledge(id);
    expect(receipts.halfOpen).toBe(2);
    for (const id of [1, 1, 3, 9]) receipts.release(id);
    expect(receipts.halfOpen).toBe(1);
  });

  it('forget a message that is released before it was acknowledged', () => {
    const receipts = new Receipts();
    receipts.begin(7);
    receipts.release(7);
    receipts.acknowledge(7);
    expect([receipts.state(7), receipts.halfOpen]).toEqual([undefined, 0]);
  });
});
