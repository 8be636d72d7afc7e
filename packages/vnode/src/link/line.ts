/** One MQTT 3.1.1 connection of a host to its broker. */
import type { Socket } from 'node:net';
import { type ErrorCode, N2OError, reason } from '@n2o/shared';
import { Dialogue } from './dialogue.ts';
import { Intake } from './intake.ts';
import type { Introduction } from './introduction.ts';
import { Keepalive } from './keepalive.ts';
import { Output } from './output.ts';
import type { Publish, QoS } from './wire.ts';

/** What the owner of a line gets to hear. */
export interface LineOwner {
  /** A PUBLISH: valid during the call, its payload for longer. */
  publish(packet: Publish): void;
  /** The broker has taken over so many of the messages that `send` sent in QoS 1. */
  taken?(total: number): void;
  /** A PINGREQ leaves: returns what is to be done when it is answered. */
  ping?(): () => void;
  /** There is room again for what is to be sent. */
  drained?(): void;
  /** The line is over; called once, if it was ever open. */
  closed(cause: N2OError): void;
}

/** Milliseconds that the broker may take to close a connection after DISCONNECT. */
const FAREWELL = 2_000;

/** Beyond it packet identifiers that are in use would be given out again. */
const MAX_UNTAKEN = 60_000;

const DISCONNECT = Buffer.of(0xe0, 0);

export class Line {
  readonly dialogue: Dialogue;
  /** The broker knew this client, and its subscriptions and unacknowledged messages. */
  sessionPresent = false;
  readonly #socket: Socket;
  readonly #owner: LineOwner;
  readonly #shown: string;
  readonly #intake: Intake;
  readonly #output: Output;
  readonly #closed: Promise<void>;
  #keepalive: Keepalive | undefined;
  #cause: N2OError | undefined;
  /** CONNACK was good. */
  #open = false;
  #sent = 0;
  #taken = 0;
  #ending = false;

  /**
   * @param socket that has begun to connect
   * @param shown the broker, for people
   * @param packetLimit largest packet that is taken in whole, in bytes
   */
  constructor(
    socket: Socket,
    { shown, packetLimit }: { shown: string; packetLimit: number },
    owner: LineOwner,
  ) {
    this.#socket = socket;
    this.#owner = owner;
    this.#shown = shown;
    this.#output = new Output(socket);
    this.#intake = new Intake(socket, packetLimit, this);
    this.dialogue = new Dialogue((bytes) => this.#output.bytes(bytes));
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => owner.drained?.());
    socket.on('error', (cause) => this.fail('N2O_LINK_CONNECT', reason(cause), cause));
    this.#closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#finish();
        resolve();
      });
    });
  }

  /** Messages of `send` in QoS 1, in all. */
  get sent(): number {
    return this.#sent;
  }

  /** Bytes that wait to be sent. */
  get waiting(): number {
    return this.#output.waiting;
  }

  get reading(): boolean {
    return !this.#intake.paused;
  }

  /** Says CONNECT; resolves when the broker has accepted it. @throws N2O_LINK_REFUSED, N2O_LINK_… */
  async introduce(introduction: Introduction): Promise<void> {
    this.sessionPresent = await this.dialogue.connect(introduction);
    this.#open = true;
    this.#keepalive = new Keepalive(introduction.keepalive, this);
  }

  /** Sends a message and keeps nothing of it. */
  send(topic: Uint8Array, payload: Uint8Array, qos: QoS): void {
    this.#output.publish(topic, payload, qos, qos > 0 ? this.dialogue.id() : 0);
    if (qos > 0 && ++this.#sent - this.#taken > MAX_UNTAKEN) {
      this.fail('N2O_LINK_CLOSED', 'reads messages and takes none of them over');
    }
  }

  /** PUBACK. */
  acknowledge(id: number): void {
    this.#output.puback(id);
  }

  pause(): void {
    this.#intake.pause();
  }

  resume(): void {
    this.#keepalive?.heard();
    this.#intake.resume();
  }

  /** Sends what waits, says DISCONNECT, and resolves when the connection is over: the broker has read it all. */
  async end(): Promise<void> {
    this.#ending = true;
    this.#keepalive?.stop();
    this.#output.bytes(DISCONNECT);
    this.#output.flush();
    this.#socket.end();
    // Read on, to no purpose: closing with unread bytes would take back what was sent.
    this.#socket.resume();
    const late = setTimeout(() => this.#socket.destroy(), FAREWELL);
    await this.#closed;
    clearTimeout(late);
  }

  /** Breaks the connection. */
  drop(): void {
    this.#socket.destroy();
  }

  ping(): void {
    const answered = this.#owner.ping?.();
    // Whether it is answered in time is for the keep-alive to say.
    this.dialogue.ping().then(answered, () => {});
  }

  /** Breaks the connection for a reason; the first one counts. */
  fail(code: ErrorCode, text: string, cause?: unknown): void {
    this.#cause ??= new N2OError(code, `${this.#shown}: ${text}`, { cause });
    this.#socket.destroy();
  }

  dead(): void {
    this.fail('N2O_LINK_CLOSED', 'does not answer any more');
  }

  published(packet: Publish): void {
    if (this.#open) this.#owner.publish(packet);
    else this.fail('N2O_LINK_PACKET', 'speaks before CONNACK');
  }

  acknowledged(id: number): void {
    if (this.dialogue.acknowledged(id)) return;
    this.#taken++;
    this.#owner.taken?.(this.#taken);
  }

  answered(packet: Buffer): void {
    // Behind CONNACK come messages, but nobody listens yet.
    if (!this.#open) this.pause();
    this.dialogue.hear(packet);
  }

  garbled({ code, message }: N2OError): void {
    this.fail(code, message);
  }

  #receive(chunk: Buffer): void {
    if (this.#ending) return;
    this.#keepalive?.heard();
    this.#intake.receive(chunk);
  }

  #finish(): void {
    this.#keepalive?.stop();
    const code = this.#open ? 'N2O_LINK_CLOSED' : 'N2O_LINK_CONNECT';
    this.#cause ??= new N2OError(code, `${this.#shown}: the connection was closed`);
    this.dialogue.end(this.#cause);
    if (this.#open) this.#owner.closed(this.#cause);
  }
}
