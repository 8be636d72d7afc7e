import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { QoS } from '../../../../test/support/packets.ts';
import { createCounters } from '../../src/counters.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { Outbox } from '../../src/session/outbox.ts';
import { type Tap, tapped } from '../tap.ts';

const WINDOW = 3;
const limits = { ...DEFAULT_LIMITS, outgoingWindow: WINDOW, lineLength: 8, outputBytes: 100 };

/** What a client does that keeps to the rules, at its own pace. */
class Client {
  /** By identifier: the message, and whether it was received (QoS 2). */
  readonly inflight = new Map<string, { payload: string; qos: string; received: boolean }>();
  /** Payloads, each once, in the order of their first transmission. */
  readonly got: string[] = [];
  #resent: string[] = [];

  /** Reads what the outbox wrote, and judges it. */
  read(lines: readonly string[]): void {
    for (const line of lines) {
      const [, payload, qos, id, dup] =
        /^PUBLISH t (\w+)(?: (q\d) #(\d+)( dup)?)?$/.exec(line) ?? [];
      if (line.startsWith('PUBREL')) this.#released(line.slice(7));
      else if (!id) this.#new(payload as string);
      else if (dup) {
        expect(this.inflight.get(id)).toEqual({ payload, qos, received: false });
        this.#again(id);
      } else {
        // [MQTT-2.3.1-4]
        expect(this.inflight.has(id)).toBe(false);
        this.#new(payload as string);
        this.inflight.set(id, { payload: payload as string, qos: qos as string, received: false });
        expect(this.inflight.size).toBeLessThanOrEqual(WINDOW);
      }
    }
  }

  /** A new connection: everything in flight has to come again, in order, before anything else [MQTT-4.4.0-1]. */
  reconnected(): void {
    this.#resent = [...this.inflight.keys()];
  }

  #released(id: string): void {
    if (this.#resent.length > 0) this.#again(id);
    expect(this.inflight.get(id)?.received).toBe(true);
  }

  #again(id: string): void {
    expect(this.#resent.shift()).toBe(id);
  }

  #new(payload: string): void {
    expect(this.#resent).toEqual([]);
    this.got.push(payload);
  }
}

/** An outbox and its client, with all that can happen to them. */
class World {
  readonly counters = createCounters();
  readonly outbox = new Outbox(limits, this.counters);
  readonly client = new Client();
  readonly accepted: string[] = [];
  refused = 0;
  #sent = 0;
  #end: { tap: Tap; lines: () => string[] } | undefined;

  send(qos: QoS): void {
    const payload = `m${this.#sent++}`;
    if (this.outbox.send(Buffer.from('t'), Buffer.from(payload), qos, false, undefined))
      this.accepted.push(payload);
    else this.refused++;
    this.#read();
  }

  connect(): void {
    if (this.#end) return;
    const end = tapped();
    this.#end = end;
    this.client.reconnected();
    this.outbox.attach(end.output);
    this.#read();
  }

  disconnect(): void {
    this.outbox.detach();
    this.#end = undefined;
  }

  slow(isSlow: boolean): void {
    if (!this.#end) return;
    this.#end.tap.writableLength = isSlow ? limits.outputBytes + 1 : 0;
    if (!isSlow) this.outbox.pump();
    this.#read();
  }

  /** Takes the next step of the message in flight that a number chooses. */
  answer(choice: number): void {
    const ids = [...this.client.inflight.keys()];
    const id = ids[choice % (ids.length || 1)];
    const message = this.client.inflight.get(id ?? '');
    if (!this.#end || !message) return;
    if (message.qos === 'q2' && !message.received) {
      message.received = true;
      this.outbox.receive(Number(id));
    } else {
      this.client.inflight.delete(id as string);
      this.outbox.acknowledge(Number(id));
    }
    this.#read();
  }

  /** Lets the client take all that there is. */
  finish(): void {
    this.connect();
    this.slow(false);
    while (this.client.inflight.size > 0) this.answer(0);
  }

  #read(): void {
    if (this.#end) this.client.read(this.#end.lines());
  }
}

type Step = (world: World) => void;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<QoS>(0, 1, 2).map(
      (qos): Step =>
        (world) =>
          world.send(qos),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.nat(9).map(
      (choice): Step =>
        (world) =>
          world.answer(choice),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (isSlow): Step =>
        (world) =>
          world.slow(isSlow),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.disconnect()) },
  { weight: 2, arbitrary: fc.constant<Step>((world) => world.connect()) },
);

it('whatever happens, each accepted message arrives once, in order, within the window', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const world = new World();
      world.connect();
      for (const act of steps) act(world);
      world.finish();
      expect(world.client.got).toEqual(world.accepted);
      expect(world.counters.drops).toBe(world.refused);
      expect(world.outbox.queued).toBe(0);
      expect(world.outbox.unacknowledged).toBe(0);
    }),
    { numRuns: 300 },
  );
});
