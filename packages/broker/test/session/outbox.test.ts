import { describe, expect, it } from 'vitest';
import type { QoS } from '../../../../test/support/packets.ts';
import { createCounters } from '../../src/counters.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits.ts';
import { Outbox } from '../../src/session/outbox.ts';
import { tapped } from '../tap.ts';

/** An outbox, with a client that is there unless `away`. */
function open(limits: Partial<Limits> = {}, away = false) {
  const counters = createCounters();
  const outbox = new Outbox({ ...DEFAULT_LIMITS, ...limits }, counters);
  const first = tapped();
  if (!away) outbox.attach(first.output);
  const send = (payload: string, qos: QoS = 0, retain = false) =>
    outbox.send(Buffer.from('t'), Buffer.from(payload), qos, retain, undefined);
  return { counters, outbox, send, ...first };
}

describe('a client that is there', () => {
  it('gets messages at once, in order, whatever their quality of service', () => {
    const { send, lines } = open();
    for (const [payload, qos] of [
      ['a', 1],
      ['b', 0],
      ['c', 2],
      ['d', 0],
    ] as const)
      send(payload, qos);
    expect(lines()).toEqual([
      'PUBLISH t a q1 #1',
      'PUBLISH t b',
      'PUBLISH t c q2 #2',
      'PUBLISH t d',
    ]);
  });

  it('is told that a message was retained', () => {
    const { send, lines } = open();
    send('a', 0, true);
    send('b', 1, true);
    expect(lines()).toEqual(['PUBLISH t a retained', 'PUBLISH t b q1 #1 retained']);
  });

  it('gets as many as the window is wide, and one more per acknowledgement [MQTT-4.6.0-6]', () => {
    const { outbox, send, lines } = open({ outgoingWindow: 2 });
    for (const payload of ['a', 'b', 'c', 'd']) expect(send(payload, 1)).toBe(true);
    expect(lines()).toEqual(['PUBLISH t a q1 #1', 'PUBLISH t b q1 #2']);
    outbox.acknowledge(2);
    expect(lines()).toEqual(['PUBLISH t c q1 #3']);
    outbox.acknowledge(1);
    expect(lines()).toEqual(['PUBLISH t d q1 #4']);
    outbox.acknowledge(3);
    outbox.acknowledge(4);
    send('e', 1);
    expect(lines()).toEqual(['PUBLISH t e q1 #5']);
  });

  it('gets nothing of QoS 0 ahead of what waits behind the window', () => {
    const { outbox, send, lines } = open({ outgoingWindow: 1 });
    send('a', 1);
    send('b', 1);
    send('c', 0);
    expect(lines()).toEqual(['PUBLISH t a q1 #1']);
    outbox.acknowledge(1);
    // There is no room in the window for what follows, and QoS 0 needs none, but it waits its turn.
    expect(lines()).toEqual(['PUBLISH t b q1 #2']);
    outbox.acknowledge(2);
    expect(lines()).toEqual(['PUBLISH t c']);
  });

  it('never gets two messages in flight under one packet identifier [MQTT-2.3.1-4]', () => {
    const { outbox, send, lines } = open();
    send('stays', 1);
    expect(lines()).toEqual(['PUBLISH t stays q1 #1']);
    const used = new Set<number>();
    for (let i = 0; i < 66; i++) {
      for (let n = 0; n < 1_000; n++) send('x', 1);
      const ids = lines().map((line) => Number(/#(\d+)/.exec(line)?.[1]));
      expect(ids).not.toContain(1);
      for (const id of ids) {
        used.add(id);
        outbox.acknowledge(id);
      }
    }
    // All others were used, from 2 to the last, and then from the start again.
    expect(used.size).toBe(0xffff - 1);
    expect(Math.min(...used)).toBe(2);
  });

  it('ignores acknowledgements of what is not in flight', () => {
    const { outbox, send, lines } = open();
    outbox.acknowledge(1);
    outbox.acknowledge(77);
    send('a', 1);
    expect(lines()).toEqual(['PUBLISH t a q1 #1']);
  });
});

describe('QoS 2', () => {
  it('takes its four steps, and the window is free after the last [MQTT-4.3.3-1]', () => {
    const { outbox, send, lines } = open({ outgoingWindow: 1 });
    send('a', 2);
    send('b', 2);
    expect(lines()).toEqual(['PUBLISH t a q2 #1']);
    outbox.receive(1);
    expect(lines()).toEqual(['PUBREL 1']);
    outbox.acknowledge(1);
    expect(lines()).toEqual(['PUBLISH t b q2 #2']);
  });

  it('answers every PUBREC with PUBREL, also a repeated or unknown one', () => {
    const { outbox, send, lines } = open();
    send('a', 2);
    lines();
    for (const id of [1, 1, 9]) outbox.receive(id);
    expect(lines()).toEqual(['PUBREL 1', 'PUBREL 1', 'PUBREL 9']);
  });
});

describe('a client that comes back', () => {
  it('gets what it did not acknowledge again: same identifiers, same order, DUP [MQTT-4.4.0-1] [MQTT-3.3.1-1]', () => {
    const { outbox, send, lines } = open();
    for (const [payload, qos] of [
      ['a', 1],
      ['b', 2],
      ['c', 0],
      ['d', 1],
      ['e', 2],
    ] as const)
      send(payload, qos);
    lines();
    outbox.acknowledge(1);
    outbox.receive(2);
    outbox.detach();
    const again = tapped();
    outbox.attach(again.output);
    expect(again.lines()).toEqual(['PUBREL 2', 'PUBLISH t d q1 #3 dup', 'PUBLISH t e q2 #4 dup']);
  });

  it('gets them before what came meanwhile, and that before what comes now', () => {
    const { outbox, send } = open({ outgoingWindow: 2 });
    send('a', 1);
    send('b', 1);
    outbox.detach();
    send('c', 1);
    const again = tapped();
    outbox.attach(again.output);
    send('d', 1);
    send('e', 0);
    expect(again.lines()).toEqual(['PUBLISH t a q1 #1 dup', 'PUBLISH t b q1 #2 dup']);
    outbox.acknowledge(1);
    expect(again.lines()).toEqual(['PUBLISH t c q1 #3']);
    outbox.acknowledge(2);
    outbox.acknowledge(3);
    expect(again.lines()).toEqual(['PUBLISH t d q1 #4', 'PUBLISH t e']);
  });

  it('has its messages of QoS 1 and 2 kept, those of QoS 0 not [MQTT-3.1.2-5]', () => {
    const { outbox, send, lines, output, counters } = open({}, true);
    expect(send('a', 1)).toBe(true);
    expect(send('b', 0)).toBe(false);
    expect(send('c', 2)).toBe(true);
    expect(outbox.queued).toBe(2);
    expect(counters.drops).toBe(1);
    outbox.attach(output);
    expect(lines()).toEqual(['PUBLISH t a q1 #1', 'PUBLISH t c q2 #2']);
    expect(outbox.queued).toBe(0);
  });
});

describe('bounds', () => {
  it('on the number of messages that wait: the next ones are dropped and counted', () => {
    const { send, outbox, output, lines, counters } = open({ lineLength: 2 }, true);
    expect(['a', 'b', 'c', 'd'].map((payload) => send(payload, 1))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(counters.drops).toBe(2);
    outbox.attach(output);
    expect(lines()).toEqual(['PUBLISH t a q1 #1', 'PUBLISH t b q1 #2']);
    outbox.detach();
    expect(send('e', 1)).toBe(true);
  });

  it('on the bytes of messages that wait', () => {
    const { send, outbox, output, counters } = open({ lineBytes: 10 }, true);
    expect(['12345', '1234567', '12345', 'x'].map((payload) => send(payload, 1))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(counters.drops).toBe(2);
    outbox.attach(output);
    expect(outbox.queued).toBe(0);
    outbox.detach();
    expect(send('1234567890', 1)).toBe(true);
  });

  it('on what the socket has not taken: QoS 0 is dropped, the rest waits until it has', () => {
    const { send, outbox, tap, lines, counters } = open({ outputBytes: 100 });
    tap.writableLength = 101;
    expect([send('a', 0), send('b', 1), send('c', 0)]).toEqual([false, true, false]);
    expect(counters.drops).toBe(2);
    expect(lines()).toEqual([]);
    tap.writableLength = 0;
    outbox.pump();
    expect(lines()).toEqual(['PUBLISH t b q1 #1']);
  });

  it('on what one turn of the event loop writes: it counts before the socket has it', () => {
    const { send, counters } = open({ outputBytes: 10_000 });
    for (let i = 0; i < 100; i++) send('x'.repeat(1_000), 0);
    expect(counters.drops).toBeGreaterThan(80);
  });
});

it('tells which answers the client may not have, and what they answer', () => {
  const { outbox } = open({ outgoingWindow: 2 });
  const cause = (id: number) => ({ id, topic: Buffer.from('e'), payload: Buffer.from('?') });
  outbox.send(Buffer.from('t'), Buffer.from('a'), 1, false, cause(1));
  outbox.send(Buffer.from('t'), Buffer.from('b'), 2, false);
  outbox.send(Buffer.from('t'), Buffer.from('c'), 0, false);
  outbox.send(Buffer.from('t'), Buffer.from('d'), 1, false, cause(2));
  expect(outbox.unheard).toMatchObject([{ cause: { id: 1 } }, { cause: { id: 2 } }]);
  expect([outbox.unacknowledged, outbox.queued]).toEqual([2, 1]);
  outbox.acknowledge(1);
  expect(outbox.unheard).toMatchObject([{ cause: { id: 2 } }]);
});

describe('an answer to a client that is there', () => {
  const cause = { id: 1, topic: Buffer.from('e'), payload: Buffer.from('?') };

  it('lines up where other messages are dropped', () => {
    const { outbox, tap, lines, counters } = open({ outputBytes: 100, lineLength: 1 });
    tap.writableLength = 300_000;
    for (const text of ['a', 'b', 'c']) {
      expect(outbox.send(Buffer.from('t'), Buffer.from(text), 0, false, cause)).toBe(true);
    }
    expect(outbox.send(Buffer.from('t'), Buffer.from('x'), 0, false)).toBe(false);
    tap.writableLength = 0;
    outbox.pump();
    expect(lines()).toEqual(['PUBLISH t a', 'PUBLISH t b', 'PUBLISH t c']);
    expect(counters.drops).toBe(1);
  });

  it('has a bound all the same', () => {
    const { outbox, tap } = open({ lineLength: 2 });
    tap.writableLength = 300_000;
    const sent = Array.from({ length: 17 }, () =>
      outbox.send(Buffer.from('t'), Buffer.from('a'), 1, false, cause),
    );
    expect(sent.filter(Boolean)).toHaveLength(16);
  });
});
