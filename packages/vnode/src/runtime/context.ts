/** The context of one event: made for each, so nothing is computed before it is asked for. */
import type { Context, Event, Format, Logger, ModuleDefinition } from '@n2o/shared';
import { withFields } from './log.ts';

export class EventContext implements Context {
  readonly format: Format;
  readonly app: ModuleDefinition;
  readonly #event: Event;
  readonly #log: Logger;
  #abort: AbortController | undefined;
  /** Why `signal` is aborted, once it is. */
  #reason: unknown;

  constructor(event: Event, format: Format, app: ModuleDefinition, log: Logger) {
    this.format = format;
    this.app = app;
    this.#event = event;
    this.#log = log;
  }

  get client(): string {
    return this.#event.route.client;
  }

  get module(): string {
    return this.#event.route.module;
  }

  get version(): string {
    return this.#event.route.version;
  }

  get vnode(): number {
    return this.#event.route.vnode;
  }

  get user(): string {
    return this.#event.route.user;
  }

  get token(): string {
    return this.#event.route.token;
  }

  get qos(): 0 | 1 | 2 {
    return this.#event.qos;
  }

  get dup(): boolean {
    return this.#event.dup;
  }

  get log(): Logger {
    const { client, module } = this.#event.route;
    return withFields(this.#log, { client, module });
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#reason !== undefined) this.#abort.abort(this.#reason);
    }
    return this.#abort.signal;
  }

  /** Aborts `signal`, whether it has been asked for or will be. The runtime's, not the handlers'. */
  abort(reason: unknown): void {
    this.#reason = reason;
    this.#abort?.abort(reason);
  }
}
