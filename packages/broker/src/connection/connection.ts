/** One connection: bytes in, packets to the verbs, and the end of it, once. */
import { type ErrorCode, N2OError } from '@n2o/shared';
import type { Core } from '../core.ts';
import type { Address } from '../routing/address.ts';
import type { PendingEvent } from '../routing/event.ts';
import type { ClientLoad } from '../routing/load.ts';
import type { Session } from '../session/session.ts';
import { FrameReader } from '../wire/frame.ts';
import type { Publication } from '../wire/packet.ts';
import type { Timed } from './deadlines.ts';
import { dispatch } from './dispatch.ts';
import { Output, type Sink } from './output.ts';

/** A two-way stream of bytes; `net.Socket` is one, `ws`'s duplex another. */
export interface Transport extends Sink {
  pause(): unknown;
  resume(): unknown;
  end(): unknown;
  destroy(): unknown;
}

/** While this many bytes wait for a client to read them, it is not read from. */
const OUTPUT_HIGH = 256 * 1024;

/** Acknowledged events whose action the client does not acknowledge: this many are kept in mind. */
const RECENT = 16;

export class Connection implements Timed {
  readonly core: Core;
  readonly output: Output;
  /** Where it comes from, for logs. */
  readonly remote: string;
  session: Session | undefined;
  load: ClientLoad | undefined;
  /** The last events topic of this client. */
  address: Address | undefined;
  will: Publication | undefined;
  /** Milliseconds; 0 for none. */
  keepalive = 0;
  due: number;
  /** Milliseconds of the broker's clock. */
  readonly since: number;
  closed = false;
  /** Nothing is read while a verb waits for something outside (authentication). */
  held = false;
  /** It took over from another connection. */
  displaced = false;
  recent: { event: PendingEvent; action: Uint8Array | undefined }[] | undefined;
  readonly #transport: Transport;
  readonly #reader: FrameReader;
  #stopped = false;
  #reading = false;

  constructor(core: Core, transport: Transport, remote: string) {
    this.core = core;
    this.remote = remote;
    this.#transport = transport;
    this.#reader = new FrameReader(core.limits.packetSize);
    this.output = new Output(core.spool, transport);
    this.since = core.deadlines.now;
    this.due = this.since + core.limits.connectTimeout;
    core.deadlines.add(this);
  }

  /** Takes what the transport received. */
  receive(chunk: Buffer): void {
    if (this.closed) return;
    this.#reader.push(chunk);
    // The deadline moves with everything that arrives [MQTT-3.1.2-24].
    if (this.keepalive > 0) this.due = this.core.deadlines.now + this.keepalive;
    if (!this.#stopped && !this.held) this.#read();
  }

  /** Stops reading: the packet at hand stays where it is until `resume`. */
  stop(): void {
    this.#reader.unread();
    this.#stopped = true;
    this.#transport.pause();
  }

  /** Reads on after `stop` or `held`, or when the client has read what was sent to it. */
  resume(): void {
    if (this.closed || (!this.#stopped && !this.#waits())) return;
    if (this.held || this.#reading || this.output.backlog > OUTPUT_HIGH) return;
    this.#stopped = false;
    this.#read();
    if (!this.#stopped && !this.closed) this.#transport.resume();
  }

  /** The transport has taken all that was written. */
  drained(): void {
    this.session?.outbox.pump();
    this.resume();
  }

  /** Nothing arrived in time: the client is gone, unless it is us who do not listen. */
  expire(): void {
    if (this.#stopped || this.held) {
      this.due = this.core.deadlines.now + Math.max(this.keepalive, 1_000);
      this.core.deadlines.add(this);
    } else this.fail(new N2OError(this.session ? 'N2O_SESSION_KEEPALIVE' : 'N2O_SESSION_TIMEOUT'));
  }

  /** An event was answered: keeps in mind what the client may not have got when the connection breaks. */
  answered(event: PendingEvent, action: Uint8Array | undefined): void {
    if (!this.#remembers(event, action)) return;
    this.recent ??= [];
    this.recent.push({ event, action });
    if (this.recent.length > RECENT) this.recent.shift();
  }

  /** The client says goodbye: there is no will any more [MQTT-3.14.4-3]. */
  leave(): void {
    this.will = undefined;
    this.close();
  }

  /** Ends the connection because of an error; the will is published. */
  fail(error: N2OError): void {
    if (this.closed) return;
    if (isProtocolError(error.code)) this.core.counters.protocolErrors++;
    const fields = { client: this.session?.client, remote: this.remote, code: error.code };
    this.core.log.debug(fields, error.message);
    this.close();
  }

  /** Ends the connection after what was written has left. */
  finish(): void {
    if (this.closed) return;
    this.output.flush();
    this.#transport.end();
    this.close(false);
  }

  /** Ends the connection. Idempotent. */
  close(destroy = true): void {
    if (this.closed) return;
    this.closed = true;
    this.#reader.clear();
    this.core.deadlines.remove(this);
    if (destroy) this.#transport.destroy();
    this.core.left(this);
  }

  #remembers({ qos, route }: PendingEvent, action: Uint8Array | undefined): boolean {
    if (this.displaced) return true;
    if (qos === 0) return false;
    // An action of QoS 1 or 2 stays in the outbox, with its event, until the client has it.
    const session = this.session as Session;
    return !action || (session.subscriptions !== undefined && route.grantOf(session) === 0);
  }

  #waits(): boolean {
    return this.#reader.waiting > 0;
  }

  #read(): void {
    this.#reading = true;
    try {
      const reader = this.#reader;
      while (!this.closed && !this.#stopped && !this.held && reader.next()) dispatch(this, reader);
    } catch (error) {
      this.#reading = false;
      if (!(error instanceof N2OError)) throw error;
      this.fail(error);
      return;
    }
    this.#reading = false;
    if (!this.closed && this.held) this.#transport.pause();
    if (!this.closed && this.output.backlog > OUTPUT_HIGH) {
      this.#stopped = true;
      this.#transport.pause();
    }
  }
}

function isProtocolError(code: ErrorCode): boolean {
  return code.startsWith('N2O_PACKET') || code.startsWith('N2O_TOPIC');
}
