/** One connection: bytes in, packets to the verbs, and the end of it, once. */
import { N2OError } from '@n2o/shared';
import type { Core } from '../core.ts';
import type { Address } from '../routing/address.ts';
import type { ClientLoad } from '../routing/load.ts';
import type { Session } from '../session/session.ts';
import type { FrameReader } from '../wire/frame.ts';
import { CONNECT, type Publication } from '../wire/packet.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { TICK, type Timed } from './deadlines.ts';
import { dispatch } from './dispatch.ts';
import { CLOGGED, type FrameHandler, Intake, type Obstacle } from './intake.ts';
import { Output } from './output.ts';
import { RecentAnswers } from './recent.ts';
import type { Transport } from './transport.ts';

/** Milliseconds that a client may read nothing while much waits for it, or the last word of a connection. */
const OUTPUT_PATIENCE = 60_000;
const LAST_WORD = 5_000;
/** Milliseconds of silence after which TCP asks whether a client without keep-alive is there. */
const TCP_KEEPALIVE = 60_000;

export class Connection implements Timed, FrameHandler {
  readonly core: Core;
  readonly output: Output;
  readonly intake: Intake;
  readonly acknowledgements: Acknowledgements;
  /** Where it comes from, for logs. */
  readonly remote: string;
  /** Milliseconds of the broker's clock. */
  readonly since: number;
  session: Session | undefined;
  load: ClientLoad | undefined;
  /** The last events topic of this client. */
  address: Address | undefined;
  will: Publication | undefined;
  hadWill = false;
  due: number;
  place: Timed['place'];
  closed = false;
  /** It is a vnode host's. */
  isHost = false;
  /** It speaks MQTT 3.1. */
  isOld = false;
  /** The client said DISCONNECT. */
  goodbye = false;
  /** It took over from another connection. */
  displaced = false;
  readonly recent = new RecentAnswers();
  readonly #transport: Transport;
  /** Milliseconds; 0 for none. */
  #keepalive = 0;
  #greeted = false;
  /** What the client had read when it was last looked at. */
  #taken = 0;
  #farewell: NodeJS.Timeout | undefined;

  constructor(core: Core, transport: Transport, remote: string) {
    this.core = core;
    this.remote = remote;
    this.#transport = transport;
    this.intake = new Intake(transport, this, core.limits.packetSize);
    this.output = new Output(core.spool, transport);
    this.acknowledgements = new Acknowledgements(this.output);
    this.since = core.deadlines.now;
    this.due = this.since + core.limits.connectTimeout + TICK;
    core.deadlines.add(this);
  }

  /** Takes what the transport received. */
  receive(chunk: Buffer): void {
    if (this.closed) return;
    if (!this.#greeted && chunk[0] !== CONNECT << 4) {
      // Whoever begins with anything else does not speak MQTT [MQTT-3.1.0-1].
      this.fail(new N2OError('N2O_PACKET_UNEXPECTED'));
      return;
    }
    this.#greeted = true;
    // The deadline moves with everything that arrives [MQTT-3.1.2-24].
    if (this.#keepalive > 0) this.#extend(this.#keepalive);
    this.#guard(() => this.intake.receive(chunk));
  }

  onFrame(frame: FrameReader): void {
    dispatch(this, frame);
  }

  /** Something that kept it from being read is out of the way. */
  resume(obstacle: Obstacle): void {
    this.#guard(() => this.intake.clear(obstacle));
  }

  /** The transport has taken all that was written. */
  drained(): void {
    if (this.closed) return;
    if (this.intake.isStoppedBy(CLOGGED)) {
      this.expect(this.#keepalive);
      this.resume(CLOGGED);
    }
    this.session?.outbox.pump();
  }

  /** The client asks for more than it reads: the packet at hand waits until it has read. */
  clog(): void {
    this.intake.postpone(CLOGGED);
    this.#taken = this.output.taken;
    this.#watch();
  }

  /** From now on the client has to say something every so many milliseconds; 0: it need not. */
  expect(keepalive: number): void {
    this.#keepalive = keepalive;
    if (keepalive > 0) this.#extend(keepalive);
    else {
      this.due = Number.POSITIVE_INFINITY;
      this.#transport.setKeepAlive?.(true, TCP_KEEPALIVE);
    }
    this.core.deadlines.add(this);
  }

  /** Nothing arrived in time: the client is gone, unless it is us who do not listen. */
  expire(): void {
    if (!this.session) this.fail(new N2OError('N2O_SESSION_TIMEOUT'));
    else if (this.intake.isStoppedBy(CLOGGED) && !this.#reads()) {
      this.fail(new N2OError('N2O_SESSION_SLOW'));
    } else if (this.intake.isStoppedBy(CLOGGED)) this.#watch();
    else if (this.intake.isHeldUp) this.#watch(this.#keepalive);
    else this.fail(new N2OError('N2O_SESSION_KEEPALIVE'));
  }

  /** The client says goodbye: there is no will any more [MQTT-3.14.4-3]. */
  leave(): void {
    this.will = undefined;
    this.goodbye = true;
    this.finish();
  }

  /** Ends the connection because of an error; the will is published. */
  fail(error: N2OError): void {
    if (this.closed) return;
    if (/^N2O_(?:PACKET|TOPIC)/.test(error.code)) this.core.counters.protocolErrors++;
    const fields = { client: this.session?.client, remote: this.remote, code: error.code };
    this.core.log.debug(fields, error.message);
    this.close();
  }

  /** Ends the connection after what was written has left. */
  finish(): void {
    if (this.closed) return;
    this.output.flush();
    this.#transport.destroySoon();
    // Who does not read is not waited for.
    this.#farewell = setTimeout(() => this.#transport.destroy(), LAST_WORD).unref();
    this.#leave();
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    clearTimeout(this.#farewell);
    if (this.closed) return;
    this.#transport.destroy();
    this.#leave();
  }

  #leave(): void {
    this.closed = true;
    this.intake.end();
    this.core.deadlines.remove(this);
    this.core.left(this);
  }

  /** What is wrong with a packet ends its connection and nothing else. */
  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      const { session, remote } = this;
      if (!(error instanceof N2OError)) {
        this.core.log.error({ client: session?.client, remote, err: error }, 'packet not handled');
      }
      this.fail(error instanceof N2OError ? error : new N2OError('N2O_PACKET_UNHANDLED'));
    }
  }

  #extend(time: number): void {
    // The clock may be behind by a tick.
    this.due = this.core.deadlines.now + time + TICK;
  }

  #reads(): boolean {
    const before = this.#taken;
    this.#taken = this.output.taken;
    return this.#taken > before;
  }

  #watch(time = OUTPUT_PATIENCE): void {
    this.#extend(time);
    this.core.deadlines.add(this);
  }
}
