/** All that is sent to one client, of every kind, in one order. */
import { Queue } from '@n2o/shared';
import { OUTPUT_HIGH, type Output } from '../connection/output.ts';
import type { Counters } from '../counters.ts';
import type { Limits } from '../limits.ts';
import { PUBREL, type QoS } from '../wire/packet.ts';
import { type Cause, kept } from './cause.ts';
import { type Delivery, deliveryOf, flagsOf, sizeOf } from './delivery.ts';

/** Bytes of payload that line up in all outboxes of a broker. */
export interface Backlog {
  bytes: number;
}

const DUP = 8;

/**
 * Answers to a client that is there may take so many times what other messages may: at least what
 * its window of events can lead to, so that who reads what it asked for is not cut off.
 */
const ANSWERS_MAY = 8;

/**
 * Sends at once when the client is there and nothing waits; else the message lines up. Messages of
 * QoS 1 and 2 stay until they are acknowledged and are sent again, with DUP, to the next
 * connection of the session [MQTT-4.4.0-1].
 */
export class Outbox {
  readonly #limits: Limits;
  readonly #counters: Counters;
  readonly #backlog: Backlog;
  #output: Output | undefined;
  /** By packet identifier, in the order of sending; made when first needed. */
  #inflight: Map<number, Delivery> | undefined;
  #inflightBytes = 0;
  /** Made when first needed. */
  #queue: Queue<Delivery> | undefined;
  #queuedBytes = 0;
  #lastId = 0;

  constructor(limits: Limits, counters: Counters, backlog: Backlog = { bytes: 0 }) {
    this.#limits = limits;
    this.#counters = counters;
    this.#backlog = backlog;
  }

  /** Messages that were not sent yet. */
  get queued(): number {
    return this.#queue?.size ?? 0;
  }

  /** Messages that were sent and are not acknowledged. */
  get unacknowledged(): number {
    return this.#inflight?.size ?? 0;
  }

  /** Nothing waits, and the client reads what it is sent. */
  get flows(): boolean {
    return this.queued === 0 && this.#output !== undefined && this.#output.backlog <= OUTPUT_HIGH;
  }

  /** Answers that the client may not have, oldest first. */
  get unheard(): readonly Delivery[] {
    return [...(this.#inflight?.values() ?? []), ...(this.#queue ?? [])].filter(
      ({ cause }) => cause,
    );
  }

  /**
   * Sends a message or lines it up; false when there was no room and it was dropped. An answer
   * finds room where others do not, as long as the client is there: it was acknowledged already.
   */
  send(topic: Uint8Array, payload: Uint8Array, qos: QoS, retain: boolean, cause?: Cause): boolean {
    const output = this.#output;
    if (output && this.queued === 0) {
      const bound = cause ? OUTPUT_HIGH : this.#limits.outputBytes;
      if (qos === 0 && output.backlog <= bound) {
        output.publish(topic, payload, retain ? 1 : 0, 0);
        return true;
      }
      if (qos > 0 && this.#hasRoom(output)) {
        this.#transmit(output, deliveryOf(topic, kept(payload), qos, retain, cause));
        return true;
      }
    }
    // Nobody waits for a QoS 0 message of the past, nor reads what is too much.
    const fits = cause || (output && output.backlog <= this.#limits.outputBytes);
    if (qos === 0 && !(output && fits)) return this.#drop();
    return this.#enqueue(deliveryOf(topic, kept(payload), qos, retain, cause));
  }

  /** The session has a connection: sends again what was not acknowledged, then what waits. */
  attach(output: Output): void {
    this.#output = output;
    for (const [id, delivery] of this.#inflight ?? []) {
      if (delivery.received) output.identifier((PUBREL << 4) | 2, id);
      else output.publish(delivery.topic, delivery.payload, flagsOf(delivery) | DUP, id);
    }
    this.pump();
  }

  /** The connection is gone. */
  detach(): void {
    this.#output = undefined;
  }

  /** The session has ended: nothing of it is sent any more. */
  end(): void {
    this.detach();
    this.#inflight = this.#queue = undefined;
    this.#line(-this.#queuedBytes);
  }

  /** PUBACK or PUBCOMP. An identifier that is not in flight is ignored. */
  acknowledge(id: number): void {
    const delivery = this.#inflight?.get(id);
    if (!delivery) return;
    this.#inflight?.delete(id);
    this.#inflightBytes -= sizeOf(delivery);
    if (this.queued > 0) this.pump();
  }

  /** PUBREC: answered with PUBREL, whatever the identifier [MQTT-4.3.3-1]. */
  receive(id: number): void {
    const delivery = this.#inflight?.get(id);
    if (delivery) delivery.received = true;
    this.#output?.identifier((PUBREL << 4) | 2, id);
  }

  /** Sends what waits, as far as the window and the socket allow. */
  pump(): void {
    const output = this.#output;
    if (!output) return;
    for (
      let next = this.#queue?.peek();
      next && this.#hasRoom(output);
      next = this.#queue?.peek()
    ) {
      this.#queue?.shift();
      this.#line(-sizeOf(next));
      if (next.qos === 0) output.publish(next.topic, next.payload, flagsOf(next), 0);
      else this.#transmit(output, next);
    }
  }

  #transmit(output: Output, delivery: Delivery): void {
    this.#inflight ??= new Map();
    const id = this.#nextId();
    this.#inflight.set(id, delivery);
    this.#inflightBytes += sizeOf(delivery);
    output.publish(delivery.topic, delivery.payload, flagsOf(delivery), id);
  }

  #hasRoom(output: Output): boolean {
    const { outgoingWindow, queueBytes, outputBytes } = this.#limits;
    if (output.backlog > Math.min(OUTPUT_HIGH, outputBytes)) return false;
    if (this.#inflight === undefined) return true;
    return this.#inflight.size < outgoingWindow && this.#inflightBytes < queueBytes;
  }

  #enqueue(delivery: Delivery): boolean {
    const { queueLength, queueBytes, allQueuesBytes } = this.#limits;
    const may = delivery.cause && this.#output ? ANSWERS_MAY : 1;
    const bytes = sizeOf(delivery);
    if (this.queued >= may * queueLength) return this.#drop();
    if (this.#queuedBytes + bytes > may * queueBytes) return this.#drop();
    if (this.#backlog.bytes + bytes > Math.min(may, 2) * allQueuesBytes) return this.#drop();
    this.#queue ??= new Queue();
    this.#queue.push(delivery);
    this.#line(bytes);
    return true;
  }

  #line(bytes: number): void {
    this.#queuedBytes += bytes;
    this.#backlog.bytes += bytes;
  }

  #drop(): false {
    this.#counters.drops++;
    return false;
  }

  /** The next identifier that is not in flight [MQTT-2.3.1-2]; the window is far smaller than their number. */
  #nextId(): number {
    do this.#lastId = this.#lastId === 0xffff ? 1 : this.#lastId + 1;
    while (this.#inflight?.has(this.#lastId));
    return this.#lastId;
  }
}
