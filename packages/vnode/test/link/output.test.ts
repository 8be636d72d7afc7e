import { describe, expect, it } from 'vitest';
import { packet, puback, publish } from '../../../../test/support/packets.ts';
import { Output, type Sink } from '../../src/link/output.ts';

/** Keeps what is written, and which of it is one write of the system. */
class Tape implements Sink {
  readonly writes: Buffer[] = [];
  writableLength = 0;
  #corked: Buffer[] | undefined;

  write(bytes: Uint8Array): boolean {
    // Read when it is over, as the system may: what is written must not change.
    if (this.#corked) this.#corked.push(bytes as Buffer);
    else this.writes.push(bytes as Buffer);
    return true;
  }

  cork(): void {
    this.#corked = [];
  }

  uncork(): void {
    const together = this.#corked ?? [];
    this.#corked = undefined;
    this.writes.push(Buffer.concat(together));
  }
}

/** Resolves when this turn of the event loop is over. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const topic = Buffer.from('actions/1/echo/dev1');

describe('the output of a line', () => {
  it('writes all packets of a turn at once, in their order', async () => {
    const tape = new Tape();
    const output = new Output(tape);
    const large = Buffer.alloc(5_000, 'x');
    output.publish(topic, Buffer.from('one'), 1, 300);
    output.puback(7);
    output.publish(topic, large, 0, 0);
    output.puback(8);
    output.bytes(packet(0xc0));
    expect(tape.writes).toEqual([]);
    expect(output.waiting).toBeGreaterThan(5_000);
    await turn();
    expect(tape.writes).toEqual([
      Buffer.concat([
        publish(topic, 'one', { qos: 1, id: 300 }),
        puback(7),
        publish(topic, large),
        puback(8),
        packet(0xc0),
      ]),
    ]);
    expect(output.waiting).toBe(0);
  });

  it('does not write again where it has written, whatever the amount', async () => {
    const tape = new Tape();
    const output = new Output(tape);
    const expected: Buffer[] = [];
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 400; i++) {
        const payload = Buffer.alloc((i * 37) % 3_000, i);
        output.publish(topic, payload, 1, i + 1);
        expected.push(publish(topic, payload, { qos: 1, id: i + 1 }));
      }
      await turn();
    }
    expect(Buffer.concat(tape.writes).equals(Buffer.concat(expected))).toBe(true);
  });

  it.each([0, 100, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])(
    'writes the length of a packet with %i bytes of payload',
    async (size) => {
      const tape = new Tape();
      new Output(tape).publish(Buffer.from('t'), Buffer.alloc(size), 1, 1);
      await turn();
      const whole = Buffer.concat(tape.writes);
      expect(whole.equals(publish('t', Buffer.alloc(size), { qos: 1 }))).toBe(true);
    },
  );
});
