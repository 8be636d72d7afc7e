/** All that is sent to one client, of every kind, in one order. */
import { OUTPUT_HIGH, type Output } from '../connection/output.ts';
import type { Counters } from '../counters.ts';
import type { Backlog } from '../keeping/archive.ts';
import type { OfflineQueue } from '../keeping/offline-queue.ts';
import type { Pledge } from '../keeping/pledge.ts';
import type { Limits } from '../limits.ts';
import { PUBREL, type QoS } from '../wire/packet.ts';
import { type Cause, kept } from './cause.ts';
import { type Delivery, deliveryOf, flagsOf, redeem } from './delivery.ts';
import { Line } from './line.ts';
import { Waiting } from './waiting.ts';
import { Window } from './window.ts';

const RELEASE = (PUBREL << 4) | 2;

/**
 * Sends at once when the client is there and nothing waits; else the message lines up. Messages of
 * QoS 1 and 2 stay until they are acknowledged and are sent again, with DUP, to the next
 * connection of the session [MQTT-4.4.0-1].
 */
export class Outbox {
  readonly #limits: Limits;
  readonly #counters: Counters;
  readonly #offline: OfflineQueue | undefined;
  readonly #window: Window;
  readonly #line: Line;
  readonly #pump = () => this.pump();
  #output: Output | undefined;
  #ended = false;

  /**
   * @param offline  where messages of a session that is kept wait while its client is away
   * @param confirms whoever sends waits for the client's acknowledgement
   */
  constructor(
    limits: Limits,
    counters: Counters,
    backlog: Backlog = { bytes: 0 },
    offline?: OfflineQueue,
    confirms = false,
  ) {
    this.#limits = limits;
    this.#counters = counters;
    this.#offline = offline;
    this.#window = new Window(limits);
    this.#line = new Line(new Waiting(limits, backlog), offline, confirms);
  }

  /** Messages that were not sent yet. */
  get queued(): number {
    return this.#line.size;
  }

  /** Messages that were sent and are not acknowledged. */
  get unacknowledged(): number {
    return this.#window.size;
  }

  /** Little waits, and the client reads what it is sent. */
  get flows(): boolean {
    return this.#line.isShort && this.#output !== undefined && this.#output.backlog <= OUTPUT_HIGH;
  }

  /** Answers that the client may not have, oldest first. */
  get unheard(): readonly Delivery[] {
    return [...this.#window.deliveries, ...this.#line.all].filter(({ cause }) => cause);
  }

  /**
   * Sends a message or lines it up; false when there was no room and it was dropped. An answer
   * finds room where others do not, as long as the client is there: it was acknowledged already.
   * @param pledge waits until the client has the message, or the store, if the session outlives us
   */
  send(
    topic: Uint8Array,
    payload: Uint8Array,
    qos: QoS,
    retain: boolean,
    cause?: Cause,
    pledge?: Pledge,
  ): boolean {
    const output = this.#output;
    if (output && this.queued === 0) {
      const bound = cause ? OUTPUT_HIGH : this.#limits.outputBytes;
      if (qos === 0 && output.backlog <= bound) {
        output.publish(topic, payload, retain ? 1 : 0, 0);
        return true;
      }
      // QoS 2 is stored first, where the session outlives us.
      const mayPass = qos === 1 || (qos === 2 && !this.#offline?.durable);
      if (mayPass && this.#hasRoom(output, this.#nextNumber())) {
        const delivery = deliveryOf(topic, kept(payload), qos, retain, cause);
        this.#line.pass(delivery, pledge);
        this.#transmit(output, delivery);
        return true;
      }
    }
    // Nobody waits for a QoS 0 message of the past, nor reads what is too much.
    const fits = cause || (output && output.backlog <= this.#limits.outputBytes);
    if (qos === 0 && !(output && fits)) return this.#drop();
    const delivery = deliveryOf(topic, kept(payload), qos, retain, cause);
    return (
      this.#line.add(delivery, pledge, output !== undefined, this.#pump) ||
      (this.#offline ? false : this.#drop())
    );
  }

  /** The session has a connection: sends again what was not acknowledged, then what waits. */
  attach(output: Output): void {
    this.#output = output;
    for (const [id, delivery] of this.#window.all) {
      delivery.again = true;
      this.#write(output, id, delivery);
    }
    this.pump();
  }

  /** The connection is gone. */
  detach(): void {
    if (!this.#output || this.#ended) return;
    this.#output = undefined;
    if (this.#line.leave(this.#window.deliveries)) this.#window.clear();
  }

  /** The session has ended: nothing of it is sent any more, and nobody waits for it. */
  end(): void {
    this.#ended = true;
    this.#output = undefined;
    const sent = [...this.#window.deliveries];
    this.#window.clear();
    this.#line.end(sent);
  }

  /** PUBACK or PUBCOMP. An identifier that is not in flight is ignored. */
  acknowledge(id: number): void {
    const delivery = this.#window.take(id);
    if (!delivery) return;
    if (this.#offline) this.#offline.remove(delivery);
    else redeem(delivery);
    if (this.queued > 0) this.pump();
  }

  /** PUBREC: answered with PUBREL, whatever the identifier [MQTT-4.3.3-1]. */
  receive(id: number): void {
    const release = () => void this.#output?.identifier(RELEASE, id);
    const delivery = this.#window.get(id);
    if (delivery) {
      delivery.received = true;
      redeem(delivery);
    }
    // After PUBREL no PUBLISH may follow, not even after a restart.
    if (delivery && this.#offline?.durable) this.#offline.secure(delivery, release);
    else release();
  }

  /** Sends what waits, as far as the window and the socket allow. */
  pump(): void {
    const output = this.#output;
    if (!output) return;
    for (let next = this.#line.peek(); next; next = this.#line.peek()) {
      if (!next.secured || !this.#hasRoom(output, next.number)) return;
      this.#line.shift();
      if (next.qos > 0) this.#transmit(output, next);
      else {
        output.publish(next.topic, next.payload, flagsOf(next), 0);
        this.#offline?.remove(next);
      }
    }
    this.#line.refill(this.#pump);
  }

  /** The number of the next message, if it is to have one: the identifier that belongs to it must be free. */
  #nextNumber(): number {
    const offline = this.#offline;
    if (!offline) return 0;
    while (this.#window.isTaken(offline.next)) offline.skip();
    return offline.next;
  }

  #transmit(output: Output, delivery: Delivery): void {
    this.#write(output, this.#window.enter(delivery), delivery);
    this.#offline?.sent(delivery);
  }

  #write(output: Output, id: number, delivery: Delivery): void {
    if (delivery.received) output.identifier(RELEASE, id);
    else output.publish(delivery.topic, delivery.payload, flagsOf(delivery), id);
  }

  #hasRoom(output: Output, number: number): boolean {
    if (output.backlog > Math.min(OUTPUT_HIGH, this.#limits.outputBytes)) return false;
    return this.#window.hasRoom(number);
  }

  #drop(): false {
    this.#counters.drops++;
    return false;
  }
}
