/** The runtime: all that happens in a worker between an event and its outcome. */
import type { Event, Formatters, Link, LogDial, Logger, Protocol } from '@n2o/shared';
import type { Conversations } from '../conversations/conversation.ts';
import type { Effects } from '../effects/effects.ts';
import type { Provided } from '../services/provided.ts';
import { Flow } from './flow.ts';
import { Generation, type Modules } from './generation.ts';

/** Told which event runs: between the two calls the thread is in the synchronous part of its code. */
export interface Observer {
  enter(event: Event): void;
  leave(event: Event): void;
}

export interface RuntimeOptions {
  readonly modules: Modules;
  /** In the order in which they are asked. */
  readonly protocols: readonly Protocol[];
  readonly formatters: Formatters;
  /** Milliseconds that an event may take from when its handler starts; by default 30,000. */
  readonly deadline?: number;
  /** Events of one client that may wait behind the one under way; by default 10,000. */
  readonly mailboxLimit?: number;
  /** Whether clients get the text of any error that a handler throws; by default not. */
  readonly exposeErrors?: boolean;
  readonly log: Logger;
  /** What of it is wanted at the moment: asked before a line is made; without it all is. */
  readonly dial?: LogDial;
  readonly observe?: Observer;
  /** What lets events with a key run once, and modules have a state; without it neither is so. */
  readonly effects?: Effects;
  /**
   * Makes the services that handlers may use, for each loading of their code; without it asking for
   * one throws N2O_SERVICE_MISSING.
   */
  readonly provide?: (() => Provided) | undefined;
  /** What is known of clients between their messages; goes with the services. */
  readonly conversations?: Conversations | undefined;
}

/** What is in a runtime at the moment. */
export interface RuntimeSize {
  /** Clients with an event whose handler has not answered yet. */
  readonly clients: number;
  /** Events that wait behind those. */
  readonly waiting: number;
}

export interface Runtime extends Link, AsyncDisposable {
  readonly size: RuntimeSize;
  /**
   * Runs `init` of new modules, then lets all events that begin from now on run on them. Those
   * under way end on the old ones, which are terminated after the last of them.
   * @throws N2O_MODULE_LOAD if an `init` throws; the old modules stay
   */
  replace(modules: Modules, protocols?: readonly Protocol[]): Promise<void>;
  /**
   * Takes no more events, waits for those it has, then terminates the modules. Idempotent.
   * @param grace milliseconds after which they are answered with N2O_HOST_CLOSED; by default the deadline
   */
  close(grace?: number): Promise<void>;
}

/**
 * Starts a runtime: runs `init` of its modules.
 * @throws N2O_MODULE_LOAD if one throws
 */
export async function createRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { modules, protocols, log, dial, provide, conversations } = options;
  const around = { log, dial, provide, conversations };
  return new Flow(options, await Generation.start(modules, protocols, around));
}
