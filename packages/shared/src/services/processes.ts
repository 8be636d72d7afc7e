/** Supervised processes of an application: a function, its state and its mailbox, as N2O's `n2o_pi`. */
import type { Logger } from '../context.ts';
import type { Services } from './services.ts';

/** What a process does with a message: returns its next state; may be asynchronous. */
export type Proc<State> = (
  message: unknown,
  state: State,
  self: ProcessContext,
) => State | Promise<State> | Answered<State>;

/** The next state, and the answer to who called. */
export interface Answered<State> {
  readonly reply: unknown;
  readonly state: State;
}

export interface ProcessContext {
  readonly name: string;
  readonly log: Logger;
  readonly services: Services;
  /** Aborted when the process is stopped. */
  readonly signal: AbortSignal;
}

export interface ProcessOptions<State> {
  /** One of a name in a worker at a time. */
  readonly name: string;
  readonly proc: Proc<State>;
  /** Makes the first state, at the start and at each restart; the mailbox stays. */
  readonly init?: (self: ProcessContext) => State | Promise<State>;
  readonly terminate?: (state: State) => void | Promise<void>;
  /** `permanent`: again after each failure; `temporary`: never. Default: `permanent`. */
  readonly restart?: 'permanent' | 'temporary';
  /** More failures than `count` within `period` milliseconds end it for good. Default: 5 in 10,000. */
  readonly intensity?: { readonly count: number; readonly period: number };
  /** Messages that may wait. Default: 1,000. */
  readonly mailbox?: number;
  /** The session that owns it: it ends with that. */
  readonly owner?: string;
}

export interface Processes {
  /** Starts one, or returns the one of that name. @throws N2O_PROCESS_LIMIT, and what `init` throws */
  start<State>(options: ProcessOptions<State>): Promise<Process>;
  pid(name: string): Process | undefined;
  /** Ends one after the message under way. Idempotent. */
  stop(name: string): Promise<void>;
  /** Starts one anew from its first state; what waits stays. @throws N2O_PROCESS_UNKNOWN */
  restart(name: string): Promise<void>;
  /** Asks and waits. @throws N2O_PROCESS_UNKNOWN, N2O_PROCESS_FULL, N2O_PROCESS_FAILED, N2O_PROCESS_TIMEOUT after `timeout` milliseconds, by default 5,000 */
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
  readonly status: 'running' | 'restarting' | 'ended';
  readonly restarts: number;
  readonly waiting: number;
}
