/** Commands as they are written for the wire. */
import fc from 'fast-check';
import { Command } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { PackedCommand } from '../src/redis/packed-command.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('', 'é', '€', '😀', '\ud800'),
);
const bytes = fc.uint8Array({ maxLength: 3_000 }).map((array) => Buffer.from(array));

describe('a packed command', () => {
  it('is the array of bulk strings that its client would have written', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(texts, bytes), { maxLength: 200 }), (args) => {
        const theirs = new Command('evalsha', [...args]);
        // What the client does before it writes.
        theirs.stringifyArguments();
        const wire = Buffer.from(theirs.toWritable({}) as string);
        expect(new PackedCommand('evalsha', [...args]).toWritable().equals(wire)).toBe(true);
      }),
    );
  });

  it('says lengths of several digits', () => {
    const args = [Buffer.alloc(1_234_567, 'x'), 'y'.repeat(99), 'z'.repeat(100)];
    const head = `*4\r\n$3\r\nset\r\n$1234567\r\n`;
    const wire = new PackedCommand('set', args).toWritable();
    expect(wire.subarray(0, head.length).toString()).toBe(head);
    expect(wire.subarray(-123).toString()).toBe(
      `\r\n$99\r\n${'y'.repeat(99)}\r\n$100\r\n${'z'.repeat(100)}\r\n`.slice(-123),
    );
  });
});
