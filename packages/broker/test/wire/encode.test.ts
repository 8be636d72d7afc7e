import fc from 'fast-check';
import { type Packet, parser } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import {
  connack,
  IDENTIFIER_SIZE,
  publishHeaderSize,
  suback,
  writeIdentifier,
  writePublishHeader,
} from '../../src/wire/encode.ts';
import { PUBACK, PUBCOMP, PUBREC, PUBREL, type QoS, UNSUBACK } from '../../src/wire/packet.ts';

/** What another implementation reads: all packets, and nothing left over. */
function read(bytes: Buffer): Packet[] {
  const packets: Packet[] = [];
  const reader = parser();
  reader.on('packet', (packet) => packets.push(packet));
  reader.on('error', (error) => expect.unreachable(error.message));
  expect(reader.parse(bytes)).toBe(0);
  return packets;
}

const ids = fc.integer({ min: 1, max: 0xffff });

describe('what is written can be read by others', () => {
  it.each([0, 1, 2, 3, 4, 5])('CONNACK %i', (code) => {
    for (const sessionPresent of [false, true]) {
      expect(read(connack(code, sessionPresent))).toMatchObject([
        { cmd: 'connack', returnCode: code, sessionPresent },
      ]);
    }
  });

  it('SUBACK, with any number of codes', () => {
    const codes = fc.array(fc.constantFrom(0, 1, 2, 0x80), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(ids, codes, (messageId, granted) => {
        expect(read(suback(messageId, granted))).toMatchObject([
          { cmd: 'suback', messageId, granted },
        ]);
      }),
    );
  });

  it.each([
    ['puback', PUBACK << 4],
    ['pubrec', PUBREC << 4],
    ['pubrel', (PUBREL << 4) | 2],
    ['pubcomp', PUBCOMP << 4],
    ['unsuback', UNSUBACK << 4],
  ])('%s', (cmd, header) => {
    fc.assert(
      fc.property(ids, (messageId) => {
        const bytes = Buffer.alloc(IDENTIFIER_SIZE + 2, 0xee);
        writeIdentifier(bytes, 1, header, messageId);
        expect(read(bytes.subarray(1, 1 + IDENTIFIER_SIZE))).toMatchObject([{ cmd, messageId }]);
        expect([bytes.at(0), bytes.at(-1)]).toEqual([0xee, 0xee]);
      }),
    );
  });

  it('PUBLISH, of any topic, size and flags, into exactly the room that it asked for', () => {
    const topics = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      fc.string({ unit: 'grapheme-ascii', minLength: 60, maxLength: 1_000 }),
    );
    // The sizes around which the remaining length takes one byte more.
    const sizes = fc.oneof(
      fc.nat(300),
      fc.integer({ min: 16_200, max: 16_400 }),
      fc.constant(2_097_152),
    );
    const qos = fc.constantFrom<QoS>(0, 1, 2);
    fc.assert(
      fc.property(
        topics,
        sizes,
        qos,
        fc.boolean(),
        fc.boolean(),
        ids,
        (topic, size, q, dup, retain, id) => {
          fc.pre(!/[+#\0]/.test(topic));
          const name = Buffer.from(topic);
          const head = publishHeaderSize(name, size, q);
          const bytes = Buffer.alloc(1 + head + size, 0xee);
          const flags = (dup && q > 0 ? 8 : 0) | (q << 1) | (retain ? 1 : 0);
          expect(writePublishHeader(bytes, 1, name, size, flags, id)).toBe(1 + head);
          expect(bytes[0]).toBe(0xee);
          const [packet] = read(bytes.subarray(1));
          expect(packet).toMatchObject({
            cmd: 'publish',
            topic,
            qos: q,
            retain,
            dup: dup && q > 0,
          });
          if (q > 0) expect(packet?.messageId).toBe(id);
          expect((packet as { payload: Buffer }).payload).toHaveLength(size);
        },
      ),
    );
  });
});
