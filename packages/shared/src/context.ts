/** What a protocol and a module may see beside the message. */
import type { Format } from './message.ts';

/** A structured logger: pino's shape, so that pino can be it. */
export interface Logger {
  debug(fields: object, text?: string): void;
  info(fields: object, text?: string): void;
  warn(fields: object, text?: string): void;
  error(fields: object, text?: string): void;
}

/** The address of a message: read from its topic once, valid for all that comes on it. */
export interface Route {
  readonly client: string;
  readonly module: string;
  readonly version: string;
  /** 1..vnodes */
  readonly vnode: number;
  /** Third and last of the extra levels of N2O 6's form; empty strings otherwise. */
  readonly user: string;
  readonly token: string;
}

/** Handed to every protocol and handler; one per message. */
export interface Context extends Route {
  /** How the message was written. */
  readonly format: Format;
  /** The quality of service of the event. */
  readonly qos: 0 | 1 | 2;
  /** Whether this may be a repetition: the sender says so, or a worker died over it. */
  readonly dup: boolean;
  /** The module that the topic names. */
  readonly app: ModuleDefinition;
  /** Aborted when the deadline passes or the host closes; hand it to what you await. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What `init` of a module gets. */
export interface ModuleContext {
  readonly module: string;
  readonly log: Logger;
}

/** A method that clients call by name: gets JSON-RPC's `params` as they came, returns the result. */
export type Method = { bivariance(params: unknown, context: Context): unknown }['bivariance'];

/** A module: application code behind one `:module` level. */
export interface ModuleDefinition {
  /** Handles a message that no other protocol knew; what it returns is the reply, `undefined` sends none. */
  event?(message: unknown, context: Context): unknown;
  /** Runs once per worker before the first event; may be asynchronous. */
  init?(context: ModuleContext): unknown;
  /** Runs once per worker after the last event. */
  terminate?(): unknown;
  readonly methods?: Readonly<Record<string, Method>>;
  /** Reads and writes all messages of this module in this format, whatever they look like. */
  readonly formatter?: Format;
}

/** Names a module's type: returns what it is given. */
export function defineModule<const M extends ModuleDefinition>(definition: M): M {
  return definition;
}
