/** All that is sent to one client, of every kind, in one order. */
import { OUTPUT_HIGH, type Output } from '../connection/output.ts';
import type { Counters } from '../counters.ts';
import type { Backlog } from '../keeping/archive.ts';
import { type OfflineQueue, PAGE } from '../keeping/offline-queue.ts';
import type { Pledge } from '../keeping/pledge.ts';
import type { Limits } from '../limits.ts';
import { PUBREL, type QoS } from '../wire/packet.ts';
import { type Cause, kept } from './cause.ts';
import { type Delivery, deliveryOf, flagsOf, holdFor, redeem } from './delivery.ts';
import { Waiting } from './waiting.ts';
import { Window } from './window.ts';

/** Milliseconds until a store that failed to answer is asked again. */
const RETRY = 250;

/**
 * Sends at once when the client is there and nothing waits; else the message lines up. Messages of
 * QoS 1 and 2 stay until they are acknowledged and are sent again, with DUP, to the next
 * connection of the session [MQTT-4.4.0-1]. What lines up for a session that is kept does so in
 * memory up to a page, and behind that in its offline queue: so does all while the client is away.
 */
export class Outbox {
  readonly #limits: Limits;
  readonly #counters: Counters;
  readonly #offline: OfflineQueue | undefined;
  readonly #window: Window;
  readonly #waiting: Waiting;
  /** Who sends waits for the client's acknowledgement, whatever is stored; and there is always room. */
  readonly #confirms: boolean;
  #output: Output | undefined;
  #reading = false;
  #ended = false;

  /** @param offline where messages of a session that is kept wait */
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
    this.#confirms = confirms;
    this.#window = new Window(limits);
    this.#waiting = new Waiting(limits, backlog);
  }

  /** Messages that were not sent yet. */
  get queued(): number {
    return this.#waiting.size + (this.#offline?.count ?? 0);
  }

  /** Messages that were sent and are not acknowledged. */
  get unacknowledged(): number {
    return this.#window.size;
  }

  /** Nothing waits, and the client reads what it is sent. */
  get flows(): boolean {
    return this.queued === 0 && this.#output !== undefined && this.#output.backlog <= OUTPUT_HIGH;
  }

  /** Answers that the client may not have, oldest first. */
  get unheard(): readonly Delivery[] {
    return [...this.#window.deliveries, ...this.#waiting.all].filter(({ cause }) => cause);
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
      const now = qos === 1 || (qos === 2 && !this.#offline?.durable);
      if (now && this.#hasRoom(output, this.#offline?.next ?? 0)) {
        const delivery = deliveryOf(topic, kept(payload), qos, retain, cause);
        if (this.#confirms) holdFor(delivery, pledge);
        this.#offline?.enlist(delivery, pledge);
        this.#transmit(output, delivery);
        return true;
      }
    }
    // Nobody waits for a QoS 0 message of the past, nor reads what is too much.
    const fits = cause || (output && output.backlog <= this.#limits.outputBytes);
    if (qos === 0 && !(output && fits)) return this.#drop();
    const delivery = deliveryOf(topic, kept(payload), qos, retain, cause);
    if (this.#offline) return this.#lineUp(this.#offline, delivery, pledge);
    if (this.#confirms) holdFor(delivery, pledge);
    else if (!this.#waiting.hasRoom(delivery, output !== undefined)) return this.#drop();
    this.#waiting.push(delivery);
    return true;
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
    if (!this.#output) return;
    this.#output = undefined;
    if (!this.#offline || this.#ended) return;
    const waiting = [...this.#window.deliveries, ...this.#waiting.all];
    this.#window.clear();
    this.#waiting.clear();
    this.#offline.take(waiting.filter(({ qos, stored }) => qos > 0 || stored));
  }

  /** The session has ended: nothing of it is sent any more, and nobody waits for it. */
  end(): void {
    this.#ended = true;
    const waiting = [...this.#window.deliveries, ...this.#waiting.all];
    this.#output = undefined;
    this.#window.clear();
    this.#waiting.clear();
    for (const delivery of waiting) {
      delivery.over = true;
      redeem(delivery);
    }
    this.#offline?.drop();
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
    const release = () => this.#output?.identifier((PUBREL << 4) | 2, id);
    const delivery = this.#window.get(id);
    if (!delivery) release();
    else {
      delivery.received = true;
      redeem(delivery);
      // After PUBREL no PUBLISH may follow, not even after a restart.
      if (this.#offline?.durable) this.#offline.secure(delivery, release);
      else release();
    }
  }

  /** Sends what waits, as far as the window and the socket allow. */
  pump(): void {
    const output = this.#output;
    if (!output) return;
    for (let next = this.#waiting.peek(); next; next = this.#waiting.peek()) {
      if (!next.secured || !this.#hasRoom(output, next.number)) return;
      this.#waiting.shift();
      if (next.qos > 0) this.#transmit(output, next);
      else {
        output.publish(next.topic, next.payload, flagsOf(next), 0);
        this.#offline?.remove(next);
      }
    }
    if (this.#offline && this.#offline.count > 0) this.#read(this.#offline, output);
  }

  #transmit(output: Output, delivery: Delivery): void {
    this.#write(output, this.#window.enter(delivery), delivery);
    this.#offline?.sent(delivery);
  }

  #write(output: Output, id: number, delivery: Delivery): void {
    if (delivery.received) output.identifier((PUBREL << 4) | 2, id);
    else output.publish(delivery.topic, delivery.payload, flagsOf(delivery), id);
  }

  #hasRoom(output: Output, number: number): boolean {
    if (output.backlog > Math.min(OUTPUT_HIGH, this.#limits.outputBytes)) return false;
    return this.#window.hasRoom(number);
  }

  /** Behind the window: in memory while there is a place in it, else in the store. */
  #lineUp(offline: OfflineQueue, delivery: Delivery, pledge: Pledge | undefined): boolean {
    if (!this.#output || offline.count > 0 || !this.#waiting.hasPlace(delivery)) {
      return offline.append(delivery, pledge);
    }
    offline.enlist(delivery, pledge);
    this.#waiting.push(delivery);
    if (delivery.qos === 2 && offline.durable) {
      delivery.secured = false;
      offline.secure(delivery, () => {
        delivery.secured = true;
        redeem(delivery);
        this.pump();
      });
    }
    return true;
  }

  /** Gets the next page of what waits in the store, before memory has run out of the last. */
  #read(offline: OfflineQueue, output: Output): void {
    if (this.#reading || this.#waiting.size > PAGE / 2) return;
    this.#reading = true;
    offline.read().then(
      (page) => {
        this.#reading = false;
        // Who has gone meanwhile, and may be back, gets it from the start.
        if (output === this.#output)
          for (const next of offline.advance(page)) this.#waiting.push(next);
        this.pump();
      },
      () => {
        this.#reading = false;
        setTimeout(() => this.pump(), RETRY).unref();
      },
    );
  }

  #drop(): false {
    this.#counters.drops++;
    return false;
  }
}
