/** A vnode while it is this host's: its connection, kept alive, and how it is given away. */
import { type Logger, type N2OError, vnodeFilters } from '@n2o/shared';
import { Backoff, LONGEST } from './backoff.ts';
import type { Line } from './line.ts';
import { type LineSettings, openLine } from './open-line.ts';
import type { SendLimit } from './send-limit.ts';
import { VnodeLink, type VnodeParts } from './vnode-link.ts';

export interface TenureParts extends VnodeParts {
  readonly line: LineSettings;
  readonly log: Logger;
  readonly limit: SendLimit;
  /** Milliseconds that events under way are waited for when the vnode is given away. */
  readonly grace: number;
  /** Resolves when all is known that the broker knows of whose the vnodes are. */
  fresh(): Promise<void>;
  /** The store took another one for the owner, though nothing that the broker knows says so. */
  fenced(tenure: Tenure): Promise<void>;
  /** It serves its vnode from now on, or does not any more. */
  changed(): void;
}

/** Milliseconds before the next attempt, at most, while somebody else connects with the id of the vnode. */
const LONGEST_CONTENDED = 30_000;

export class Tenure {
  readonly vnode: number;
  readonly epoch: number;
  readonly link: VnodeLink;
  /** The broker has put the claim behind all others. */
  confirmed = false;
  /** Events of the vnode come here. */
  serving = false;
  readonly #parts: TenureParts;
  readonly #backoff = new Backoff();
  readonly #ending = new AbortController();
  #line: Line | undefined;
  #fenced = false;

  constructor(vnode: number, epoch: number, parts: TenureParts) {
    this.vnode = vnode;
    this.epoch = epoch;
    this.link = new VnodeLink(vnode, parts);
    this.#parts = parts;
  }

  /** The claim stands: connects. */
  confirm(): void {
    if (this.confirmed) return;
    this.confirmed = true;
    void this.#serve();
  }

  /** Lets what is under way end, and the broker know of it; then the vnode can have another owner. */
  async leave(): Promise<void> {
    this.#ending.abort();
    this.link.stop();
    await this.link.load.end(this.#parts.grace);
    this.link.lose();
    await this.#line?.end();
  }

  /** Another host has it: nothing is sent for it any more. */
  lose(): void {
    this.#ending.abort();
    this.link.lose();
    this.#line?.drop();
  }

  async #serve(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      const began = performance.now();
      const wasOpen = await this.#connection();
      if (this.#ending.signal.aborted) return;
      const lived = wasOpen ? performance.now() - began : 0;
      const delay = this.#backoff.next(lived, wasOpen ? LONGEST_CONTENDED : LONGEST);
      await new Promise((resolve) => setTimeout(resolve, delay).unref());
      // Who was pushed off by the next owner hears of it before he would push that one off.
      await this.#parts.fresh();
      // An answer that the broker does not take would break the next one as well.
      if (wasOpen && !this.#ending.signal.aborted) await this.#parts.limit.look();
      if (this.#fenced && !this.#ending.signal.aborted) await this.#parts.fenced(this);
    }
  }

  /** One connection from beginning to end; resolves with whether it was open. */
  async #connection(): Promise<boolean> {
    const { line: settings, counters, log } = this.#parts;
    const { link, vnode } = this;
    let over: (cause: N2OError) => void = () => {};
    const ended = new Promise<N2OError>((resolve) => {
      over = resolve;
    });
    const failed = ({ code, message: reason }: N2OError) => {
      // One that another host has taken over by now is a matter of course.
      if (this.#ending.signal.aborted) return;
      log.warn({ vnode, code, reason }, 'connection of the vnode lost');
    };
    const owner = {
      publish: link.publish.bind(link),
      taken: (actions: number) => link.memory.taken(actions),
      drained: link.drained.bind(link),
      ping: () => link.memory.ping(),
      closed: (cause: N2OError) => {
        link.detach();
        over(cause);
      },
    };
    const options = { ...settings, client: `n2o-vnode-${vnode}`, clean: false };
    let line: Line;
    try {
      line = await openLine(options, owner, this.#ending.signal);
    } catch (error) {
      failed(error as N2OError);
      return false;
    }
    counters.linkConnects++;
    this.#line = line;
    if (this.#ending.signal.aborted) line.drop();
    else this.#begin(line).catch(({ code, message }: N2OError) => line.fail(code, message));
    const cause = await ended;
    failed(cause);
    this.#fenced = cause.code === 'N2O_STORE_FENCED';
    this.#line = undefined;
    if (!this.#ending.signal.aborted) counters.linkBreaks++;
    this.#serves(false);
    return true;
  }

  async #begin(line: Line): Promise<void> {
    this.link.attach(line);
    await line.dialogue.subscribe(vnodeFilters(this.vnode));
    this.#serves(true);
  }

  #serves(serving: boolean): void {
    this.serving = serving;
    this.#parts.changed();
  }
}
