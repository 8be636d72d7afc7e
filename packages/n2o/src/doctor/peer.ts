/** An MQTT client that does no more than a probe tells it, and keeps what it hears. */
import type { Socket } from 'node:net';
import { N2OError } from '@n2o/shared';
import { generate, type Packet, parser } from 'mqtt-packet';
import { Answers, nameOf } from './answers.ts';

export type QoS = 0 | 1 | 2;

/** A message that came. */
export interface Delivery {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  /** Packet identifier; 0 with QoS 0. */
  readonly id: number;
  readonly dup: boolean;
  readonly retain: boolean;
}

export class Peer {
  readonly id: string;
  /** All messages that came, in their order. */
  readonly deliveries: Delivery[] = [];
  /** Acknowledges what comes by itself. */
  readonly acknowledges: boolean;
  /** Called with each message as it comes. */
  onDelivery: (delivery: Delivery) => void = () => {};
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>;
  /** As CONNACK said. */
  sessionPresent = false;
  /** Packets that were asked for. */
  readonly answers: Answers;
  readonly #socket: Socket;
  readonly #patience: number;
  #changed: () => void = () => {};
  #lastId = 0;
  #over = false;

  /** @param patience milliseconds that an answer may take */
  constructor(socket: Socket, id: string, acknowledges: boolean, patience: number) {
    this.id = id;
    this.acknowledges = acknowledges;
    this.answers = new Answers(patience);
    this.#socket = socket;
    this.#patience = patience;
    const packets = parser({ protocolVersion: 4 });
    packets.on('packet', (packet) => this.#hear(packet));
    packets.on('error', () => socket.destroy());
    socket.on('data', (chunk) => this.together(() => packets.parse(chunk)));
    // A reset ends the connection as a close does.
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#over = true;
        this.answers.end();
        this.#changed();
        resolve();
      });
    });
  }

  /** The connection is over. */
  get over(): boolean {
    return this.#over;
  }

  say(packet: Packet): void {
    this.#socket.write(generate(packet));
  }

  /**
   * Resolves when it is acknowledged; with QoS 0 at once.
   *
   * @param qos default 1
   * @throws N2OError `N2O_PROBE_TIMEOUT`, `N2O_PROBE_CLOSED`
   */
  async publish(topic: string, payload: string | Buffer, qos: QoS = 1, retain = false) {
    const messageId = qos === 0 ? 0 : this.#nextId();
    this.say({ cmd: 'publish', topic, payload, qos, retain, dup: false, messageId });
    if (qos === 0) return;
    await this.answers.wait(nameOf(qos === 1 ? 'puback' : 'pubcomp', messageId), 'PUBLISH');
  }

  /** Publishes in this order with QoS 1, at most `window` of them not acknowledged. */
  async publishAll(topic: string, payloads: Iterable<string | Buffer>, window = 64) {
    const rest = payloads[Symbol.iterator]();
    const lane = async () => {
      for (let next = rest.next(); !next.done; next = rest.next()) {
        await this.publish(topic, next.value);
      }
    };
    await Promise.all(Array.from({ length: window }, lane));
  }

  /** Resolves with the QoS that was granted. @throws N2OError `N2O_PROBE_REFUSED`, … */
  async subscribe(topic: string, qos: QoS): Promise<number> {
    const messageId = this.#nextId();
    this.say({ cmd: 'subscribe', messageId, subscriptions: [{ topic, qos }] });
    const suback = await this.answers.wait(nameOf('suback', messageId), `SUBSCRIBE ${topic}`);
    const granted = suback.cmd === 'suback' ? Number(suback.granted[0]) : 128;
    if (granted <= 2) return granted;
    throw new N2OError('N2O_PROBE_REFUSED', `the broker refuses a subscription to ${topic}`);
  }

  /** Resolves with milliseconds from PINGREQ to PINGRESP. */
  async ping(): Promise<number> {
    const from = performance.now();
    this.say({ cmd: 'pingreq' });
    await this.answers.wait('pingresp', 'PINGREQ');
    return performance.now() - from;
  }

  /** What is sent within leaves in one write. */
  together<Sent>(send: () => Sent): Sent {
    this.#socket.cork();
    const sent = send();
    this.#socket.uncork();
    return sent;
  }

  /** Acknowledges messages of QoS 1, in this order. */
  acknowledge(deliveries: readonly Delivery[]): void {
    this.together(() => {
      for (const { id } of deliveries) this.say({ cmd: 'puback', messageId: id });
    });
  }

  /** Writes a message of QoS 1 and an acknowledgement at once, as a vnode host does. */
  reply({ id, payload }: Delivery, topic: string): void {
    const messageId = this.#nextId();
    this.together(() => {
      this.say({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false, messageId });
      this.say({ cmd: 'puback', messageId: id });
    });
  }

  /** Resolves when so many messages are there, or none came for `quiet` milliseconds, or the connection is over. */
  async gather(amount: number, quiet: number): Promise<readonly Delivery[]> {
    for (let before = -1; before < this.deliveries.length; ) {
      before = this.deliveries.length;
      if (before >= amount || this.#over) break;
      await this.#change(quiet);
    }
    return this.deliveries;
  }

  /** Reads no more. */
  freeze(): void {
    this.#socket.pause();
  }

  /** Breaks the connection without a word. */
  async drop(): Promise<void> {
    this.#socket.destroy();
    await this.closed;
  }

  /** Says DISCONNECT; when it resolves the broker knows. */
  async leave(): Promise<void> {
    this.#socket.end(generate({ cmd: 'disconnect' }));
    const late = setTimeout(() => this.#socket.destroy(), this.#patience);
    await this.closed;
    clearTimeout(late);
  }

  #hear(packet: Packet): void {
    const { cmd, messageId = 0 } = packet;
    if (cmd === 'pubrec') this.say({ cmd: 'pubrel', messageId });
    else if (cmd === 'pubrel') this.say({ cmd: 'pubcomp', messageId });
    else if (cmd !== 'publish') this.answers.take(packet);
    else {
      const { topic, qos, dup, retain } = packet;
      const payload = Buffer.from(packet.payload);
      const delivery = { topic, payload, qos, dup, retain, id: messageId };
      this.deliveries.push(delivery);
      if (this.acknowledges && qos === 1) this.say({ cmd: 'puback', messageId });
      if (this.acknowledges && qos === 2) this.say({ cmd: 'pubrec', messageId });
      this.onDelivery(delivery);
      this.#changed();
    }
  }

  /** Resolves when something came, or after so many milliseconds. */
  #change(within: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, within);
      this.#changed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #nextId(): number {
    this.#lastId = (this.#lastId % 65_535) + 1;
    return this.#lastId;
  }
}
