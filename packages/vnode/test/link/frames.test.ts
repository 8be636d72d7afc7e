import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as packets from '../../../../test/support/packets.ts';
import { Frames } from '../../src/link/frames.ts';
import { Publish } from '../../src/link/wire.ts';

const { publish, puback } = packets;

/** All that can be read, each packet as text. */
function read(frames: Frames): string[] {
  const seen: string[] = [];
  const packet = new Publish();
  while (frames.next()) {
    if (frames.header >> 4 === 3) {
      packet.read(frames);
      const { topic, payload, qos, id, dup, retain, truncated } = packet;
      const flags = `${qos}${dup ? 'd' : ''}${retain ? 'r' : ''}${truncated ? 't' : ''}`;
      seen.push(`${topic} ${truncated ? '' : payload} ${flags} ${id}`);
    } else seen.push(frames.buffer.toString('hex', frames.start, frames.end));
  }
  return seen;
}

describe('frames', () => {
  const stream = Buffer.concat([
    publish('a/b', 'hello', { qos: 1, id: 258, dup: true }),
    puback(7),
    publish('c', '', { retain: true }),
    publish('d', 'x'.repeat(300), { qos: 1, id: 9 }),
  ]);
  const expected = ['a/b hello 1d 258', '40020007', 'c  0r 0', `d ${'x'.repeat(300)} 1 9`];

  it('are the same however the bytes come', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (at) => {
        const frames = new Frames(1_000);
        const seen: string[] = [];
        const places = [0, ...at.sort((a, b) => a - b), stream.length];
        for (let i = 1; i < places.length; i++) {
          frames.push(stream.subarray(places[i - 1], places[i]));
          // Not everything is read at once: who is paused has bytes left over.
          if (i % 3 !== 0) seen.push(...read(frames));
        }
        seen.push(...read(frames));
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('over the limit keep topic and identifier, and nothing of it is waited for', () => {
    const large = publish('big', Buffer.alloc(200_000), { qos: 1, id: 3 });
    const frames = new Frames(1_000);
    const seen: string[] = [];
    const bytes = Buffer.concat([large, puback(7)]);
    for (let at = 0; at < bytes.length; at += 30_000) {
      frames.push(bytes.subarray(at, at + 30_000));
      seen.push(...read(frames));
    }
    expect(seen).toEqual(['big  1t 3', '40020007']);
  });

  it.each([
    ['a remaining length of five bytes', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
    ['a topic that is longer than its packet', Buffer.from([0x30, 0x03, 0x00, 0x09, 0x61])],
    ['no room for the topic', Buffer.from([0x30, 0x01, 0x00])],
    ['no room for the identifier', Buffer.from([0x32, 0x03, 0x00, 0x01, 0x61])],
    ['a message of QoS 2', publish('a', 'b', { qos: 2 })],
  ])('refuse %s', (_, bytes) => {
    const frames = new Frames(1_000);
    frames.push(bytes);
    expect(() => read(frames)).toThrow(expect.objectContaining({ code: 'N2O_LINK_PACKET' }));
  });
});
