/** Settles events: the one place where replies and error frames are encoded and sent. */
import {
  type Answer,
  discard,
  ERRORS,
  type ErrorCode,
  ErrorFrame,
  type Event,
  type Format,
  type Formatters,
  type Logger,
  type Message,
  type ModuleDefinition,
  N2OError,
  type Outcome,
  Reply,
  reason,
  unknown,
} from '@n2o/shared';
import type { Keeping } from '../effects/effect.ts';
import type { Ending } from '../effects/event-effect.ts';
import { failure } from '../protocols/failure.ts';
import { refusalOf } from '../protocols/refusal.ts';
import { formatOf } from './format.ts';
import type { Generation } from './generation.ts';
import { Spent } from './spent.ts';
import type { Turn } from './turn.ts';

export interface SettlerOptions {
  readonly formatters: Formatters;
  readonly log: Logger;
  readonly exposeErrors: boolean;
  /** Where effects are kept, if anywhere. */
  readonly keeping: Keeping | undefined;
}

const EMPTY = new Uint8Array();

/** Each method settles its event, exactly once. */
export class Settler {
  readonly #formatters: Formatters;
  readonly #log: Logger;
  readonly #exposeErrors: boolean;
  readonly #keeping: Keeping | undefined;

  constructor(options: SettlerOptions) {
    this.#formatters = options.formatters;
    this.#log = options.log;
    this.#exposeErrors = options.exposeErrors;
    this.#keeping = options.keeping;
  }

  /** The protocols have answered. */
  answered(turn: Turn, answer: Answer): void {
    if (answer === unknown) {
      turn.context.log.debug({ format: turn.message.format }, 'no protocol knows the message');
      this.#settle(turn, 'unknown', undefined, 'done');
    } else if (!(answer instanceof Reply)) {
      const text = 'a protocol answered neither reply(…) nor unknown';
      this.threw(turn, new N2OError('N2O_HANDLER_THREW', text));
    } else if (answer.value === undefined) {
      this.#settle(turn, 'silent', undefined, 'done');
    } else {
      this.#reply(turn, answer);
      if (answer instanceof Spent) release(turn, answer);
    }
  }

  /** Nothing was run: the event had its effect before, or what it runs on cannot be read. */
  spared(turn: Turn): void {
    const { event, context } = turn;
    const { effect } = context;
    if (effect?.failure === 'N2O_STORE_FENCED') event.settle('lost');
    else if (effect?.failure !== undefined) this.abandoned(turn, effect.failure);
    else if (effect?.repeated !== undefined) {
      const { outcome, bytes } = effect.repeated;
      context.log.debug({ key: context.key }, 'the event was repeated and has its reply again');
      this.#keeping?.settle(event, outcome, bytes, effect.repeat());
    }
  }

  /** A protocol or handler threw. */
  threw(turn: Turn, thrown: unknown): void {
    this.#tell(turn, failure(thrown, turn.context.log, this.#exposeErrors), 'threw');
  }

  /** Nobody waits for the event any longer. */
  abandoned(turn: Turn, code: ErrorCode): void {
    const { context } = turn;
    context.log.warn({ code }, ERRORS[code]);
    context.abort(new N2OError(code));
    this.#tell(turn, new ErrorFrame(code, ERRORS[code]), 'abandoned');
  }

  /** The payload could not be decoded. */
  undecodable(event: Event, app: ModuleDefinition, generation: Generation, thrown: unknown): void {
    const { client, module } = event.route;
    this.#log.debug({ err: thrown, client, module }, 'the payload could not be decoded');
    const code = thrown instanceof N2OError ? thrown.code : 'N2O_FORMAT_DECODE';
    const format = formatOf(event.route, app) ?? this.#formatters.detect(event.payload);
    const frame = new ErrorFrame(code, reason(thrown));
    const bytes = this.#refusal({ format, value: event.payload }, generation, frame);
    event.settle(bytes === undefined ? 'silent' : 'reply', bytes);
  }

  /** The event is not run at all. */
  refused(event: Event, code: ErrorCode, { modules }: Generation): void {
    const app = modules.get(event.route.module);
    const forced = app && formatOf(event.route, app);
    const format = forced ?? this.#formatters.detect(event.payload);
    const frame = new ErrorFrame(code, ERRORS[code]);
    event.settle('reply', this.#error(format, frame, frame));
  }

  #reply(turn: Turn, { value, format }: Reply): void {
    const { message, context, event } = turn;
    let bytes: Uint8Array;
    try {
      const asked = format ?? formatOf(event.route, context.app);
      bytes = this.#encode(asked ?? message.format, value);
    } catch (thrown) {
      context.log.error({ err: thrown }, 'the reply could not be encoded');
      const known = thrown instanceof N2OError;
      const code = known ? thrown.code : 'N2O_FORMAT_ENCODE';
      const text = known || this.#exposeErrors ? reason(thrown) : ERRORS[code];
      this.#tell(turn, new ErrorFrame(code, text), 'threw');
      return;
    }
    this.#settle(turn, 'reply', bytes, 'done');
  }

  /** Settles with an error. */
  #tell(turn: Turn, frame: ErrorFrame, ending: Ending): void {
    const bytes = this.#refusal(turn.message, turn.generation, frame);
    this.#settle(turn, bytes === undefined ? 'silent' : 'reply', bytes, ending);
  }

  /** Settles the event, or lets it be settled when what it leaves behind is kept. */
  #settle(
    { event, context }: Turn,
    outcome: Outcome,
    bytes: Uint8Array | undefined,
    ending: Ending,
  ): void {
    const effect = context.effect?.end?.(outcome, bytes ?? EMPTY, ending);
    if (effect === undefined) event.settle(outcome, bytes);
    else this.#keeping?.settle(event, outcome, bytes ?? EMPTY, effect);
  }

  /** An error, in the words of the message's protocol if that has its own; `undefined` if it has none for it. */
  #refusal(message: Message, { protocols }: Generation, frame: ErrorFrame): Uint8Array | undefined {
    const value = refusalOf(protocols, message, frame);
    return value === undefined ? undefined : this.#error(message.format, value, frame);
  }

  /** Encodes an error, as the frame in text if it cannot be done as it should. */
  #error(format: Format, value: unknown, frame: ErrorFrame): Uint8Array {
    try {
      return this.#encode(format, value);
    } catch {
      return this.#encode('text', frame);
    }
  }

  #encode(format: Format, value: unknown): Uint8Array {
    return this.#formatters[format].encode(value);
  }
}

/** What keeps the effect of an event may look at its payload later, and so may a module that makes the keys. */
function release({ event, context }: Turn, { data, isOverseen }: Spent): void {
  if (data) discard(data);
  const isKept = isOverseen || context.effect !== undefined || context.app.key !== undefined;
  if (!isKept) event.release?.();
}
