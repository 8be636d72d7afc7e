/** An MQTT peer that says what a test makes it say, byte for byte, and shows what it hears. */
import { once } from 'node:events';
import { connect as dial, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Packet, parser } from 'mqtt-packet';
import { lineOf } from './line.ts';
import { PINGREQ, puback, pubcomp, pubrec } from './packets.ts';

export class Peer {
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>;
  /** Acknowledges what it gets by itself. */
  acknowledges = false;
  readonly #stream: Duplex;
  readonly #heard: Packet[] = [];
  #over = false;
  #wake: () => void = () => {};
  #change: Promise<void> = Promise.resolve();

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#renew();
    const packets = parser();
    packets.on('packet', (packet) => this.#hear(packet));
    stream.on('data', (chunk: Buffer) => packets.parse(chunk));
    // A connection that is reset is over, as one that is closed: what was heard before tells.
    stream.on('error', () => {});
    this.closed = new Promise((resolve) => {
      stream.once('close', () => {
        this.#over = true;
        this.#renew();
        resolve();
      });
    });
  }

  /** Connects to `host:port` over TCP. */
  static async dial(address: string): Promise<Peer> {
    const at = address.lastIndexOf(':');
    const host = address.slice(0, at).replace(/^\[|\]$/g, '');
    const socket = dial({ host, port: Number(address.slice(at + 1)) });
    socket.setNoDelay(true);
    await once(socket, 'connect');
    return new Peer(socket);
  }

  /** Whether the connection is over. */
  get over(): boolean {
    return this.#over;
  }

  get socket(): Socket {
    return this.#stream as Socket;
  }

  /** Sends packets, all at once. */
  say(...packets: readonly Uint8Array[]): void {
    this.#stream.write(Buffer.concat(packets));
  }

  /** The next packet that came. */
  async next(): Promise<string> {
    return lineOf(await this.nextPacket());
  }

  async nextPacket(): Promise<Packet> {
    for (;;) {
      const packet = this.#heard.shift();
      if (packet) return packet;
      if (this.#over) throw new Error('the connection is over and nothing more came');
      await this.#change;
    }
  }

  /** The next packets, as many as asked for. */
  async take(count: number): Promise<string[]> {
    const lines: string[] = [];
    while (lines.length < count) lines.push(await this.next());
    return lines;
  }

  /** What came and what still comes before the answer to a PINGREQ: when it is there, nothing else was under way. */
  async rest(): Promise<string[]> {
    this.say(PINGREQ);
    const lines: string[] = [];
    for (;;) {
      const line = await this.next();
      if (line === 'PINGRESP') return lines;
      lines.push(line);
    }
  }

  /** What came before the connection was over, once it is. */
  async last(): Promise<string[]> {
    await this.closed;
    return this.#heard.splice(0).map(lineOf);
  }

  /** Breaks the connection, without a word. */
  async drop(): Promise<void> {
    this.#stream.destroy();
    await this.closed;
  }

  /** Reads no more until `listen`. */
  ignore(): void {
    this.#stream.pause();
  }

  listen(): void {
    this.#stream.resume();
  }

  #hear(packet: Packet): void {
    this.#heard.push(packet);
    this.#renew();
    if (!this.acknowledges) return;
    const id = packet.messageId as number;
    if (packet.cmd === 'publish' && packet.qos > 0)
      this.say((packet.qos === 1 ? puback : pubrec)(id));
    if (packet.cmd === 'pubrel') this.say(pubcomp(id));
  }

  #renew(): void {
    this.#wake();
    this.#change = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
