/** The connection on which a host hears who is there and whose the vnodes are, and says so of itself. */
import { N2OError } from '@n2o/shared';
import { Backoff } from './backoff.ts';
import type { LinkBus } from './bus.ts';
import type { Line } from './line.ts';
import { type LineSettings, openLine } from './open-line.ts';
import type { Publish } from './wire.ts';
import { CLUSTER_FILTERS, type Presence, presenceTopic, readWord, type Word } from './words.ts';

/** Who listens. */
export interface ControlOwner {
  presence(): Presence;
  /** @param live said just now, not retained from earlier */
  heard(word: Word, live: boolean): void;
  /** All that was retained has been heard, and this host's presence is known to the others. */
  synced(): void;
  /** The connection is over, or could not be made; another attempt follows. */
  broken(cause: N2OError): void;
  /** There will be no other attempt. */
  failed(error: N2OError): void;
}

/** Milliseconds that the broker may take to remove the presence when the host leaves. */
const FAREWELL = 2_000;

export class Control {
  readonly #settings: LineSettings;
  readonly #owner: ControlOwner;
  readonly #bus: LinkBus;
  readonly #backoff = new Backoff();
  #line: Line | undefined;
  #known = false;
  #isSynced = false;
  #ending = false;
  #echoed: () => void = () => {};
  #waiting: (() => void)[] = [];
  #retry: NodeJS.Timeout | undefined;

  /** @param bus given each connection while it lasts */
  constructor(settings: LineSettings, owner: ControlOwner, bus: LinkBus) {
    this.#settings = settings;
    this.#owner = owner;
    this.#bus = bus;
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Connects, and does so again whenever the connection is over. */
  start(): void {
    void this.#connect();
  }

  /** Publishes a retained message. Without a connection it is lost: what holds is said again after `synced`. */
  say(topic: string, payload: string): void {
    this.#line?.dialogue.publish(topic, payload, 1, true).catch(() => {});
  }

  /** Resolves when all is known here that the broker knew at the time of the call. */
  async fresh(): Promise<void> {
    for (;;) {
      if (!this.#isSynced) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      const known = this.#line?.dialogue.ping().then(
        () => true,
        () => false,
      );
      if (await known) return;
    }
  }

  /** Removes this host's presence, if `goodbye`, and ends the connection. Idempotent. */
  async end(goodbye: boolean): Promise<void> {
    this.#ending = true;
    this.#bus.detach();
    clearTimeout(this.#retry);
    const line = this.#line;
    this.#line = undefined;
    if (!line) return;
    if (!goodbye) return line.end();
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      late = setTimeout(resolve, FAREWELL);
    });
    const said = line.dialogue.publish(presenceTopic(this.#owner.presence().host), '', 1, true);
    await Promise.race([said.catch(() => {}), tooLate]);
    clearTimeout(late);
    await line.end();
  }

  async #connect(): Promise<void> {
    const began = performance.now();
    const cause = await this.#session().catch((error: N2OError) => error);
    this.#line = undefined;
    this.#bus.detach();
    this.#isSynced = false;
    if (this.#ending) return;
    if (cause.code === 'N2O_HOST_REPLACED') return this.#owner.failed(cause);
    // Who was let in once will be again; who never was has something to put right.
    if (cause.code === 'N2O_LINK_REFUSED' && !this.#known) return this.#owner.failed(cause);
    this.#owner.broken(cause);
    const lived = performance.now() - began;
    this.#retry = setTimeout(() => void this.#connect(), this.#backoff.next(lived));
  }

  /** One connection from beginning to end; resolves with why it ended. @throws N2O_LINK_…, N2O_HOST_REPLACED */
  async #session(): Promise<N2OError> {
    if (this.#known) await this.#checkName();
    const { host } = this.#owner.presence();
    let over: (cause: N2OError) => void = () => {};
    const ended = new Promise<N2OError>((resolve) => {
      over = resolve;
    });
    const line = await openLine(
      { ...this.#settings, client: `n2o-host-${host}`, clean: true, will: presenceTopic(host) },
      { publish: (packet) => this.#hear(line, packet), closed: (cause) => over(cause) },
    );
    if (this.#ending) {
      line.drop();
      return ended;
    }
    this.#line = line;
    try {
      await this.#introduce(line, ended);
    } catch (error) {
      line.drop();
      throw error;
    }
    return ended;
  }

  /** Subscribes, says that this host is there, and waits until all that was retained has been heard. */
  async #introduce(line: Line, ended: Promise<unknown>): Promise<void> {
    line.resume();
    await line.dialogue.subscribe(CLUSTER_FILTERS);
    // It comes back behind all that was retained.
    const echoed = new Promise<void>((resolve) => {
      this.#echoed = resolve;
    });
    const presence = this.#owner.presence();
    const said = JSON.stringify(presence);
    await line.dialogue.publish(presenceTopic(presence.host), said, 1, true);
    await Promise.race([echoed, ended]);
    await this.#bus.attach(line);
    this.#known = true;
    if (this.#line === line) this.#beSynced();
  }

  /**
   * The connection was lost: to another process of this name, perhaps. Who has the name is asked under
   * another client id, since two that connect with the same one would push each other off for ever.
   */
  async #checkName(): Promise<void> {
    const { host, instance } = this.#owner.presence();
    let other: Presence | undefined;
    const line = await openLine(
      { ...this.#settings, client: `n2o-host-${host}-${instance}`, clean: true },
      {
        publish(packet) {
          const word = readWord(packet.topic, packet.payload);
          if (word && 'host' in word) other = word.presence;
          if (packet.id > 0) line.acknowledge(packet.id);
        },
        closed() {},
      },
    );
    try {
      line.resume();
      await line.dialogue.subscribe([presenceTopic(host)]);
      await line.dialogue.ping();
    } finally {
      await line.end();
    }
    if (!other || other.instance === instance) return;
    throw new N2OError('N2O_HOST_REPLACED', `another host called ${host} has taken over`);
  }

  #hear(line: Line, packet: Publish): void {
    const word = readWord(packet.topic, packet.payload);
    const live = !packet.retain;
    if (packet.id > 0) line.acknowledge(packet.id);
    if (this.#ending) return;
    this.#bus.hear(packet);
    if (!word) return;
    if ('counted' in word) this.#bus.limit.told(word.packetSize);
    this.#owner.heard(word, live);
    const { instance } = this.#owner.presence();
    if (live && 'host' in word && word.presence?.instance === instance) this.#echoed();
  }

  #beSynced(): void {
    this.#isSynced = true;
    this.#owner.synced();
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
