/** The context of one event: made for each, so nothing is computed before it is asked for. */
import { countIds, createPage } from '@n2o/nitro';
import {
  type ClientSession,
  type Context,
  type Event,
  type Format,
  type Logger,
  type Message,
  type ModuleDefinition,
  N2OError,
  type Page,
  type Postback,
  readRequest,
  type Services,
  type State,
} from '@n2o/shared';
import type { EventEffect, Unread } from '../effects/event-effect.ts';
import { keyOf } from '../protocols/key.ts';
import { ownerOf } from '../protocols/owner.ts';
import type { Generation } from './generation.ts';
import { withFields } from './log.ts';
import { provided } from './provided.ts';
import { EventSession } from './session.ts';

export class EventContext implements Context {
  readonly app: ModuleDefinition;
  /** What the event adds to what is kept. The runtime's, not the handlers'. */
  effect: EventEffect | Unread | undefined;
  readonly #event: Event;
  readonly #message: Message;
  readonly #generation: Generation;
  /** `null` until it is asked for. */
  #key: string | undefined | null = null;
  #log: Logger | undefined;
  #page: Page | undefined;
  #query: URLSearchParams | undefined;
  /** Why what is known of the client could not be read. */
  #stranger: unknown;
  #session: EventSession | undefined;
  #abort: AbortController | undefined;
  /** Why `signal` is aborted, once it is. */
  #reason: unknown;

  constructor(event: Event, message: Message, app: ModuleDefinition, generation: Generation) {
    this.app = app;
    this.#event = event;
    this.#message = message;
    this.#generation = generation;
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

  get format(): Format {
    return this.#message.format;
  }

  get qos(): 0 | 1 | 2 {
    return this.#event.qos;
  }

  get dup(): boolean {
    return this.#event.dup;
  }

  get key(): string | undefined {
    if (this.#key === null) {
      this.#key = undefined; // for a module that asks for the key in order to make it
      this.#key = keyOf(this.#generation.protocols, this.#message, this);
    }
    return this.#key;
  }

  get state(): State<unknown> {
    const state = this.effect?.state;
    if (state === undefined) throw new N2OError('N2O_STATE_MISSING');
    return state;
  }

  get origin(): 'server' | 'http' | undefined {
    return this.#event.route.origin;
  }

  get services(): Services {
    return provided(this.#generation.services);
  }

  get page(): Page {
    if (this.#page === undefined) {
      const { pickler } = this.services;
      // Named one by one: an object that was spread takes twice as long to write.
      const pickle = ({ module, message, trigger, name }: Postback) => {
        const owner = ownerOf(this.#session?.known, this);
        return pickler.pickle({ module, message, trigger, name, owner });
      };
      // Few pages have elements that need ids.
      let count: (() => string) | undefined;
      const newId = () => {
        count ??= countIds(`a${crypto.randomUUID().slice(0, 8)}`);
        return count();
      };
      this.#page = createPage({ module: this.module, pickle, newId });
    }
    return this.#page;
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.#queryText());
    return this.#query;
  }

  get session(): ClientSession {
    if (this.#session === undefined) {
      const { conversations } = this.#generation.around;
      this.#session = new EventSession(this.#event.route, this.services, provided(conversations));
    }
    return this.#session;
  }

  get log(): Logger {
    if (this.#log === undefined) {
      const { client, module } = this.#event.route;
      const { log, dial } = this.#generation.around;
      this.#log = withFields(log, { client, module }, dial);
    }
    return this.#log;
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#reason !== undefined) this.#abort.abort(this.#reason);
    }
    return this.#abort.signal;
  }

  /** Whether nobody waits for the event any longer. */
  get isAbandoned(): boolean {
    return this.#reason !== undefined;
  }

  /** Whoever asks what is known of the client is told why it is not. The runtime's. */
  lacksClient(why: unknown): void {
    this.#stranger = why;
  }

  #queryText(): string {
    if (this.origin === 'http') return readRequest(this.#message.value)?.query ?? '';
    const begun = this.#generation.around.conversations?.recall(this.#event.route);
    if (begun === undefined && this.#stranger !== undefined) throw this.#stranger;
    return begun?.query ?? '';
  }

  /** Aborts `signal`, whether it has been asked for or will be. The runtime's, not the handlers'. */
  abort(reason: unknown): void {
    this.#reason = reason;
    this.#abort?.abort(reason);
  }
}
