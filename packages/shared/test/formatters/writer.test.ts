import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Writer } from '../../src/formatters/writer.ts';

/** Writes parts as one message. */
function written(writer: Writer, parts: readonly Uint8Array[]): Uint8Array {
  writer.begin();
  for (const part of parts) writer.copy(part);
  return writer.end();
}

describe('writer', () => {
  it('gives each message what was written to it, whatever the sizes, and never touches it again', () => {
    const size = fc.oneof(fc.nat(50), fc.nat(20_000), fc.constant(262_144));
    const messages = fc.array(fc.array(size, { maxLength: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(messages, (sizes) => {
        const writer = new Writer();
        const parts = sizes.map((message, i) =>
          message.map((length, j) => new Uint8Array(length).fill(i * 5 + j)),
        );
        const seen = parts.map((message) => written(writer, message));
        const all = parts.map((message) => Buffer.concat(message));
        expect(seen.every((bytes, i) => all[i]?.equals(bytes))).toBe(true);
      }),
    );
  });

  it('takes little more memory for a block of a file than the block has bytes', () => {
    const block = new Uint8Array(262_144);
    const message = written(new Writer(), [new Uint8Array(200), block, new Uint8Array(80)]);
    expect(message.length).toBe(262_424);
    expect(message.buffer.byteLength).toBeLessThan(1.13 * block.length);
  });
});
