import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packet, remaining } from '../../../../test/support/packets.ts';
import { FrameReader } from '../../src/wire/frame.ts';

const LIMIT = 100_000;

/** A packet as the reader shows it. */
interface Seen {
  readonly header: number;
  /** Where it lies: a view, as the broker keeps it. */
  readonly body: Buffer;
}

function current({ header, buffer, start, end }: FrameReader): Seen {
  return { header, body: buffer.subarray(start, end) };
}

/** Reads all that is there. */
function drain(reader: FrameReader): Seen[] {
  const seen: Seen[] = [];
  while (reader.next()) seen.push(current(reader));
  return seen;
}

/** Cuts bytes into chunks, each a buffer of its own as a socket gives them. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    chunks.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
}

const packets = fc.array(
  fc.record({
    header: fc.integer({ min: 0, max: 255 }),
    body: fc.oneof(
      { weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      // The lengths around which the remaining length takes one byte more.
      fc
        .constantFrom(0, 127, 128, 2_000, 16_383, 16_384, 40_000)
        .map((n) => new Uint8Array(n).fill(n)),
    ),
  }),
  { minLength: 1, maxLength: 12 },
);
const sizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 50_000 })),
  {
    minLength: 1,
    maxLength: 8,
  },
);

function bytesOf(all: readonly { header: number; body: Uint8Array }[]): Buffer {
  return Buffer.concat(all.map(({ header, body }) => packet(header, body)));
}

function plain(all: readonly { header: number; body: Uint8Array }[]) {
  return all.map(({ header, body }) => ({ header, body: Buffer.from(body).toString('hex') }));
}

describe('FrameReader', () => {
  it('finds the packets in a stream that comes byte by byte', () => {
    const sent = [
      { header: 0x10, body: Buffer.from('connect') },
      { header: 0xc0, body: Buffer.alloc(0) },
      { header: 0x30, body: Buffer.alloc(300, 7) },
    ];
    const reader = new FrameReader(LIMIT);
    const seen: Seen[] = [];
    for (const byte of bytesOf(sent)) {
      reader.push(Buffer.of(byte));
      seen.push(...drain(reader));
    }
    expect(plain(seen)).toEqual(plain(sent));
    expect(reader.waiting).toBe(0);
  });

  it('finds the same packets however the stream is cut, and never overwrites what it showed', () => {
    fc.assert(
      fc.property(packets, sizes, (sent, cuts) => {
        const reader = new FrameReader(LIMIT);
        const seen: Seen[] = [];
        for (const chunk of cut(bytesOf(sent), cuts)) {
          reader.push(chunk);
          seen.push(...drain(reader));
        }
        // Compared only now: the bodies are views into the reader's buffers.
        expect(plain(seen)).toEqual(plain(sent));
        expect(reader.waiting).toBe(0);
      }),
    );
  });

  it('gives a packet again after unread, also when more has come meanwhile', () => {
    fc.assert(
      fc.property(packets, sizes, fc.infiniteStream(fc.boolean()), (sent, cuts, again) => {
        const reader = new FrameReader(LIMIT);
        const seen: Seen[] = [];
        const read = () => {
          while (reader.next()) {
            if (again.next().value) return reader.unread();
            seen.push(current(reader));
          }
        };
        for (const chunk of cut(bytesOf(sent), cuts)) {
          reader.push(chunk);
          read();
        }
        seen.push(...drain(reader));
        expect(plain(seen)).toEqual(plain(sent));
      }),
    );
  });

  it('holds at most eight times what it was given of a large packet', () => {
    const beginning = packet(0x30, Buffer.alloc(900_000)).subarray(0, 16_000);
    const readers = Array.from({ length: 100 }, () => new FrameReader(1_000_000));
    const before = process.memoryUsage().arrayBuffers;
    for (const reader of readers) {
      reader.push(beginning);
      expect(reader.next()).toBe(false);
      expect(reader.waiting).toBe(beginning.length);
    }
    const held = process.memoryUsage().arrayBuffers - before;
    expect(held).toBeLessThan(9 * readers.length * beginning.length);
  });

  it('gives back the memory of chunks of which it has copied all, and of no other', () => {
    const small = packet(0x30, Buffer.from('small'));
    const large = packet(0x30, Buffer.alloc(90_000, 'large'));
    const stream = Buffer.concat([small, large, small]);
    const chunks = cut(stream, [30_000]);
    const reader = new FrameReader(LIMIT);
    const seen = chunks.flatMap((chunk) => {
      reader.push(chunk);
      return drain(reader);
    });
    // The first and the last one have a packet of their own in them.
    expect(chunks.map(({ length }) => length)).toEqual([30_000, 0, 0, 18]);
    expect(Buffer.concat(seen.map(({ body }) => body)).toString()).toBe(
      `small${'large'.repeat(18_000)}small`,
    );
  });

  it('lets go of a large chunk when only a few bytes of it wait', () => {
    const reader = new FrameReader(LIMIT);
    reader.push(Buffer.concat([packet(0x30, Buffer.alloc(60_000)), Buffer.from([0x30, 10, 1])]));
    expect(drain(reader)).toHaveLength(1);
    expect(reader.waiting).toBe(3);
    expect(reader.buffer.length).toBeLessThan(1_000);
  });

  it('forgets what waits when it is cleared', () => {
    const reader = new FrameReader(LIMIT);
    reader.push(Buffer.from([0x30, 10, 1]));
    expect(reader.next()).toBe(false);
    reader.clear();
    reader.push(packet(0xc0));
    expect(drain(reader)).toHaveLength(1);
  });

  it('takes the largest packet that is allowed', () => {
    const whole = packet(0x30, Buffer.alloc(1_000));
    const reader = new FrameReader(whole.length);
    reader.push(whole);
    expect(reader.next()).toBe(true);
  });

  it('refuses a larger one as soon as its length is there, before its body', () => {
    const whole = packet(0x30, Buffer.alloc(1_001));
    const reader = new FrameReader(whole.length - 1);
    reader.push(Buffer.from(whole.subarray(0, 2)));
    expect(reader.next()).toBe(false);
    reader.push(Buffer.from(whole.subarray(2, 3)));
    expect(() => reader.next()).toThrow(expect.objectContaining({ code: 'N2O_PACKET_LIMIT' }));
  });

  it('refuses the largest length that can be said', () => {
    const reader = new FrameReader(LIMIT);
    reader.push(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
    expect(() => reader.next()).toThrow(expect.objectContaining({ code: 'N2O_PACKET_LIMIT' }));
  });

  it.each([
    ['five bytes long', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['without an end', [0x30, 0xff, 0xff, 0xff, 0xff]],
  ])('refuses a remaining length that is %s, whole or byte by byte [MQTT-2.2.3]', (_, bytes) => {
    const whole = new FrameReader(LIMIT);
    whole.push(Buffer.from(bytes));
    expect(() => whole.next()).toThrow(expect.objectContaining({ code: 'N2O_PACKET_LENGTH' }));

    const slow = new FrameReader(LIMIT);
    expect(() => {
      for (const byte of bytes) {
        slow.push(Buffer.of(byte));
        slow.next();
      }
    }).toThrow(expect.objectContaining({ code: 'N2O_PACKET_LENGTH' }));
  });

  it('reads each length as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x0fff_ffff }), (length) => {
        const header = Buffer.concat([Buffer.of(0x30), remaining(length)]);
        const reader = new FrameReader(header.length + length - 1);
        reader.push(header);
        expect(() => reader.next()).toThrow(expect.objectContaining({ code: 'N2O_PACKET_LIMIT' }));
        const roomy = new FrameReader(header.length + length);
        roomy.push(header);
        expect(roomy.next()).toBe(length === 0);
      }),
    );
  });
});
