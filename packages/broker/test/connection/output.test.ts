import { describe, expect, it } from 'vitest';
import { Output, Spool } from '../../src/connection/output.ts';
import { Tap, tapped } from '../tap.ts';

const bytes = (text: string) => Buffer.from(text);

describe('Output', () => {
  it('writes the small packets of one turn in one piece', () => {
    const { tap, output, lines } = tapped();
    output.publish(bytes('a'), bytes('one'), 0, 0);
    output.identifier(0x40, 7);
    output.publish(bytes('b'), bytes('two'), 2, 1);
    expect(tap.writes).toEqual([]);
    expect(lines()).toEqual(['PUBLISH a one', 'PUBACK 7', 'PUBLISH b two q1 #1']);
    expect(tap.writes).toHaveLength(1);
  });

  it('writes large payloads from where they are, under one cork, in order', () => {
    const { tap, output, lines } = tapped();
    const large = Buffer.alloc(5_000, 'x');
    output.identifier(0x40, 1);
    output.publish(bytes('a'), large, 0, 0);
    output.identifier(0x40, 2);
    expect(lines()).toEqual(['PUBACK 1', 'PUBLISH a <5000 bytes>', 'PUBACK 2']);
    expect(tap.writes.every(({ corked }) => corked)).toBe(true);
    expect(tap.writes.some((write) => write.bytes === large)).toBe(true);
  });

  it('flushes by itself when the turn ends', async () => {
    const spool = new Spool();
    const tap = new Tap();
    new Output(spool, tap).identifier(0x40, 7);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(tap.lines()).toEqual(['PUBACK 7']);
  });

  it('keeps apart what goes to several connections, in any order and beyond the size of the slab', () => {
    const spool = new Spool();
    const ends = Array.from({ length: 3 }, () => {
      const tap = new Tap();
      return { tap, output: new Output(spool, tap), expected: [] as string[] };
    });
    for (let i = 0; i < 3_000; i++) {
      const { output, expected } = ends[(i * 7 + (i >> 3)) % 3] as (typeof ends)[number];
      const payload = `${i}`.padEnd((i * 37) % 3_000, '.');
      output.publish(bytes('t'), bytes(payload), 0, 0);
      expected.push(`PUBLISH t ${payload.length > 200 ? `<${payload.length} bytes>` : payload}`);
      if (i % 500 === 499) spool.flush();
    }
    spool.flush();
    for (const { tap, expected } of ends) expect(tap.lines()).toEqual(expected);
  });

  it('does not change what a slow socket still holds', () => {
    const { tap, output, lines } = tapped();
    tap.writableLength = 1;
    output.publish(bytes('t'), bytes('first'), 0, 0);
    lines();
    const [write] = tap.writes;
    const before = Buffer.from(write?.bytes ?? []);
    for (let i = 0; i < 2_000; i++) output.publish(bytes('t'), Buffer.alloc(100), 0, 0);
    lines();
    expect(Buffer.from(write?.bytes ?? [])).toEqual(before);
    // A slow reader must not hold a slab of 64 KiB for the sake of a few bytes.
    expect(write?.bytes.buffer.byteLength).toBeLessThan(64 * 1024);
  });
});
