/** Settles events: the one place where replies and error frames are encoded and sent. */
import {
  type Answer,
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
  Reply,
  reason,
  unknown,
} from '@n2o/shared';
import { failure } from '../protocols/failure.ts';
import { refusalOf } from '../protocols/refusal.ts';
import type { EventContext } from './context.ts';
import type { Generation } from './generation.ts';

/** An event that has been decoded, and what it runs with. */
export interface Turn {
  readonly event: Event;
  readonly message: Message;
  readonly context: EventContext;
  /** The code that it runs on. */
  readonly generation: Generation;
}

export interface SettlerOptions {
  readonly formatters: Formatters;
  readonly log: Logger;
  readonly exposeErrors: boolean;
}

/** Each method settles its event, exactly once. */
export class Settler {
  readonly #formatters: Formatters;
  readonly #log: Logger;
  readonly #exposeErrors: boolean;

  constructor(options: SettlerOptions) {
    this.#formatters = options.formatters;
    this.#log = options.log;
    this.#exposeErrors = options.exposeErrors;
  }

  /** The protocols have answered. */
  answered(turn: Turn, answer: Answer): void {
    if (answer === unknown) {
      turn.context.log.debug({ format: turn.message.format }, 'no protocol knows the message');
      turn.event.settle('unknown');
    } else if (!(answer instanceof Reply)) {
      const text = 'a protocol answered neither reply(…) nor unknown';
      this.threw(turn, new N2OError('N2O_HANDLER_THREW', text));
    } else if (answer.value === undefined) {
      turn.event.settle('silent');
    } else {
      this.#reply(turn, answer);
    }
  }

  /** A protocol or handler threw. */
  threw(turn: Turn, thrown: unknown): void {
    this.#tell(turn, failure(thrown, turn.context.log, this.#exposeErrors));
  }

  /** Nobody waits for the event any longer. */
  abandoned(turn: Turn, code: ErrorCode): void {
    const { context } = turn;
    context.log.warn({ code }, ERRORS[code]);
    context.abort(new N2OError(code));
    this.#tell(turn, new ErrorFrame(code, ERRORS[code]));
  }

  /** The payload could not be decoded. */
  undecodable(event: Event, app: ModuleDefinition, generation: Generation, thrown: unknown): void {
    const { client, module } = event.route;
    this.#log.debug({ err: thrown, client, module }, 'the payload could not be decoded');
    const code = thrown instanceof N2OError ? thrown.code : 'N2O_FORMAT_DECODE';
    const format = app.formatter ?? this.#formatters.detect(event.payload);
    const message = { format, value: event.payload };
    this.#tell({ event, message, generation }, new ErrorFrame(code, reason(thrown)));
  }

  /** The event is not run at all. */
  refused(event: Event, code: ErrorCode, { modules }: Generation): void {
    const forced = modules.get(event.route.module)?.formatter;
    const format = forced ?? this.#formatters.detect(event.payload);
    const frame = new ErrorFrame(code, ERRORS[code]);
    event.settle('reply', this.#error(format, frame, frame));
  }

  #reply(turn: Turn, { value, format }: Reply): void {
    const { event, message, context } = turn;
    let bytes: Uint8Array;
    try {
      bytes = this.#encode(format ?? context.app.formatter ?? message.format, value);
    } catch (thrown) {
      context.log.error({ err: thrown }, 'the reply could not be encoded');
      const known = thrown instanceof N2OError;
      const code = known ? thrown.code : 'N2O_FORMAT_ENCODE';
      const text = known || this.#exposeErrors ? reason(thrown) : ERRORS[code];
      this.#tell(turn, new ErrorFrame(code, text));
      return;
    }
    event.settle('reply', bytes);
  }

  /** Settles with an error, in the words of the message's protocol if that has its own. */
  #tell({ event, message, generation }: Omit<Turn, 'context'>, frame: ErrorFrame): void {
    const value = refusalOf(generation.protocols, message, frame);
    if (value === undefined) event.settle('silent');
    else event.settle('reply', this.#error(message.format, value, frame));
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
