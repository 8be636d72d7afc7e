/** All that is sent to one client, of every kind, in one order. */
import type { Output } from '../connection/output.ts';
import type { Counters } from '../counters.ts';
import type { Limits } from '../limits.ts';
import { PUBREL, type QoS } from '../wire/packet.ts';

/** A message on its way to a client. */
export interface Delivery {
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  /** The event that it answers, if any. */
  readonly cause: object | undefined;
  /** QoS 2: the client has it (PUBREC), only the handshake is left. */
  received: boolean;
}

/** Bytes of payload that line up in all outboxes of a broker. */
export interface Backlog {
  bytes: number;
}

const DUP = 8;

/**
 * Sends at once when the client is there and nothing waits; else the message lines up. Messages of
 * QoS 1 and 2 stay until they are acknowledged and are sent again, with DUP, to the next
 * connection of the session [MQTT-4.4.0-1].
 */
export class Outbox {
  readonly #limits: Limits;
  readonly #counters: Counters;
  #output: Output | undefined;
  /** By packet identifier, in the order of sending; made when first needed. */
  #inflight: Map<number, Delivery> | undefined;
  #queue: Delivery[] | undefined;
  #head = 0;
  #queuedBytes = 0;
  #inflightBytes = 0;
  #lastId = 0;
  readonly #backlog: Backlog;

  constructor(limits: Limits, counters: Counters, backlog: Backlog = { bytes: 0 }) {
    this.#limits = limits;
    this.#counters = counters;
    this.#backlog = backlog;
  }

  /** Messages that were not sent yet. */
  get queued(): number {
    return this.#queue ? this.#queue.length - this.#head : 0;
  }

  /** Messages that were sent and are not acknowledged yet, oldest first. */
  get unacknowledged(): readonly Delivery[] {
    return this.#inflight ? [...this.#inflight.values()] : [];
  }

  /** Sends a message or lines it up; false when there was no room and it was dropped. */
  send(
    topic: Uint8Array,
    payload: Uint8Array,
    qos: QoS,
    retain: boolean,
    cause: object | undefined,
  ): boolean {
    const output = this.#output;
    if (output && this.#queue === undefined) {
      if (qos === 0) {
        if (output.backlog > this.#limits.outputBytes) return this.#drop();
        output.publish(topic, payload, retain ? 1 : 0, 0);
        return true;
      }
      if (this.#hasRoom(output)) {
        this.#transmit(output, { topic, payload, qos, retain, cause, received: false });
        return true;
      }
    }
    // Nobody waits for a QoS 0 message of the past.
    if (qos === 0 && !output) return this.#drop();
    return this.#enqueue({ topic, payload, qos, retain, cause, received: false });
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

  /** The session has ended: nothing of it is sent any more. */
  end(): void {
    this.detach();
    this.#queue = undefined;
    this.#head = 0;
    this.#line(-this.#queuedBytes);
  }

  /** The connection is gone. */
  detach(): void {
    this.#output = undefined;
  }

  /** PUBACK or PUBCOMP. An identifier that is not in flight is ignored. */
  acknowledge(id: number): void {
    const delivery = this.#inflight?.get(id);
    if (!delivery) return;
    this.#inflight?.delete(id);
    this.#inflightBytes -= delivery.payload.length;
    if (this.#queue) this.pump();
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
    const queue = this.#queue;
    if (!output || !queue) return;
    while (this.#head < queue.length && this.#hasRoom(output)) {
      const delivery = queue[this.#head] as Delivery;
      this.#head++;
      this.#line(-delivery.payload.length);
      if (delivery.qos === 0) {
        output.publish(delivery.topic, delivery.payload, flagsOf(delivery), 0);
      } else this.#transmit(output, delivery);
    }
    if (this.#head === queue.length) {
      this.#queue = undefined;
      this.#head = 0;
    } else if (this.#head >= 1024) {
      queue.splice(0, this.#head);
      this.#head = 0;
    }
  }

  #transmit(output: Output, delivery: Delivery): void {
    this.#inflight ??= new Map();
    const id = this.#nextId();
    this.#inflight.set(id, delivery);
    this.#inflightBytes += delivery.payload.length;
    output.publish(delivery.topic, delivery.payload, flagsOf(delivery), id);
  }

  #hasRoom(output: Output): boolean {
    const { outgoingWindow, queueBytes, outputBytes } = this.#limits;
    if (output.backlog > outputBytes) return false;
    if (this.#inflight === undefined) return true;
    return this.#inflight.size < outgoingWindow && this.#inflightBytes < queueBytes;
  }

  #enqueue(delivery: Delivery): boolean {
    const { queueLength, queueBytes, allQueuesBytes } = this.#limits;
    const { length } = delivery.payload;
    if (this.queued >= queueLength || this.#queuedBytes + length > queueBytes) return this.#drop();
    if (this.#backlog.bytes + length > allQueuesBytes) return this.#drop();
    this.#queue ??= [];
    this.#queue.push(delivery);
    this.#line(length);
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

function flagsOf(delivery: Delivery): number {
  return (delivery.qos << 1) | (delivery.retain ? 1 : 0);
}
