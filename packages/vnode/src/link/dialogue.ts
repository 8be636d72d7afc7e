/** What a host asks its broker and waits for the answer to: CONNECT, SUBSCRIBE, PINGREQ, a message of its own. */
import { N2OError, reason } from '@n2o/shared';
import { generate, type Packet, parser } from 'mqtt-packet';
import { type Introduction, refusal } from './introduction.ts';

/** SUBACK's code for a filter that was refused [MQTT-3.9.3]. */
const REFUSED = 0x80;

const MAX_ID = 65_535;

interface Waiter<Answer> {
  resolve(answer: Answer): void;
  reject(error: N2OError): void;
}

export class Dialogue {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #packets = parser({ protocolVersion: 4 });
  /** By packet identifier; the answer is what SUBACK grants, or nothing. */
  readonly #waiting = new Map<number, Waiter<readonly number[]>>();
  readonly #pings: Waiter<void>[] = [];
  #opening: Waiter<boolean> | undefined;
  #over: N2OError | undefined;
  #lastId = 0;

  /** @param write sends bytes to the broker */
  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
    this.#packets.on('packet', (packet) => this.#answer(packet));
    this.#packets.on('error', (cause) => {
      throw new N2OError('N2O_LINK_PACKET', reason(cause), { cause });
    });
  }

  /** A packet identifier that is not in use here. */
  id(): number {
    do this.#lastId = (this.#lastId % MAX_ID) + 1;
    while (this.#waiting.size > 0 && this.#waiting.has(this.#lastId));
    return this.#lastId;
  }

  /** CONNECT; resolves with whether the broker knew this client. @throws N2O_LINK_REFUSED, N2O_LINK_CLOSED */
  connect(introduction: Introduction): Promise<boolean> {
    const { client, clean, keepalive, username, password, will } = introduction;
    this.#write(
      generate({
        cmd: 'connect',
        protocolVersion: 4,
        clientId: client,
        clean,
        keepalive: Math.ceil(keepalive / 1_000),
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password: Buffer.from(password) }),
        ...(will !== undefined && { will: { topic: will, payload: '', qos: 1, retain: true } }),
      }),
    );
    return this.#wait((waiter) => {
      this.#opening = waiter;
    });
  }

  /** Subscribes in QoS 1; resolves when the broker has agreed. @throws N2O_LINK_REFUSED, N2O_LINK_CLOSED */
  async subscribe(filters: readonly string[]): Promise<void> {
    const messageId = this.id();
    const subscriptions = filters.map((topic) => ({ topic, qos: 1 as const }));
    this.#write(generate({ cmd: 'subscribe', messageId, subscriptions }));
    const granted = await this.#wait<readonly number[]>((waiter) => {
      this.#waiting.set(messageId, waiter);
    });
    const refused = filters[granted.indexOf(REFUSED)];
    if (refused === undefined) return;
    throw new N2OError(
      'N2O_LINK_REFUSED',
      `the broker does not let this host subscribe ${refused}`,
    );
  }

  /** Resolves when the broker takes the filter for cancelled. @throws N2O_LINK_CLOSED */
  async unsubscribe(filter: string): Promise<void> {
    const messageId = this.id();
    this.#write(generate({ cmd: 'unsubscribe', messageId, unsubscriptions: [filter] }));
    await this.#acknowledgement(messageId);
  }

  /** Publishes a message; resolves when the broker has it, with QoS 0 at once. @throws N2O_LINK_CLOSED */
  async publish(
    topic: string,
    payload: string | Uint8Array,
    qos: 0 | 1 | 2,
    retain: boolean,
  ): Promise<void> {
    const bytes = typeof payload === 'string' ? payload : asBuffer(payload);
    const message = { cmd: 'publish', topic, payload: bytes, qos, retain, dup: false } as const;
    if (qos === 0) {
      this.#write(generate(message));
      return;
    }
    const messageId = this.id();
    this.#write(generate({ ...message, messageId }));
    await this.#acknowledgement(messageId);
  }

  /** PINGREQ; resolves with the answer: the broker has read what was sent before. @throws N2O_LINK_CLOSED */
  ping(): Promise<void> {
    this.#write(generate({ cmd: 'pingreq' }));
    return this.#wait((waiter) => {
      this.#pings.push(waiter);
    });
  }

  /** Whether a PUBACK is one that is waited for here. */
  acknowledged(id: number): boolean {
    if (this.#waiting.size === 0) return false;
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiter?.resolve([]);
    return waiter !== undefined;
  }

  /** Takes a whole packet other than PUBLISH and PUBACK. @throws N2O_LINK_PACKET */
  hear(packet: Buffer): void {
    this.#packets.parse(packet);
  }

  /** There will be no answers any more. */
  end(error: N2OError): void {
    this.#over ??= error;
    for (const waiter of [this.#opening, ...this.#waiting.values(), ...this.#pings]) {
      waiter?.reject(error);
    }
    this.#waiting.clear();
    this.#pings.length = 0;
  }

  #answer(packet: Packet): void {
    switch (packet.cmd) {
      case 'connack': {
        const { returnCode = 0, sessionPresent } = packet;
        if (returnCode === 0) this.#opening?.resolve(sessionPresent);
        else this.#opening?.reject(refusal(returnCode));
        break;
      }
      case 'suback': {
        const waiter = this.#waiting.get(packet.messageId as number);
        this.#waiting.delete(packet.messageId as number);
        waiter?.resolve(packet.granted as readonly number[]);
        break;
      }
      case 'unsuback':
      case 'pubcomp':
        this.acknowledged(packet.messageId as number);
        break;
      case 'pubrec':
        // Known or not: it waits for an answer [MQTT-4.3.3-1].
        this.#write(generate({ cmd: 'pubrel', messageId: packet.messageId as number }));
        break;
      case 'pingresp':
        this.#pings.shift()?.resolve();
        break;
      default:
        throw new N2OError('N2O_LINK_PACKET', `the broker sent ${packet.cmd.toUpperCase()}`);
    }
  }

  async #acknowledgement(id: number): Promise<void> {
    await this.#wait<readonly number[]>((waiter) => {
      this.#waiting.set(id, waiter);
    });
  }

  #wait<Answer>(enlist: (waiter: Waiter<Answer>) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#over) reject(this.#over);
      else enlist({ resolve, reject });
    });
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
