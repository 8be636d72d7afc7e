/** Supervised processes of an application: a function, its state and its mailbox, as N2O's `n2o_pi`. */
import type { Logger } from '../context.ts';
import type { Services } from './services.ts';

/** What a process does with a message: returns its next state, or that `answered`; may be asynchronous. */
export type Proc<State> = (
  message: unknown,
  state: State,
  self: ProcessContext,
) => State | Answered<State> | Promise<State | Answered<State>>;

/** The next state, and the answer to who asks; without one the answer is `undefined`. */
export class Answered<State> {
  readonly reply: unknown;
  readonly state: State;

  constructor(reply: unknown, state: State) {
    this.reply = reply;
    this.state = state;
  }
}

/** Answers who asks, and goes on with a state: `return answered(count, count + 1)`. */
export function answered<State>(reply: unknown, state: State): Answered<State> {
  return new Answered(reply, state);
}

export interface ProcessContext {
  readonly name: string;
  readonly log: Logger;
  readonly services: Services;
  /** Aborted when the process is stopped or restarted: what is under way should then come to its end. */
  readonly signal: AbortSignal;
}

export interface ProcessOptions<State> {
  /** One of a name in a worker at a time. */
  readonly name: string;
  readonly proc: Proc<State>;
  /** Makes the first state, at the start and at each restart; the mailbox stays. */
  readonly init?: (self: ProcessContext) => State | Promise<State>;
  /** Told the last state when that is given up: at a stop, a restart, a failure. What it throws is logged. */
  readonly terminate?: (state: State) => void | Promise<void>;
  /** `permanent`: again after each failure; `temporary`: never. Default: `permanent`. */
  readonly restart?: 'permanent' | 'temporary';
  /** More failures, those of `init` included, than `count` within `period` milliseconds end it for good. Default: 5 in 10,000. */
  readonly intensity?: { readonly count: number; readonly period: number };
  /** Messages that may wait. Default: 1,000. */
  readonly mailbox?: number;
  /** The session that owns it: it ends when that is ended or renewed in this worker. */
  readonly owner?: string;
}

/**
 * What ends is let finish the message under way, for at most 5 seconds; what waits is not handled any
 * more, and who asked is told N2O_PROCESS_UNKNOWN.
 */
export interface Processes {
  /** Starts one, or returns the one of that name. @throws N2O_PROCESS_LIMIT, N2O_HOST_CLOSED after `close`, and what `init` throws */
  start<State>(options: ProcessOptions<State>): Promise<Process>;
  /** The one of a name, from its start until it ends. */
  pid(name: string): Process | undefined;
  /** Ends one after the message under way. Idempotent. A process that ends itself does not await it. */
  stop(name: string): Promise<void>;
  /**
   * Starts one anew from its first state, after the message under way; what waits stays. Resolves
   * when it runs. A process that restarts itself does not await it.
   * @throws N2O_PROCESS_UNKNOWN, also when it ended over it
   */
  restart(name: string): Promise<void>;
  /**
   * Asks and waits.
   * @throws N2O_PROCESS_UNKNOWN, N2O_PROCESS_FULL: it was not handled; N2O_PROCESS_FAILED: it threw;
   * N2O_PROCESS_TIMEOUT after `timeout` milliseconds, by default 5,000: it may still be handled
   */
  send(name: string, message: unknown, timeout?: number): Promise<unknown>;
  /** Puts a message into its mailbox. @throws N2O_PROCESS_UNKNOWN, N2O_PROCESS_FULL */
  cast(name: string, message: unknown): void;
  /** Ends all that a session owns. */
  endOwned(owner: string): Promise<void>;
  /** Ends all. Idempotent. */
  close(): Promise<void>;
}

export interface Process {
  readonly name: string;
  readonly status: 'starting' | 'running' | 'restarting' | 'ended';
  /** How often it has begun anew, after failures and when asked to. */
  readonly restarts: number;
  /** Messages that wait. */
  readonly waiting: number;
}
