/** What is said: a message that came in, and what a protocol answers to it. */

/** The ways a message can be written. */
export const FORMATS = ['bert', 'json', 'text', 'xml', 'wamp', 'binary'] as const;

/** The name of a way a message can be written. */
export type Format = (typeof FORMATS)[number];

/** A decoded message: what was said and how it was written. */
export interface Message {
  readonly format: Format;
  readonly value: unknown;
}

/** N2O's `io`: code for the page to run, and data with it. */
export class Io {
  readonly eval: unknown;
  readonly data: unknown;

  constructor(evaluate: unknown, data: unknown) {
    this.eval = evaluate;
    this.data = data;
  }
}

/** What a client gets in place of a reply: each formatter has a form for it. */
export class ErrorFrame {
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

/** The answer of a protocol that knows the message. A value of `undefined` sends nothing. */
export class Reply {
  readonly value: unknown;
  /** How to write it; by default the module's formatter, else the format of the message. */
  readonly format: Format | undefined;

  constructor(value: unknown, format?: Format) {
    this.value = value;
    this.format = format;
  }
}

/** Answers with a value, in a format of its own if one is named. */
export function reply(value: unknown, format?: Format): Reply {
  return new Reply(value, format);
}

/** The answer of a protocol that handled the message and has nothing to send. */
export const nothing: Reply = new Reply(undefined);

/** The answer of a protocol that does not know the message: the next one is asked. */
export const unknown: unique symbol = Symbol('unknown');

/** What a protocol answers. */
export type Answer = Reply | typeof unknown;
