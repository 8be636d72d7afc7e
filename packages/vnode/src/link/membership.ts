/** What a host knows of the others, and they of it: from this follows its share of the vnodes. */
import { randomUUID } from 'node:crypto';
import { type Logger, N2OError } from '@n2o/shared';
import type { LinkBus } from './bus.ts';
import { Control, type ControlOwner } from './control.ts';
import type { Holdings } from './holdings.ts';
import type { LineSettings } from './open-line.ts';
import { Roster } from './roster.ts';
import type { MemberTimes } from './settings.ts';
import { shareOf } from './shares.ts';
import { type Presence, presenceTopic, type Word } from './words.ts';

export interface MembershipParts {
  readonly name: string;
  readonly vnodes: number;
  readonly workers: number;
  readonly line: LineSettings;
  readonly times: MemberTimes;
  readonly holdings: Holdings;
  /** Given the connection while there is one. */
  readonly bus: LinkBus;
  readonly log: Logger;
  /** The host cannot go on. */
  failed(error: N2OError): void;
}

/** How often it is looked who is silent, and whose patience is over, in milliseconds. */
const TICK = 250;

/** Milliseconds that sharing out is put off at most while there is news. */
const LONGEST_QUIET = 2_000;

export class Membership implements ControlOwner {
  readonly control: Control;
  readonly #parts: MembershipParts;
  readonly #instance = randomUUID().slice(0, 8);
  readonly #roster: Roster;
  #tick: NodeJS.Timeout | undefined;
  #sharing: NodeJS.Timeout | undefined;
  /** Since when it is put off to share out; 0 where it is not. */
  #putOff = 0;
  /** When it was last looked what time has brought about. */
  #passed = performance.now();
  /** When this host has last said that it is there. */
  #said = 0;
  /** It has taken part: others who come must do as it does. */
  #established = false;
  /** Vnodes of the broker, where it says how many. */
  #counted: number | undefined;
  #draining = false;
  #isBroken = false;

  constructor(parts: MembershipParts) {
    const { keepalive } = parts.times;
    this.#parts = parts;
    this.#roster = new Roster({ silence: 2 * keepalive, hearsay: 0.75 * keepalive });
    this.control = new Control(parts.line, this, parts.bus);
  }

  /** Connects, and goes on until `end`. */
  start(): void {
    this.#tick = setInterval(() => this.#pass(), Math.min(TICK, this.#parts.times.quiet));
    this.control.start();
  }

  /** How many other hosts are there. */
  get others(): number {
    return this.#roster.size;
  }

  isThere(host: string): boolean {
    return this.#roster.get(host) !== undefined;
  }

  presence(): Presence {
    const { name, vnodes, workers } = this.#parts;
    const state = this.#draining ? 'draining' : 'up';
    return { host: name, instance: this.#instance, vnodes, workers, state };
  }

  heard(word: Word, live: boolean): void {
    if ('counted' in word) this.#brokerCounts(word.counted);
    else if (!('host' in word)) this.#parts.holdings.recorded(word.vnode, word.ownership);
    else if (word.host !== this.#parts.name) this.#heardOf(word.host, word.presence, live);
    // Somebody took this host for gone.
    else if (!word.presence && this.control.isSynced) this.#say();
  }

  synced(): void {
    const { log, holdings } = this.#parts;
    if (this.#isBroken) log.info({}, 'connected to the broker again');
    this.#isBroken = false;
    this.#said = performance.now();
    holdings.heardAll();
    this.#shareSoon();
  }

  broken({ code, message: reason }: N2OError): void {
    const { log, line, holdings } = this.#parts;
    clearTimeout(this.#sharing);
    this.#putOff = 0;
    holdings.doubt();
    this.#roster.doubt(performance.now());
    const fields = { broker: line.endpoint.shown, code, reason };
    if (this.#isBroken) log.debug(fields, 'the broker cannot be reached');
    else log.warn(fields, 'the broker cannot be reached, trying until it can');
    this.#isBroken = true;
  }

  failed(error: N2OError): void {
    this.#parts.failed(error);
  }

  /** Says that this host is about to leave; resolves when the others know who takes what. */
  async drain(): Promise<void> {
    this.#draining = true;
    clearTimeout(this.#sharing);
    this.#say();
    if (!this.control.isSynced || this.others === 0) return;
    await new Promise((resolve) => setTimeout(resolve, this.#parts.times.quiet));
  }

  /** @param goodbye whether the others are told that this host is gone */
  async end(goodbye: boolean): Promise<void> {
    clearInterval(this.#tick);
    clearTimeout(this.#sharing);
    await this.control.end(goodbye);
  }

  #heardOf(host: string, presence: Presence | undefined, live: boolean): void {
    if (presence === undefined) {
      if (this.#roster.remove(host)) this.#shareSoon();
      return;
    }
    const isNew = live && !this.#roster.isLive(host);
    const isNews = this.#roster.hear(presence, live, performance.now());
    // It has only read of this host, and wants a sign of life.
    if (isNew) this.#say();
    if (isNews) this.#shareSoon();
  }

  #brokerCounts(vnodes: number): void {
    this.#counted = vnodes;
    const { log, vnodes: own } = this.#parts;
    if (vnodes === own || !this.#established) return;
    log.error({ broker: vnodes, host: own }, 'the broker has another number of vnodes by now');
  }

  #say(): void {
    this.control.say(presenceTopic(this.#parts.name), JSON.stringify(this.presence()));
  }

  /** Shares out when nothing has changed for a while. */
  #shareSoon(): void {
    if (this.#draining || !this.control.isSynced) return;
    const now = performance.now();
    if (this.#putOff === 0) this.#putOff = now;
    // Somebody may come and go without end.
    if (now - this.#putOff > LONGEST_QUIET) return;
    clearTimeout(this.#sharing);
    this.#sharing = setTimeout(() => this.#share(), this.#parts.times.quiet);
  }

  #share(): void {
    const { name, vnodes, holdings } = this.#parts;
    this.#putOff = 0;
    const others = this.#roster.presences;
    const broker = { host: 'the broker', vnodes: this.#counted ?? vnodes };
    const odd = [broker, ...others].find((other) => other.vnodes !== vnodes);
    if (odd && !this.#established) {
      const text = `${odd.host} counts ${odd.vnodes} vnodes, this host ${vnodes}`;
      // What is retained may be all that is left of it: then it will be forgotten.
      const isSure = odd === broker || this.#roster.isLive(odd.host);
      if (isSure) this.failed(new N2OError('N2O_HOST_VNODES', text));
      else this.#shareSoon();
      return;
    }
    this.#established = true;
    holdings.decide(shareOf(name, [...others, this.presence()], vnodes));
  }

  /** What time brings about. */
  #pass(): void {
    const { times, holdings, log } = this.#parts;
    const now = performance.now();
    // This process was frozen: who is silent is not known before the others have been heard.
    if (now - this.#passed > times.keepalive / 2) this.#roster.doubt(now);
    this.#passed = now;
    for (const host of this.control.isSynced ? this.#roster.expire(now) : []) {
      log.warn({ host }, 'host is silent, taken for gone');
      this.control.say(presenceTopic(host), '');
      this.#shareSoon();
    }
    if (now - this.#said >= times.keepalive / 2) {
      this.#said = now;
      this.#say();
    }
    holdings.review();
  }
}
