/** The flow of events through a worker: each runs when its client's turn has come, and is settled once. */
import {
  type Answer,
  type Event,
  type Formatters,
  type Message,
  nothing,
  type Protocol,
} from '@n2o/shared';
import type { Effects } from '../effects/effects.ts';
import { EventContext } from './context.ts';
import { Deadline } from './deadline.ts';
import { readEvent } from './format.ts';
import { Generation, type Modules } from './generation.ts';
import { Mailboxes } from './mailbox.ts';
import type { Observer, Runtime, RuntimeOptions, RuntimeSize } from './runtime.ts';
import { Settler } from './settler.ts';
import { ask, isSpared, prepare, type Turn } from './turn.ts';

export class Flow implements Runtime {
  readonly #observe: Observer | undefined;
  readonly #formatters: Formatters;
  readonly #settler: Settler;
  readonly #effects: Effects | undefined;
  readonly #mailboxes: Mailboxes;
  readonly #deadline: Deadline<Turn>;
  readonly #milliseconds: number;
  /** Ends of generations that have been replaced. */
  readonly #ends = new Set<Promise<void>>();
  #generation: Generation;
  #replacing: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;
  /** Set once not even the events that are there are waited for. */
  #over = false;
  #drained: (() => void) | undefined;

  constructor(options: RuntimeOptions, generation: Generation) {
    const { formatters, log, exposeErrors = false, effects } = options;
    this.#milliseconds = options.deadline ?? 30_000;
    this.#formatters = formatters;
    this.#observe = options.observe;
    this.#effects = effects;
    this.#settler = new Settler({ formatters, log, exposeErrors, keeping: effects?.keeping });
    this.#mailboxes = new Mailboxes(options.mailboxLimit ?? 10_000);
    this.#deadline = new Deadline(this.#milliseconds, (turn) => this.#abandon(turn));
    this.#generation = generation;
  }

  get size(): RuntimeSize {
    return { clients: this.#mailboxes.clients, waiting: this.#mailboxes.waiting };
  }

  deliver(event: Event): void {
    if (this.#closing !== undefined) {
      this.#settler.refused(event, 'N2O_HOST_CLOSED', this.#generation);
      return;
    }
    const admission = this.#mailboxes.admit(event);
    if (admission === 'now') this.#begin(event);
    else if (admission === 'full')
      this.#settler.refused(event, 'N2O_BUSY_CLIENT', this.#generation);
  }

  replace(modules: Modules, protocols?: readonly Protocol[]): Promise<void> {
    const replaced = this.#replacing.then(() => this.#replace(modules, protocols));
    this.#replacing = replaced.catch(() => {}); // whoever asked for it is told
    return replaced;
  }

  close(grace: number = this.#milliseconds): Promise<void> {
    this.#closing ??= this.#drain(grace);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Runs an event; `false` if it goes on when this returns. */
  #begin(event: Event): boolean {
    this.#observe?.enter(event);
    const ended = this.#run(event);
    this.#observe?.leave(event);
    return ended;
  }

  #run(event: Event): boolean {
    const generation = this.#generation;
    const app = generation.modules.get(event.route.module);
    if (this.#over || app === undefined) {
      const code = this.#over ? 'N2O_HOST_CLOSED' : 'N2O_MODULE_UNKNOWN';
      this.#settler.refused(event, code, generation);
      return true;
    }
    let message: Message;
    try {
      message = readEvent(this.#formatters, event, app);
    } catch (thrown) {
      this.#settler.undecodable(event, app, generation, thrown);
      return true;
    }
    const context = new EventContext(event, message, app, generation);
    const turn: Turn = { event, message, context, generation };
    let answer: Answer | Promise<Answer>;
    try {
      const reading = prepare(turn, this.#effects);
      answer = reading === undefined ? ask(turn) : reading.then(() => this.#askLate(turn));
    } catch (thrown) {
      this.#settler.threw(turn, thrown);
      return true;
    }
    if (answer instanceof Promise) {
      this.#suspend(turn, answer);
      return false;
    }
    this.#end(turn, answer);
    return true;
  }

  /** Asks after a wait, in which the deadline may have passed. */
  #askLate(turn: Turn): Answer | Promise<Answer> {
    if (turn.context.isAbandoned) return nothing;
    this.#observe?.enter(turn.event);
    try {
      return ask(turn);
    } finally {
      this.#observe?.leave(turn.event);
    }
  }

  #end(turn: Turn, answer: Answer): void {
    if (isSpared(turn)) this.#settler.spared(turn);
    else this.#settler.answered(turn, answer);
  }

  /** Lets the client's next events line up until this one has its answer, or its time is up. */
  #suspend(turn: Turn, answer: Promise<Answer>): void {
    this.#mailboxes.open(turn.event.route.client);
    turn.generation.enter();
    const place = this.#deadline.add(turn);
    // What comes after the deadline comes to nothing: the event has been settled.
    void answer.then(
      (late) => {
        if (!this.#deadline.delete(place)) return;
        this.#end(turn, late);
        this.#resume(turn);
      },
      (thrown) => {
        if (this.#deadline.delete(place)) {
          this.#settler.threw(turn, thrown);
          this.#resume(turn);
        } else {
          turn.context.log.warn({ err: thrown }, 'the handler threw after its deadline');
        }
      },
    );
  }

  #abandon(turn: Turn): void {
    this.#settler.abandoned(turn, this.#over ? 'N2O_HOST_CLOSED' : 'N2O_EVENT_TIMEOUT');
    this.#resume(turn);
  }

  /** An event that was suspended has ended: runs those behind it, up to one that is suspended too. */
  #resume({ event, generation }: Turn): void {
    generation.leave();
    const { client } = event.route;
    let next = this.#mailboxes.next(client);
    while (next !== undefined && this.#begin(next)) next = this.#mailboxes.next(client);
    if (this.#mailboxes.clients === 0) this.#drained?.();
  }

  async #replace(modules: Modules, protocols = this.#generation.protocols): Promise<void> {
    const next = await Generation.start(modules, protocols, this.#generation.around);
    if (this.#closing !== undefined) return next.end();
    const end = this.#generation.end().then(() => {
      this.#ends.delete(end);
    });
    this.#ends.add(end);
    this.#generation = next;
  }

  async #drain(grace: number): Promise<void> {
    await this.#replacing;
    if (this.#mailboxes.clients > 0) {
      const timer = setTimeout(() => {
        this.#over = true;
        this.#deadline.end();
      }, grace);
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
      clearTimeout(timer);
    }
    this.#deadline.close();
    await Promise.all([this.#generation.end(), ...this.#ends]);
  }
}
