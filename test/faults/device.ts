/** A client that trusts nobody: says again what is not acknowledged, and checks every answer. */
import type { IConnackPacket, IPublishPacket, Packet } from 'mqtt-packet';
import type { Findings } from './findings.ts';
import type { Kind } from './kinds.ts';
import { type Request, Requests } from './requests.ts';
import { Wire } from './wire.ts';

export interface DeviceOptions {
  readonly client: string;
  readonly port: number;
  readonly kind: Kind;
  readonly qos: 1 | 2;
  /** Its session is kept while it is away. */
  readonly kept: boolean;
  /** What it asks. */
  readonly topic: string;
  /** Where the answers come, if it has to subscribe to them by itself. */
  readonly filter: string | undefined;
  /** Requests from the oldest unanswered one to the last. */
  readonly window: number;
  readonly findings: Findings;
  /** Called after each answer. */
  readonly heard: () => void;
}

/** A PUBLISH that is not acknowledged to its end; `released` behind the PUBREC. */
interface Flight {
  readonly request: Request;
  released: boolean;
}

/** Milliseconds without a CONNACK or SUBACK after which a device tries again. */
const HANDSHAKE = 5_000;
/** Milliseconds until it asks again what was answered with an error, */
const BACKOFF = 500;
/** or what was acknowledged, and not answered for so long on one connection. */
const PATIENCE = 20_000;
/** So many of the last packets are shown with a fault. */
const TRACE = 40;

export class Device {
  readonly requests: Requests;
  readonly #options: DeviceOptions;
  readonly #flights = new Map<number, Flight>();
  /** QoS 2 answers that were heard and are not released yet. */
  readonly #received = new Set<number>();
  readonly #trace: string[] = [];
  #wire: Wire | undefined;
  #connection = 0;
  #ready = false;
  /** A CONNACK said that there is a session. */
  #hasSession = false;
  /** The present connection goes on with a session. */
  #resumed = false;
  #subscribed = false;
  #packet = 0;
  /** When to try the next connection, or to give up the present one before it is ready. */
  #due = 0;

  constructor(options: DeviceOptions) {
    const { client, kind, kept, findings } = options;
    this.#options = options;
    this.requests = new Requests({
      client,
      kind,
      kept,
      findings,
      fault: (text) => this.#fault(text),
    });
  }

  get isReady(): boolean {
    return this.#ready;
  }

  /** Asks the next request, if the window allows it. */
  ask(): boolean {
    const { open, width } = this.requests;
    if (!this.#ready || (open.size > 0 && width >= this.#options.window)) return false;
    this.#say(this.requests.next(this.#connection));
    return true;
  }

  /** To be called all the time: connects, and asks again. @param now milliseconds of a monotonic clock */
  look(now: number): void {
    if (!this.#ready) {
      if (now < this.#due) return;
      this.#due = now + HANDSHAKE;
      if (this.#wire) this.#wire.cut();
      else this.#connect();
      return;
    }
    const { findings } = this.#options;
    for (const request of this.requests.open.values()) {
      if (request.inFlight) continue;
      const waited = now - request.touched;
      if (waited < (request.refused ? BACKOFF : PATIENCE)) continue;
      findings.count('asked again');
      if (!request.excused) this.#fault(`${request.n} was acknowledged and not answered`);
      this.#say(request);
    }
  }

  /** Breaks the connection. */
  cut(): void {
    this.#wire?.cut();
  }

  /** Ends it. */
  leave(): void {
    this.#due = Number.POSITIVE_INFINITY;
    this.#ready = false;
    this.#wire?.say({ cmd: 'disconnect' });
    this.#wire?.cut();
  }

  /** What it waits for, and the last packets. */
  describe(): string {
    const { client, kind, qos, kept } = this.#options;
    const open = [...this.requests.open.keys()].join(', ');
    const what = `${client} (${kind.name}, QoS ${qos}, ${kept ? 'kept' : 'clean'} session)`;
    return `${what}, open: ${open || 'none'}\n    ${this.#trace.join('\n    ')}`;
  }

  #connect(): void {
    const { client, port, kept } = this.#options;
    const number = ++this.#connection;
    this.#wire = new Wire(port, {
      opened: () => this.#send({ cmd: 'connect', clientId: client, clean: !kept, keepalive: 0 }),
      heard: (packet) => this.#heard(packet),
      closed: () => {
        this.#note(`-- connection ${number} closed`);
        if (this.#ready) this.#options.findings.count('connections lost');
        this.#ready = false;
        this.#wire = undefined;
        // They do not all come back at once.
        if (this.#due !== Number.POSITIVE_INFINITY) {
          this.#due = performance.now() + 50 + 250 * Math.random();
        }
      },
    });
  }

  #heard(packet: Packet): void {
    if (packet.cmd !== 'publish') this.#note(`<- ${packet.cmd} ${packet.messageId ?? ''}`);
    const id = packet.messageId ?? 0;
    switch (packet.cmd) {
      case 'connack':
        this.#connected(packet);
        break;
      case 'suback':
        this.#subscribed = true;
        this.#begin();
        break;
      case 'pubrec':
        this.#recorded(id);
        break;
      case 'puback':
      case 'pubcomp':
        this.#landed(this.#flights.get(id));
        this.#flights.delete(id);
        break;
      case 'publish':
        this.#answered(packet, id);
        break;
      case 'pubrel':
        this.#received.delete(id);
        this.#send({ cmd: 'pubcomp', messageId: id });
    }
  }

  #connected({ returnCode, sessionPresent }: IConnackPacket): void {
    const { kept, filter, findings, qos } = this.#options;
    if (returnCode !== 0) {
      findings.count(`CONNACK ${returnCode}`);
      this.#wire?.cut();
      return;
    }
    if (sessionPresent !== (kept && this.#hasSession)) {
      this.#fault(sessionPresent ? 'an unexpected session' : 'the session is lost');
    }
    if (!sessionPresent) {
      this.#flights.clear();
      this.#received.clear();
      this.#subscribed = false;
    }
    this.#resumed = sessionPresent;
    this.#hasSession = true;
    if (filter === undefined || this.#subscribed) this.#begin();
    else {
      const messageId = this.#nextId();
      this.#send({ cmd: 'subscribe', messageId, subscriptions: [{ topic: filter, qos }] });
    }
  }

  /** Says again what is not acknowledged, in its order [MQTT-4.4.0-1] [MQTT-4.6.0-1]. */
  #begin(): void {
    this.#ready = true;
    for (const request of this.requests.open.values()) request.touched = performance.now();
    if (!this.#resumed) {
      for (const request of this.requests.open.values()) this.#say(request);
      return;
    }
    for (const [id, flight] of this.#flights) {
      if (flight.released) this.#send({ cmd: 'pubrel', messageId: id });
      else this.#publish(id, flight.request, true);
    }
  }

  #say(request: Request): void {
    const id = this.#nextId();
    request.inFlight = true;
    request.refused = false;
    this.#flights.set(id, { request, released: false });
    this.#publish(id, request, false);
  }

  #publish(id: number, { payload }: Request, dup: boolean): void {
    const { topic, qos } = this.#options;
    this.#send({ cmd: 'publish', messageId: id, topic, payload, qos, dup, retain: false });
  }

  /** QoS 2: from here on it is the broker's. */
  #recorded(id: number): void {
    const flight = this.#flights.get(id);
    if (flight) flight.released = true;
    this.#landed(flight);
    this.#send({ cmd: 'pubrel', messageId: id });
  }

  #landed(flight: Flight | undefined): void {
    if (!flight?.request.inFlight) return;
    flight.request.inFlight = false;
    flight.request.touched = performance.now();
    this.#options.findings.count('acknowledged');
  }

  #answered({ qos, dup, payload }: IPublishPacket, id: number): void {
    this.#note(`<- publish ${id} q${qos}${dup ? ' dup' : ''} ${payload}`);
    if (qos < 2 || !this.#received.has(id)) {
      this.requests.heard(Buffer.from(payload), this.#connection);
    }
    if (qos === 2) this.#received.add(id);
    if (qos > 0) this.#send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId: id });
    this.#options.heard();
  }

  #send(packet: Packet): void {
    const { cmd, messageId = '' } = packet;
    this.#note(
      `-> ${cmd} ${messageId} ${cmd === 'publish' ? `${packet.dup ? 'dup ' : ''}${packet.payload}` : ''}`,
    );
    this.#wire?.say(packet);
  }

  #nextId(): number {
    do this.#packet = (this.#packet % 65_535) + 1;
    while (this.#flights.has(this.#packet));
    return this.#packet;
  }

  #fault(text: string): void {
    this.#note(`!! ${text}`);
    this.#options.findings.fault(`${text}: ${this.describe()}`);
  }

  #note(text: string): void {
    if (this.#trace.length === TRACE) this.#trace.shift();
    this.#trace.push(`${new Date().toISOString().slice(14, 23)} ${text.trimEnd()}`);
  }
}
